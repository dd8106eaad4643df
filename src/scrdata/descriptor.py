"""`datapackage.json` and the schemas it names, read strictly into a `Descriptor`."""

from __future__ import annotations

from scrdata import shapes
from scrdata.findings import Finding, Ledger, quoted
from scrdata.places import Place, check_profile
from scrdata.records import Record
from scrdata.storage import Refusal, components
from scrdata.strict_json import Document, JsonProblem, read_json
from scrdata.table_schema import ForeignKey, TableSchema, build_schema

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from scrdata.opening import Storage

_UNREAD = ("scheme", "compression", "innerpath", "extrapaths", "extrapath", "layout", "control", "detector")
_CSV_TYPES = ("text/csv", "application/csv")
_CSV_PARAMETERS = ("", "charset=utf-8", "charset=utf8", 'charset="utf-8"', "header=present")
_DIALECT_DEFAULTS: dict[str, object] = {
    "doubleQuote": True,
    "quoteChar": '"',
    "skipInitialSpace": False,
    "header": True,
    "caseSensitiveHeader": True,
    "headerRows": [1],
    "headerJoin": " ",
    "commentRows": [],
}


class Resource(Record):
    """One resource. `schema` is `None` for a plain file, and where the schema cannot be read."""

    name: str
    path: str
    title: str
    description: str
    properties: Mapping[str, object]
    position: int
    tabular: bool
    schema: TableSchema | None
    delimiter: str


class Descriptor:
    """A package as its descriptor describes it.

    Attributes:
        storage: where the bytes come from.
        properties: the top level of `datapackage.json`.
        resources: by name, in the order of the descriptor.
        documents: each JSON file that was read, for locating findings.
    """

    def __init__(self, storage: Storage) -> None:
        self.storage = storage
        self.properties: Mapping[str, object] = {}
        self.resources: dict[str, Resource] = {}
        self.documents: dict[str, Document] = {}

    @property
    def version(self) -> str | None:
        """The version that the package states."""
        version = self.properties.get("version")
        return version if isinstance(version, str) else None

    @property
    def tables(self) -> dict[str, Resource]:
        """The resources that are tables with a readable schema."""
        return {name: item for name, item in self.resources.items() if item.schema}

    @property
    def unreadable(self) -> set[str]:
        """The names of the tables whose description cannot be applied."""
        return {name for name, item in self.resources.items() if item.tabular and not item.schema}


def read_descriptor(storage: Storage, ledger: Ledger) -> Descriptor:
    """Read a package's descriptor and schemas; everything wrong with them goes to the ledger."""
    descriptor = Descriptor(storage)
    place = Place(descriptor.documents, ledger, storage.descriptor)
    for refusal in storage.problems:
        ledger.add(Finding(refusal.rule, refusal.message, file=refusal.file))
    properties = _read_object(descriptor, place, storage.descriptor)
    if properties is None:
        return descriptor
    descriptor.properties = properties
    shapes.check_shape(properties, shapes.PACKAGE, (), place.report, ("resources",))
    check_profile(properties, "datapackage", place)
    resources = properties.get("resources")
    for position, item in enumerate(resources if isinstance(resources, list) else ()):
        if isinstance(item, dict):
            _add_resource(descriptor, item, position, place.at("resources", position))
    for name, resource in descriptor.tables.items():
        descriptor.resources[name] = _with_sound_keys(descriptor, resource, ledger)
    return descriptor


def _read_object(descriptor: Descriptor, place: Place, file: str) -> dict[str, object] | None:
    """Read a JSON file that must hold one object; report and return `None` if it does not."""
    if file not in descriptor.documents:
        try:
            descriptor.documents[file] = read_json(descriptor.storage.read(file), descriptor.storage.limits)
        except Refusal as refusal:
            place.report(refusal.rule, refusal.message)
            return None
        except JsonProblem as problem:
            message = f"{problem.problem} (column {problem.column})"
            place.ledger.add(Finding("json_is_well_formed", message, file=file, line=problem.line))
            return None
    value = descriptor.documents[file].value
    if not isinstance(value, dict):
        place.inside(file).report("property_has_right_type", "the file must hold one JSON object")
        return None
    return value


