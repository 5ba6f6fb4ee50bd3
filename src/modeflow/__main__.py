"""`python -m modeflow`."""

from .cli.start import main

if __name__ == "__main__":
    raise SystemExit(main())
