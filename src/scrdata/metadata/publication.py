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

    def creators(self) -> list[str]:
        """Return the titles of the contributors, in their order."""
        named = [
            item.get("title") or " ".join(filter(None, (item.get("givenName"), item.get("familyName"))))
            for item in self.objects("contributors")
        ]
        return [name for name in named if name]

    def licence_addresses(self) -> list[str]:
        """Return the addresses of the licences; a licence that is only named has none."""
        return [urljoin(self.base_url, item["path"]) for item in self.objects("licenses") if item.get("path")]

    def url(self, path: str) -> str:
        """Return the address at which a file of the release will stand."""
        return urljoin(self.base_url, quote(path))

    def of_table(self, name: str) -> list[PublishedFile]:
        """Return the files that hold one table, in order of path."""
        return [file for file in self.files if file.table == name]
