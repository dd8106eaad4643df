"""Who made a package: by the roles that version 2 of Data Package knows, and the one of version 1."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.metadata.publications import publish

if TYPE_CHECKING:
    from conftest import PackageFolder


@pytest.mark.parametrize(
    ("contributors", "creators", "publishers"),
    [
        ([{"title": "A", "roles": ["creator", "publisher"]}, {"title": "B", "roles": ["publisher"]}], "A", "AB"),
        ([{"title": "A", "role": "publisher"}, {"title": "B", "role": "author"}], "B", "A"),
        ([{"title": "A"}, {"title": "B", "roles": ["typist"]}], "AB", ""),
        ([{"title": "B", "role": "maintainer"}, {"givenName": "A"}], "BA", ""),
        ([{"givenName": "A", "familyName": "B", "roles": ["author"]}], ["A B"], ""),
        ([{"email": "a@b.example"}], "", ""),
    ],
)
def test_roles(
    small_package: PackageFolder, contributors: list[dict[str, object]], creators: list[str], publishers: str
) -> None:
    """Creators and authors are named as such, else everybody who has a name; publishers only where they are."""
    small_package.edit("datapackage.json", "contributors", to=contributors)
    publication = publish(small_package)
    assert publication.creators() == list(creators)
    assert [person.name for person in publication.publishers()] == list(publishers)
