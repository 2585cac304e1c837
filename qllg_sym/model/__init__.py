"""What is studied: spaces, Hamiltonian terms, models and states, all exact; and the grammar of model files."""
