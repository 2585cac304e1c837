"""What a figure of the paper is: curves, a drawing, and every statement of the text with a computed verdict."""
