"""`CITATION.cff`: how to cite the package, as GitHub, Zenodo and reference managers read it.

By the Citation File Format 1.2.0 (https://github.com/citation-file-format/citation-file-format). Texts stand in double
quotes, in which YAML reads every JSON text as it is.
"""

from __future__ import annotations

import json
import re

from scrdata.metadata.bibliography import address_of, cited_sources, find_doi
from scrdata.metadata.json_ld import drop_absent

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrdata.metadata.publication import Contributor, Publication, Source

MESSAGE = "If you use these data, please cite both the package and what its figures come from."
# Licences of data and of code that have the same name with SPDX, whose names alone the format takes.
_SPDX = {
    *("CC0-1.0", "CC-BY-3.0", "CC-BY-4.0", "CC-BY-SA-3.0", "CC-BY-SA-4.0", "CC-BY-NC-4.0", "CC-BY-ND-4.0"),
    *("CC-BY-NC-SA-4.0", "CC-BY-NC-ND-4.0", "ODbL-1.0", "ODC-By-1.0", "PDDL-1.0", "CDLA-Permissive-1.0"),
    *("OGL-UK-1.0", "OGL-UK-2.0", "OGL-UK-3.0", "MIT", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "Unlicense"),
}
_KINDS = ("report", "book", "article", "thesis", "software")


def write_citation(publication: Publication) -> str:
    """Return the text of `CITATION.cff`.

    Args:
        publication: the package.

    Returns:
        YAML, the same for the same package. The format demands an author; a package without contributors has none,
        and a strict validator objects to its file.
    """
    identifier = publication.text("id")
    doi = find_doi(identifier)
    document: dict[str, object] = {
        "cff-version": "1.2.0",
        "message": MESSAGE,
        "type": "dataset",
        "title": publication.title,
        "abstract": publication.text("description"),
        "authors": [_author(author) for author in publication.authors()],
        "version": publication.text("version"),
        "date-released": publication.released,
        "doi": doi,
        "identifiers": [{"type": "other", "value": identifier}] if identifier and not doi else None,
        "url": address_of(publication),
        **_licence(publication),
        "keywords": publication.keywords,
        "references": [_reference(source) for source in cited_sources(publication)],
    }
    return "".join(f"{line}\n" for line in _yaml(drop_absent(document)))


def _author(author: Contributor) -> dict[str, object]:
    person = {"family-names": author.family, "given-names": author.given} if author.family else {"name": author.name}
    orcid = re.fullmatch(r"https?://orcid\.org/([0-9]{4}-[0-9]{4}-[0-9]{4}-[0-9]{3}[0-9X])", author.address)
    return drop_absent(
        {
            **person,
            "orcid": f"https://orcid.org/{orcid[1]}" if orcid else None,
            "website": author.address if not orcid and re.match("https?://", author.address) else None,
            "email": author.email,
        }
    )


def _licence(publication: Publication) -> dict[str, object]:
    """Return the names of the licences if SPDX knows them all; else the address of a single one."""
    names = [item.get("name", "") for item in publication.objects("licenses")]
    if _SPDX.issuperset(names):
        return {"license": names[0] if len(names) == 1 else names}
    addresses = publication.licence_addresses()
    return {"license-url": addresses[0] if len(names) == len(addresses) == 1 else None}


def _reference(source: Source) -> dict[str, object]:
    year, month, day = [*(source.issued or "").split("-"), "", ""][:3]
    kind = source.kind or ""
    return drop_absent(
        {
            "type": {"dataset": "data"}.get(kind, kind if kind in _KINDS else "generic"),
            "title": source.title,
            "authors": [{"name": source.author}],
            "institution": {"name": source.author} if kind == "report" else None,
            "number": source.number,
            "year": int(year) if year else None,
            "month": int(month) if month else None,
            "date-published": source.issued if day else None,
            "url": source.address,
        }
    )


def _yaml(value: object) -> Iterator[str]:
    """Yield the lines of a value in block style."""
    if isinstance(value, dict):
        for name, part in value.items():
            yield from _headed(f"{name}:", part)
    elif isinstance(value, list):
        for part in value:
            first, *others = _yaml(part)
            yield f"- {first}"
            yield from (f"  {line}" for line in others)
    else:
        yield json.dumps(value, ensure_ascii=False)


def _headed(head: str, value: object) -> Iterator[str]:
    if isinstance(value, (dict, list)):
        yield head
        yield from (f"  {line}" for line in _yaml(value))
    else:
        yield f"{head} {next(_yaml(value))}"
