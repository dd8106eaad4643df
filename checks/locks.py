"""The locks: which version of each distribution the commands of `dev.py` install, with the hashes of its files.

`python3 dev.py lock` writes them anew, with the newest versions that are to be had and that fit each other. They hold
for every supported Python and every system: what only some need says so itself. `oldest.txt` has the oldest supported
versions of what scrdata itself requires. No lock says where files come from, so that any index will do.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "locks"
# What the commands of `dev.py` install, by the dependency groups that each lock answers for.
LOCKS = {"package": (), "test": ("test", "spark"), "lint": ("lint",), "lock": ("lock",)}
OLDEST = "oldest"
# The programs that tests start and that cannot share the environment.
CLIENTS = ROOT / "tests" / "clients" / "requirements.txt"
# Those in JavaScript have a lock of npm's own, beside what it answers for.
JAVASCRIPT = ROOT / "tests" / "javascript"
# The extra that names all others.
LEFT_OUT = ("all",)
# What hatchling asks for to install a checkout so that changes show.
EDITABLE = "editables"
HEAD = "# Written by `python3 dev.py lock`: no version and no hash is changed by hand.\n"


def main() -> int:
    """Write every lock; return 0, or 1 where versions that fit each other cannot be found."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        everything = Path(place) / "everything.txt"
        groups = [group for names in LOCKS.values() for group in names]
        build = build_requirements(project)
        try:
            compile_lock(everything, [*required(project), *build], groups)
            for name, names in LOCKS.items():
                wanted = [*required(project), *build] if name == "package" else []
                compile_lock(FOLDER / f"{name}.txt", wanted, list(names), "--constraints", str(everything))
            compile_lock(FOLDER / f"{OLDEST}.txt", [*oldest(project), *build], ["test"])
            compile_lock(FOLDER / f"{CLIENTS.parent.name}.txt", CLIENTS.read_text(encoding="utf-8").splitlines(), [])
            lock_javascript()
        except subprocess.CalledProcessError:
            return 1
    return 0


def lock_javascript() -> None:
    """Have npm find versions, and write them with their hashes; without npm its lock stays as it is.

    Raises:
        subprocess.CalledProcessError: npm found none, and has said why.
    """
    npm = shutil.which("npm")
    if npm is None:
        print("dev.py: there is no npm here, so that tests/javascript/package-lock.json stays as it is")
        return
    command = [npm, "install", "--package-lock-only", "--omit-lockfile-registry-resolved", "--legacy-peer-deps"]
    subprocess.run([*command, "--no-audit", "--no-fund", "--loglevel=error"], cwd=JAVASCRIPT, check=True)


def required(project: dict[str, Any]) -> list[str]:
    """Return what scrdata itself requires."""
    return list(project["project"]["dependencies"])


def build_requirements(project: dict[str, Any]) -> list[str]:
    """Return what is needed to install a checkout."""
    return [*project["build-system"]["requires"], EDITABLE]


def oldest(project: dict[str, Any]) -> list[str]:
    """Return what scrdata and its extras require, each as its oldest version."""
    extras = project["project"]["optional-dependencies"]
    wanted = [*required(project), *(item for name, items in extras.items() if name not in LEFT_OUT for item in items)]
    return sorted({item.replace(">=", "==") for item in wanted})


def compile_lock(target: Path, wanted: list[str], groups: list[str], *options: str) -> None:
    """Have uv find versions for requirements and dependency groups, and write them with their hashes to a file.

    Raises:
        subprocess.CalledProcessError: uv found none, and has said why.
    """
    print(f"{target.name} …", flush=True)
    command = [sys.executable, "-m", "uv", "pip", "compile", "-", "--quiet", "--universal", "--python-version", "3.11"]
    command += ["--generate-hashes", "--no-header", "--no-annotate", *options]
    command += [part for group in groups for part in ("--group", f"{ROOT / 'pyproject.toml'}:{group}")]
    found = subprocess.run(command, input="\n".join(wanted), stdout=subprocess.PIPE, encoding="utf-8", check=True)
    target.write_text(HEAD + found.stdout, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    sys.exit(main())
