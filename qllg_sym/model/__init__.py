"""What is studied: spaces, Hamiltonian terms, models and states, all exact; and the grammar of model files.

Here may live what a user says before any law is chosen: spaces, terms, graphs, descriptions of states, and models made
of them. Motion is not known here, and numbers are exact.
"""
