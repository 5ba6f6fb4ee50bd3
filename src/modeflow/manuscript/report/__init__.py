"""Findings as people, programs and pull requests read them: a file for each form."""