def _add_resource(descriptor: Descriptor, item: dict[str, object], position: int, place: Place) -> None:
    sound = shapes.check_shape(item, shapes.RESOURCE, (), place.report, ("name",))
    check_profile(item, "dataresource", place)
    name = item.get("name")
    if not isinstance(name, str) or not name:
        return
    if name in descriptor.resources:
        place.report("resource_name_is_unique", f"two resources are called {quoted(name)}", ("name",))
        return
    path = _resource_path(item, place) if sound else None
    tabular = _is_tabular(item, path)
    readable = path is not None and (_is_readable(item, place) if tabular else _is_plain(item, place))
    delimiter = _dialect(descriptor, item, place) if tabular and readable else None
    schema = _schema(descriptor, item, place) if delimiter else None
    descriptor.resources[name] = Resource(
        name=name,
        path=path or "",
        title=str(item.get("title", name)),
        description=str(item.get("description", "")),
        properties=item,
        position=position,
        tabular=tabular,
        schema=schema,
        delimiter=delimiter or ",",
    )


def _resource_path(item: Mapping[str, object], place: Place) -> str | None:
    path = item.get("path")
    if ("path" in item) == ("data" in item):
        place.report("required_property_is_present", "a resource has either 'path' or 'data', and not both")
        return None
    if "data" in item:
        message = "inline 'data' is not implemented; write it to a file, and name that as 'path'"
        place.report("property_is_implemented", message, ("data",))
        return None
    if isinstance(path, list):
        if len(path) != 1:
            message = "a list of several paths is not implemented; make each file a resource"
            place.report("property_is_implemented", message, ("path",))
            return None
        path = path[0]
    try:
        components(str(path))
    except Refusal as refusal:
        place.report(refusal.rule, refusal.message, ("path",))
        return None
    return str(path)


def _is_tabular(item: Mapping[str, object], path: str | None) -> bool:
    return (
        "schema" in item
        or "dialect" in item
        or item.get("type") == "table"
        or item.get("profile") == "tabular-data-resource"
        or item.get("format") == "csv"
        or str(item.get("mediatype", "")).lower().startswith(_CSV_TYPES)
        or (path is not None and path.lower().endswith(".csv"))
    )


def _is_plain(item: Mapping[str, object], place: Place) -> bool:
    """Report what a resource says about rows and cells although nothing says that it is a table."""
    wrong = [name for name in ("scrdata:rows", "scrdata:text") if name in item]
    for name in wrong:
        place.report("property_is_implemented", f"'{name}' belongs to tables", (name,))
    return not wrong


def _is_readable(item: Mapping[str, object], place: Place) -> bool:
    """Report each property that would change how the bytes are read and is not implemented."""
    wrong: list[str] = []
    if item.get("type", "table") != "table":
        wrong.append("type")
    if str(item.get("encoding", "utf-8")).lower() not in ("utf-8", "utf8"):
        wrong.append("encoding")
    if item.get("format", "csv") != "csv":
        wrong.append("format")
    mediatype, _, parameters = str(item.get("mediatype", "text/csv")).lower().replace(" ", "").partition(";")
    if mediatype not in _CSV_TYPES or parameters not in _CSV_PARAMETERS:
        wrong.append("mediatype")
    wrong += [name for name in _UNREAD if name in item and not (name == "scheme" and item[name] == "file")]
    for name in wrong:
        value = item[name]
        text = quoted(value) if isinstance(value, str) else "this value"
        place.report("property_is_implemented", f"'{name}' with {text} is not implemented", (name,))
    return not wrong


