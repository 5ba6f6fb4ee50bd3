"""The command line: a module for each command, which imports the engine only when it runs.

Exit status: 0 clean, 1 findings, 2 wrong usage.
"""
