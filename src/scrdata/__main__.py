"""Run the command line as `python -m scrdata`."""

import sys

from scrdata.cli import program

sys.exit(program())
