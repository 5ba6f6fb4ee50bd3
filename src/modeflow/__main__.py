"""`python -m modeflow`."""

from .cli.program import main

if __name__ == "__main__":
    raise SystemExit(main())
