"""The text of a manuscript: its files, its displays and marks, its mathematics as tokens."""
