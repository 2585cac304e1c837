"""What is computed: numbers for models, laws and states, and the methods that move them."""
