"""What the code generator wrote; edit the derivations, not these files."""
