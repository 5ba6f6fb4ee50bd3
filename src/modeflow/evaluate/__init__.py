"""Numbers: the closed forms on arrays. NumPy only; other libraries load when they are used."""
