"""The JSON Schema of `docs/profile.json`, with Data Package 2.0 taken from where dplib-py ships it."""

from __future__ import annotations

import importlib.resources
import json
from pathlib import Path
from typing import Any

import jsonschema
from referencing import Registry, Resource

PROFILE: dict[str, Any] = json.loads(
    (Path(__file__).parent.parent / "docs" / "profile.json").read_text(encoding="utf-8")
)
CORE = "https://datapackage.org/profiles/2.0/datapackage.json"


def objections(document: object, part: str = "") -> list[str]:
    """Return what the profile, or a part of it such as `#/definitions/tableSchema`, objects to."""
    core = importlib.resources.files("dplib").joinpath("profiles/2.0/datapackage.json").read_text(encoding="utf-8")
    contents = {CORE: json.loads(core), PROFILE["$id"]: PROFILE}
    registry = Registry().with_resources((name, Resource.from_contents(text)) for name, text in contents.items())
    validator = jsonschema.Draft7Validator({"$ref": PROFILE["$id"] + part}, registry=registry)
    return [error.message for error in validator.iter_errors(document)]
