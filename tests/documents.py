"""The examples of a document: found, run, and held to what the document prints below them."""

from __future__ import annotations

import doctest
import io
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
BLOCK = re.compile(r"^( *)```(\w*)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
FILE_NAME = re.compile(r"`([\w./-]+)`:\n+\Z")
DEV = "import sys, dev; sys.exit(dev.run(sys.executable, sys.argv[1]))"
SET_UP_ONLY = ("python3 dev.py test",)  # would start these tests again


class Example(NamedTuple):
    """One fenced block of a document: its language, its text, its first line, and the file that it is said to be."""

    language: str
    text: str
    line: int
    file: str | None


def read_examples(document: str) -> list[Example]:
    """Return the fenced blocks of a document, freed of the indentation of the list that they stand in."""
    text = (ROOT / document).read_text(encoding="utf-8")
    examples = []
    for match in BLOCK.finditer(text):
        file = FILE_NAME.search(text, 0, match.start())
        body = re.sub(f"^{match[1]}", "", match[3], flags=re.MULTILINE)
        examples.append(Example(match[2], body, text.count("\n", 0, match.start()) + 2, file[1] if file else None))
    return examples


def stripped(text: str) -> str:
    """Return the text without the blanks at the ends of its lines, which pandas prints and editors take away."""
    return re.sub(r" +$", "", text, flags=re.MULTILINE)


class Checker(doctest.OutputChecker):
    """Compares exactly, but for blanks at the ends of lines; `...` stands for anything."""

    def check_output(self, want: str, got: str, optionflags: int) -> bool:
        """Say whether the output is the wanted one."""
        return super().check_output(stripped(want), stripped(got), optionflags | doctest.ELLIPSIS)


def argument_list(command: str) -> tuple[list[str], Path | None]:
    """Return how to start a command of the documents, and in which folder if it must be the checkout."""
    words = shlex.split(command)
    if words[:2] == ["python3", "dev.py"]:
        return [sys.executable, "-c", DEV, *words[2:]], ROOT
    programs = {"scrdata": [sys.executable, "-m", "scrdata"], "python": [sys.executable]}
    if words[0] not in programs:
        # Programs of the system, and those that stand beside the interpreter.
        path = os.pathsep.join([os.path.dirname(sys.executable), os.environ["PATH"]])
        return ["/usr/bin/env", f"PATH={path}", "bash", "-c", command], None
    return [*programs[words[0]], *words[1:]], None


def run_console(example: Example, place: str) -> None:
    """Run the commands of a console block in the current folder; compare what they print."""
    code = 0
    for command, want in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", example.text, re.MULTILINE):
        if command in SET_UP_ONLY:
            continue
        if command == "echo $?":
            got, code = f"{code}\n", 0
        else:
            assert code == 0, f"{place}: the command before {command!r} ended with {code}"
            arguments, folder = argument_list(command)
            done = subprocess.run(arguments, cwd=folder, capture_output=True, encoding="utf-8", check=False)
            got, code = done.stdout + done.stderr, done.returncode
        assert Checker().check_output(want, got, 0), f"{place}: {command} prints\n{got}"
    assert code == 0, f"{place}: the last command ended with {code}"


def run_python(example: Example, names: dict[str, object], place: str) -> None:
    """Run a Python block, with the names that earlier blocks of the document made."""
    test = doctest.DocTestParser().get_doctest(example.text, {}, place, place, example.line - 1)
    test.globs = names
    out = io.StringIO()
    runner = doctest.DocTestRunner(Checker(), verbose=False, optionflags=doctest.ELLIPSIS)
    runner.run(test, out=out.write, clear_globs=False)
    assert not runner.failures, out.getvalue()


R_PROGRAM = """
blocks <- jsonlite::fromJSON(file("stdin"))
outputs <- character()
for (code in blocks) {
  lines <- capture.output(for (part in parse(text = code)) {
    result <- withVisible(eval(part, globalenv()))
    if (result$visible) print(result$value)
  })
  outputs <- c(outputs, paste(lines, collapse = "\\n"))
}
cat(jsonlite::toJSON(outputs))
"""


def run_r(examples: list[Example], document: str) -> None:
    """Run the R blocks of a document in one session; compare what each prints with its lines that begin with `#>`."""
    codes = [re.sub(r"^#>.*\n", "", example.text, flags=re.MULTILINE) for example in examples]
    program = shutil.which("Rscript")
    assert program is not None
    command = [program, "--vanilla", "-e", R_PROGRAM]
    done = subprocess.run(command, input=json.dumps(codes), capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, f"{document}: {done.stderr}"
    for example, got in zip(examples, json.loads(done.stdout), strict=True):
        want = "\n".join(line[3:] for line in re.findall(r"^#>.*$", example.text, re.MULTILINE))
        place = f"{document}, line {example.line}"
        assert Checker().check_output(want + "\n", got + "\n", 0), f"{place} prints\n{got}"
