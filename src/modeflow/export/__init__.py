"""The claims as data for other programs."""
