"""Where the program begins: an interrupt ends it in one line from the first import of a command on."""

from __future__ import annotations

import sys


def main() -> int:
    """Import the commands and run one."""
    try:
        from .program import main as run

        return run()
    except KeyboardInterrupt:
        print("modeflow: interrupted", file=sys.stderr)
        return 130
