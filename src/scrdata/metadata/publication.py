"""`Publication`: what all metadata of a release are made of, so that they all say the same."""

from __future__ import annotations

from urllib.parse import quote, urljoin

from scrdata.records import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from scrdata.validation import Contents

PLACEHOLDER = "https://example.org/scrdata/"


class PublishedFile(Record):
    """One file of a release.

    Attributes:
        path: within the release, with `/` between folders.
        title: what it is, in a few words.
        media_type: as registered with IANA, such as `text/csv`.
        size: in bytes.
        sha256: checksum in hexadecimal digits.
        table: the name of the table that it holds; `None` if it holds several, or none.
        role: `table` (one table), `package` (all tables in one file), `descriptor` (of the package, and the schemas
            that it names), `metadata` or `text`.
    """

    path: str
    title: str
    media_type: str
    size: int
    sha256: str
    table: str | None
    role: str


class Contributor(Record):
    """Somebody who made the package: a person where the descriptor gives a family name, else a group of any kind.

    Attributes:
        name: in full; empty where the descriptor gives none.
        given: the given name of a person, or empty.
        family: the family name of a person, or empty.
        address: of a page about them, such as their ORCID, or empty.
        email: or empty.
    """

    name: str
    given: str
    family: str
    address: str
    email: str


class Source(Record):
    """Something that the package is made of.

    Attributes:
        text: what it is, as the descriptor's `title` says it.
        address: where it is, or `None`.
        version: of the source, or `None`.
        kind: by the terms of CSL, such as `report`. This and the following are of the property `scrdata:citation`, for
            reference lists, which want the parts of the text apart; `None` where it does not say them.
        title: the title alone.
        author: a person or, mostly, an institution.
        number: that the author gave it.
        issued: when: `yyyy`, `yyyy-mm` or `yyyy-mm-dd`.
    """

    text: str
    address: str | None
    version: str | None
    kind: str | None
    title: str | None
    author: str | None
    number: str | None
    issued: str | None


class Publication(Record):
    """A package and the files that are published of it.

    Attributes:
        contents: the package, opened; valid.
        base_url: where the files will stand, ending in `/`.
        files: in order of path.
    """

    contents: Contents
    base_url: str
    files: tuple[PublishedFile, ...]

    @property
    def properties(self) -> Mapping[str, object]:
        """The top level of the descriptor."""
        return self.contents.descriptor.properties

    @property
    def name(self) -> str:
        """The name of the package; `package` for one without a name."""
        return self.text("name") or "package"

    @property
    def title(self) -> str:
        """The title of the package, else its name."""
        return self.text("title") or self.name

    @property
    def keywords(self) -> list[str]:
        """The keywords."""
        keywords = self.properties.get("keywords", [])
        assert isinstance(keywords, list)
        return keywords

    @property
    def released(self) -> str | None:
        """The day of the release (`yyyy-mm-dd`), of the property `created`; `None` where that is missing."""
        return (self.text("created") or "")[:10] or None

    def text(self, name: str) -> str | None:
        """Return a property of the package that is a text; `None` where it is missing or empty."""
        value = self.properties.get(name)
        return value if isinstance(value, str) and value else None

    def objects(self, name: str) -> list[dict[str, str]]:
        """Return a property of the package that is a list of objects: `licenses`, `sources` or `contributors`."""
        value = self.properties.get(name, [])
        assert isinstance(value, list)
        return value

    def contributors(self, *roles: str) -> list[Contributor]:
        """Return the contributors who have one of some roles, in their order."""
        return [_contributor(item) for item in self.objects("contributors") if set(roles).intersection(_roles(item))]

    def authors(self) -> list[Contributor]:
        """Return the contributors whose role is creator or author; where nobody has that role, all of them."""
        everybody = [_contributor(item) for item in self.objects("contributors")]
        return [item for item in self.contributors("creator", "author") or everybody if item.name]

    def creators(self) -> list[str]:
        """Return the names of the authors, in their order."""
        return [author.name for author in self.authors()]

    def publishers(self) -> list[Contributor]:
        """Return the contributors whose role is publisher."""
        return [item for item in self.contributors("publisher") if item.name]

    def sources(self) -> list[Source]:
        """Return what the package is made of, in the order of the descriptor."""
        return [_source(item) for item in self.objects("sources")]

    def licence_addresses(self) -> list[str]:
        """Return the addresses of the licences; a licence that is only named has none."""
        return [urljoin(self.base_url, item["path"]) for item in self.objects("licenses") if item.get("path")]

    def url(self, path: str) -> str:
        """Return the address at which a file of the release will stand."""
        return urljoin(self.base_url, quote(path))

    def description(self, file: PublishedFile) -> str:
        """Return what the table that a file holds says of itself; where there is none, or it is silent, the title."""
        table = self.contents.descriptor.tables[file.table] if file.table else None
        return (table.description if table else "") or file.title

    def of_table(self, name: str) -> list[PublishedFile]:
        """Return the files that hold one table, in order of path."""
        return [file for file in self.files if file.table == name]


def _contributor(item: Mapping[str, str]) -> Contributor:
    given, family = item.get("givenName", ""), item.get("familyName", "")
    name = item.get("title") or " ".join(filter(None, (given, family)))
    return Contributor(name, given, family, item.get("path", ""), item.get("email", ""))


def _roles(item: Mapping[str, object]) -> list[str]:
    """Return the roles of a contributor; version 1 of Data Package knows one, as `role`."""
    roles = item.get("roles", [item.get("role", "")])
    assert isinstance(roles, list)
    return roles


def _source(item: Mapping[str, object]) -> Source:
    parts = item.get("scrdata:citation", {})
    assert isinstance(parts, dict)
    said = {name: str(item[name]) if item.get(name) else None for name in ("title", "path", "version")}
    cited = (parts.get(name) for name in ("type", "title", "author", "number", "issued"))
    return Source(said["title"] or said["path"] or "", said["path"], said["version"], *cited)
