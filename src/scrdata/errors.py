"""What `scrdata` raises at its callers.

A caller who asks for something that cannot be done gets one of these; what is wrong with *data* is
never raised but reported, as a `scrdata.Finding`.

    ScrdataError
    ├── PackageError           the package cannot be opened at all
    ├── InvalidPackageError    it was opened, and its findings forbid what was asked
    ├── UnknownNameError       no such table (also a `KeyError`)
    ├── NotationError          a reference or an equation cannot be read (also a `ValueError`)
    ├── NotSummableError       a total has no number: a cell is NaN or infinite (in `scrdata.totals`)
    ├── NotInEngineError       an engine would not answer, or not exactly (in `scrdata.frames.queries`)
    ├── SmallVersionError      a release asks for a larger number (in `scrdata.release.building`)
    └── SourceError            a text is not that of the report (in `scrdata.proofreading.source`)
"""


class ScrdataError(Exception):
    """Base of everything that `scrdata` raises on purpose."""


class PackageError(ScrdataError):
    """The package cannot be opened: nothing is there, or it is no Data Package."""


class InvalidPackageError(ScrdataError):
    """The package has findings; `report` holds them where a whole report was made."""

    def __init__(self, message: str, report: object = None) -> None:
        super().__init__(message)
        self.report = report


class UnknownNameError(ScrdataError, KeyError):
    """A name that the package does not have; the text names the nearest one that it has."""

    def __init__(self, kind: str, name: str, known: list[str]) -> None:
        super().__init__(kind, name, known)
        self.kind = kind
        self.name = name
        self.known = known

    def __str__(self) -> str:
        import difflib

        near = difflib.get_close_matches(self.name, self.known, n=1, cutoff=0.5)
        hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(self.known)}"
        return f"no {self.kind} is called {self.name!r}; {hint}"


class NotationError(ScrdataError, ValueError):
    """A reference or an equation that cannot be read, with the character where reading stopped.

    Attributes:
        text: the whole text that was being read.
        position: index into `text`, counted from 0, of the first character that is wrong.
        problem: what is wrong there, in one phrase.
    """

    def __init__(self, text: str, position: int, problem: str) -> None:
        super().__init__(text, position, problem)
        self.text = text
        self.position = position
        self.problem = problem

    def __str__(self) -> str:
        start = max(0, self.position - 60)
        shown = "".join(c if c.isprintable() else "?" for c in self.text[start : self.position + 60])
        pointer = " " * (self.position - start) + "^"
        return f"{self.problem} (character {self.position + 1})\n  {shown}\n  {pointer}"
