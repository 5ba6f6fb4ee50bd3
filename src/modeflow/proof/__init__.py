"""What is true: signs, enclosures, exact algebra, derivatives, certificates."""
