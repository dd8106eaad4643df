"""`Citation`: how to cite the package, or one figure of it with its place in the report."""

from __future__ import annotations

from scrdata.checksums import content_hash
from scrdata.metadata.bibliography import address_of, find_doi, list_csl, write_bibtex
from scrdata.metadata.citation_file import write_citation
from scrdata.metadata.publication import PLACEHOLDER, Publication
from scrdata.records import Record
from scrdata.snapshots import take_snapshot
from scrdata.tracing import PRINTED, trace_total
from scrdata.values import to_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from scrdata.tracing import Trace
    from scrdata.validation import Contents


class Citation(Record):
    """What is to be said of a package, or of one figure, so that others find it and can check it.

    Attributes:
        title: of the package.
        creators: who made it, in order.
        released: the day of the release (`yyyy-mm-dd`), or `None`.
        version: of the package, or `None`.
        content_hash: `sha256:` and the checksum over the checksums of all its files.
        sources: what it is made of.
        figure: what is known of the figure; `None` where the package is cited.
        text: the citation for people, in a few lines.
        bibtex: the same for LaTeX.
        csl: the same as items of CSL-JSON, for reference managers.
        cff: the contents of `CITATION.cff`; `None` for a figure, which is no work of its own.
    """

    title: str
    creators: tuple[str, ...]
    released: str | None
    version: str | None
    content_hash: str
    sources: tuple[str, ...]
    figure: Trace | None
    text: str
    bibtex: str
    csl: tuple[dict[str, object], ...]
    cff: str | None

    def to_dict(self) -> dict[str, object]:
        """Return the object that `cite --format json` prints."""
        return {
            "title": self.title,
            "creators": list(self.creators),
            "released": self.released,
            "version": self.version,
            "content_hash": self.content_hash,
            "sources": list(self.sources),
            "figure": None if self.figure is None else self.figure.to_dict(),
            "text": self.text,
            "bibtex": self.bibtex,
            "csl": [dict(item) for item in self.csl],
        }


def make_citation(contents: Contents, reference: str | None) -> Citation:
    """Return the citation of a package, or of one of its figures.

    Args:
        contents: the package; for a figure with rules, mentions and register read.
        reference: the figure, without stars; `None` for the package.

    Raises:
        NotationError: the reference cannot be read, or names something that does not exist.
        ScrdataError: the reference is starred.
    """
    publication = Publication(contents, PLACEHOLDER, ())
    trace = None if reference is None else trace_total(reference, contents)
    checksum = f"sha256:{content_hash(take_snapshot(contents.descriptor.storage).files)}"
    figure = [] if trace is None else _figure(trace)
    sources = [f"Based on: {source.text}" for source in publication.sources()]
    further = [*sources, f"Content hash: {checksum}"]
    note = ". ".join(["Data set", *further, *([f"Figure: {'; '.join(figure)}"] if figure else [])])
    return Citation(
        title=publication.title,
        creators=tuple(publication.creators()),
        released=publication.released,
        version=publication.text("version"),
        content_hash=checksum,
        sources=tuple(source.text for source in publication.sources()),
        figure=trace,
        text="\n".join([*figure, *([""] if figure else []), _work(publication), *further]),
        bibtex=write_bibtex(publication, note),
        csl=tuple(list_csl(publication, note)),
        cff=write_citation(publication) if trace is None else None,
    )


def _work(publication: Publication) -> str:
    """Return the package in one line: who, when, what, which version, where; what is not known is left out."""
    creators = ", ".join(publication.creators())
    year = f"({publication.released[:4]})" if publication.released else ""
    version = publication.text("version")
    doi = find_doi(publication.text("id"))
    parts = [
        " ".join(part for part in (creators, year) if part),
        publication.title,
        f"Version {version}" if version else "",
        "Data set",
        f"https://doi.org/{doi}" if doi else address_of(publication) or "",
    ]
    return ". ".join(part for part in parts if part)


def _figure(trace: Trace) -> list[str]:
    """Return what is known of a figure: value, what it counts, where it is printed, what is wrong with it."""
    value = "no value" if trace.value is None else to_text(trace.value)
    lines = [f"{trace.reference}: {value}", f"what it counts: {trace.definition}"]
    lines += [f"the report prints {place}" for place in trace.places()]
    lines += [] if trace.status == PRINTED else [trace.standing()]
    for item in trace.discrepancies:
        said = ": ".join(part for part in (item["discrepancy_id"], item.get("explanation", "")) if part)
        lines.append(f"registered discrepancy: {said}")
    return lines
