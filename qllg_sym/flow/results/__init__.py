"""What a solve leaves: states, what is read off them, how they are kept in files."""
