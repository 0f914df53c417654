"""Runs the server without the other commands: `python -m regard.server serve`."""

from __future__ import annotations

import argparse
import sys

from regard.kernel.errors import RegardError
from regard.server import commands

if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="regard")
    commands.register(parser.add_subparsers(required=True))
    given = parser.parse_args()
    try:
        sys.exit(given.run(given))
    except RegardError as error:
        sys.exit(f"regard: {error}")
