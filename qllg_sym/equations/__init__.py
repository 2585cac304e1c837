"""What is true: laws of motion as implicit residuals, and every exact view of them."""
