"""Do the tests take every branch of the validator's own code? `python3 dev.py coverage`.

Runs the tests that `[tool.mutation.tests]` in `pyproject.toml` names, and prints each line and branch of the
modules in `[tool.coverage.run]` that none of them takes. Exit code: 0 there is none; 1 there are, or a test fails.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from checks.mutation import ROOT, configured_tests


def main() -> int:
    """Run the tests under coverage, in as many processes as there are cores; print what is missing."""
    tests = list(dict.fromkeys(test for chosen in configured_tests().values() for test in chosen))
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "COVERAGE_FILE": str(Path(folder) / "coverage")}
        pytest = ["-m", "pytest", "-q", "-p", "no:cacheprovider", "--numprocesses=auto", "--dist=worksteal", *tests]
        for arguments in (["run", *pytest], ["combine", "--quiet", "--keep"], ["report"]):
            code = subprocess.call([sys.executable, "-m", "coverage", *arguments], cwd=ROOT, env=environment)
            if code:
                return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
