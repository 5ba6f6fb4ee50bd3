"""Tokens become trees: the grammar."""
