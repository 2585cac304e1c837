"""What is true: theorems, their certificates, and a small checker that shares no code with the prover."""