def _dialect(descriptor: Descriptor, item: Mapping[str, object], place: Place) -> str | None:
    """Return the delimiter; report each dialect property that is not implemented."""
    dialect = item.get("dialect", {})
    place = place.at("dialect")
    if isinstance(dialect, str):
        dialect = _named(descriptor, dialect, place)
        if dialect is None:
            return None
        place = place.inside(str(item["dialect"]))
    assert isinstance(dialect, dict)
    if not shapes.check_shape(dialect, shapes.DIALECT, (), place.report):
        return None
    check_profile(dialect, "tabledialect", place)
    problems: list[tuple[str, str, str]] = []
    for name, value in dialect.items():
        accepted = value == _DIALECT_DEFAULTS.get(name, object())
        accepted |= name == "lineTerminator" and value in ("\n", "\r\n")
        accepted |= name in ("delimiter", "$schema", "csvddfVersion")
        if not accepted:
            message = f"'{name}' of a dialect is not implemented with this value"
            problems.append(("property_is_implemented", message, name))
    delimiter = str(dialect.get("delimiter", ","))
    if len(delimiter) != 1 or delimiter in '"\r\n' or not (delimiter.isprintable() or delimiter == "\t"):
        message = "'delimiter' must be one character: a visible one, a space or a tab"
        problems.append(("property_has_right_type", message, "delimiter"))
    for rule, message, name in problems:
        place.report(rule, message, (name,))
    return None if problems else delimiter


def _named(descriptor: Descriptor, path: str, place: Place) -> dict[str, object] | None:
    """Read an object that the descriptor names by path."""
    try:
        components(path)
    except Refusal as refusal:
        place.report(refusal.rule, refusal.message)
        return None
    return _read_object(descriptor, place, path)


def _schema(descriptor: Descriptor, item: Mapping[str, object], place: Place) -> TableSchema | None:
    schema = item.get("schema")
    own, place = place, place.at("schema")
    if isinstance(schema, str):
        schema = _named(descriptor, schema, place)
        place = place.inside(str(item["schema"]))
    if schema is None:
        if "schema" not in item:
            message = "a table without a schema says nothing that could be checked; give it one"
            place.report("required_property_is_present", message)
        return None
    assert isinstance(schema, dict)
    clean = _clean(item, own) | _clean(schema, place)
    return build_schema(schema, place, clean=clean, limits=descriptor.storage.limits)


def _clean(properties: Mapping[str, object], place: Place) -> bool:
    """Say whether a resource or a schema promises clean text."""
    word = properties.get("scrdata:text", "clean")
    if word != "clean":
        message = f"'scrdata:text' can only be 'clean', not {quoted(word)}"
        place.report("property_is_implemented", message, ("scrdata:text",))
    return "scrdata:text" in properties


def _with_sound_keys(descriptor: Descriptor, resource: Resource, ledger: Ledger) -> Resource:
    """Return the resource with the foreign keys that lead somewhere; report the others."""
    schema = resource.schema
    assert schema
    place = Place(descriptor.documents, ledger, descriptor.storage.descriptor)
    place = place.at("resources", resource.position, "schema")
    if schema.file != place.file:
        place = place.inside(schema.file)
    keys = [key for key in schema.foreign_keys if _leads_somewhere(descriptor, resource, key, place)]
    if len(keys) == len(schema.foreign_keys):
        return resource
    return resource.changed(schema=schema.changed(foreign_keys=tuple(keys)))


def _leads_somewhere(descriptor: Descriptor, resource: Resource, key: ForeignKey, place: Place) -> bool:
    """Report a foreign key to a table or a column that does not exist, or of another type."""
    target = descriptor.resources.get(key.table or resource.name)
    if target is None or not target.tabular:
        place.report("foreign_key_names_known_table", f"there is no table {quoted(key.table)}", ("foreignKeys",))
        return False
    if target.schema is None:
        return True
    problems: list[tuple[str, str]] = []
    assert resource.schema
    for name, column in zip(key.fields, key.columns, strict=True):
        here, there = resource.schema.field(name), target.schema.field(column)
        if there is None:
            message = f"the table '{target.name}' has no column {quoted(column)}"
            problems.append(("key_names_known_columns", message))
        elif here and here.type != there.type:
            message = f"'{name}' is of type {here.type}, '{target.name}.{column}' of type {there.type}"
            problems.append(("foreign_key_types_agree", message))
    for rule, message in problems:
        place.report(rule, message, ("foreignKeys",))
    return not problems
