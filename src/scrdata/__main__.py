"""Run the command line as `python -m scrdata`."""

import sys

from scrdata.cli import main

sys.exit(main())
