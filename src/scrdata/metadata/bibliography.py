"""The package as reference managers take it in: BibTeX and CSL-JSON.

Fields by the manuals of BibTeX and biblatex, which knows `@dataset` (classic styles set it like `@misc`), and by the
JSON Schema of CSL (https://github.com/citation-style-language/schema). Each source that says the parts of its citation
(`scrdata:citation`) is an entry of its own.
"""

from __future__ import annotations

import re

from scrdata.metadata.json_ld import drop_absent

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from scrdata.metadata.publication import Contributor, Publication, Source

_DOI = r"(?:https?://(?:dx\.)?doi\.org/|doi:)?(10\.[0-9]{4,9}/\S+)"
_ENTRY_TYPES = {"report": "techreport", "dataset": "dataset", "book": "book", "thesis": "phdthesis"}
_CSL_TYPES = ("report", "dataset", "book", "chapter", "thesis", "article-journal", "webpage", "software", "legislation")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# BibTeX counts braces without regard to a backslash before them, so even an escaped brace needs its partner.
_ESCAPES = {
    **{mark: f"\\{mark}" for mark in "$&#%_"},
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}


def find_doi(identifier: str | None) -> str | None:
    """Return the DOI that an identifier is, without resolver; `None` for any other identifier.

    >>> find_doi("https://doi.org/10.1000/182"), find_doi("urn:isbn:0451450523")
    ('10.1000/182', None)
    """
    match = re.fullmatch(_DOI, identifier or "", re.IGNORECASE)
    return match[1] if match else None


def address_of(publication: Publication) -> str | None:
    """Return where the package can be found: its `homepage`, else an `id` that is a web address; no placeholder."""
    identifier = publication.text("id") or ""
    return publication.text("homepage") or (identifier if re.match(r"https?://", identifier) else None)


def cited_sources(publication: Publication) -> list[Source]:
    """Return the sources that say title and author apart, so that they can be entries of a reference list."""
    return [source for source in publication.sources() if source.title and source.author]


def escape_latex(text: str) -> str:
    r"""Return a text in which no character means anything to LaTeX or BibTeX; letters with accents stay as they are.

    >>> print(escape_latex("100% of {a_b} – R&D"))
    100\% of \textbraceleft{}a\_b\textbraceright{} – R\&D
    """
    return "".join(_ESCAPES.get(character, character) for character in " ".join(text.split()))


def write_bibtex(publication: Publication, note: str) -> str:
    """Return entries of BibTeX: the package, and each source that says the parts of its citation.

    Titles and names of groups stand in double braces, which keep their capitals and words together.

    Args:
        publication: the package.
        note: what else is to be said of it.
    """
    key = _key(publication)
    doi = find_doi(publication.text("id"))
    address = address_of(publication)
    fields = {
        "author": " and ".join(_bibtex_name(author) for author in publication.authors()),
        "title": _kept(publication.title),
        **_bibtex_date(publication.released),
        "version": _braced(publication.text("version")),
        "doi": f"{{{doi}}}" if doi else None,
        "url": f"{{{address}}}" if address else None,
        "note": _braced(note),
    }
    if fields["author"]:
        fields["author"] = f"{{{fields['author']}}}"
    return "\n".join([_entry("dataset", key, fields), *_bibtex_sources(publication, key)])


def _bibtex_sources(publication: Publication, key: str) -> Iterator[str]:
    for position, source in enumerate(cited_sources(publication), 1):
        kind = _ENTRY_TYPES.get(source.kind or "", "misc")
        author = _kept(str(source.author))
        fields = {
            "author": author,
            "title": _kept(str(source.title)),
            "institution": author if kind == "techreport" else None,
            "number": _braced(source.number),
            **_bibtex_date(source.issued),
            "url": f"{{{source.address}}}" if source.address else None,
        }
        yield _entry(kind, f"{key}-source-{position}", fields)


def _key(publication: Publication) -> str:
    """Return the key of the package: letters, digits and `-`, which every reader of BibTeX takes."""
    name = re.sub("[^A-Za-z0-9]+", "-", publication.name).strip("-") or "package"
    return name + (publication.released or "")[:4]


def _entry(kind: str, key: str, fields: Mapping[str, str | None]) -> str:
    lines = [f"  {name} = {value}," for name, value in fields.items() if value]
    return "\n".join([f"@{kind}{{{key},", *lines, "}"])


def _braced(text: str | None) -> str | None:
    return f"{{{escape_latex(text)}}}" if text else None


def _kept(text: str) -> str:
    return f"{{{{{escape_latex(text)}}}}}"


def _bibtex_name(author: Contributor) -> str:
    if not author.family:
        return f"{{{escape_latex(author.name)}}}"
    return ", ".join(escape_latex(part) for part in (author.family, author.given) if part)


def _bibtex_date(date: str | None) -> dict[str, str]:
    parts = _date_parts(date)
    month = {"month": _MONTHS[parts[1] - 1]} if len(parts) > 1 else {}
    return {"year": f"{{{parts[0]}}}", **month} if parts else {}


def _date_parts(date: str | None) -> list[int]:
    """Return year, month and day of a date of the descriptor, as far as it says them."""
    if not re.fullmatch(r"[0-9]{4}(-(0[1-9]|1[0-2])(-[0-9]{2})?)?", date or ""):
        return []
    return [int(part) for part in (date or "").split("-")]


def list_csl(publication: Publication, note: str) -> list[dict[str, object]]:
    """Return items of CSL-JSON: the package, and each source that says the parts of its citation.

    Args:
        publication: the package.
        note: what else is to be said of it.
    """
    key = _key(publication)
    package: dict[str, object] = {
        "id": key,
        "type": "dataset",
        "title": publication.title,
        "author": [_csl_name(author) for author in publication.authors()],
        "issued": _csl_date(publication.released),
        "version": publication.text("version"),
        "language": publication.text("scrdata:language"),
        "DOI": find_doi(publication.text("id")),
        "URL": address_of(publication),
        "note": note,
    }
    sources: list[dict[str, object]] = [
        {
            "id": f"{key}-source-{position}",
            "type": source.kind if source.kind in _CSL_TYPES else "document",
            "title": source.title,
            "author": [{"literal": source.author}],
            "publisher": source.author if source.kind == "report" else None,
            "number": source.number,
            "issued": _csl_date(source.issued),
            "URL": source.address,
        }
        for position, source in enumerate(cited_sources(publication), 1)
    ]
    return [drop_absent(item) for item in (package, *sources)]


def _csl_name(author: Contributor) -> dict[str, object]:
    return drop_absent({"family": author.family, "given": author.given}) if author.family else {"literal": author.name}


def _csl_date(date: str | None) -> dict[str, object] | None:
    parts = _date_parts(date)
    return {"date-parts": [parts]} if parts else None
