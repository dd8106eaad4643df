"""Parquet: typed columns that nearly every tool for data reads.

Types are those of `scrdata.frames.columnar`: integers of 64 bits, dates, text; codes are stored once
each. The file says what the table and its columns are; it holds nothing about pandas, and no time.
"""

from __future__ import annotations

import io
from decimal import Decimal

from scrdata.errors import ScrdataError
from scrdata.findings import shown
from scrdata.formats.descriptions import describe_package
from scrdata.values import to_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from scrdata.descriptor import Descriptor
    from scrdata.reading import Table

# Of the codecs that every reader knows, the one that JavaScript readers need no further library for.
CODEC = "snappy"
ROWS_IN_GROUP = 1 << 17
# The properties of the package by which a single file can be traced and used.
OF_PACKAGE = ("name", "title", "version", "created", "licenses")


def write_parquet(table: Table, descriptor: Descriptor) -> bytes:
    """Return a table as a Parquet file.

    Args:
        table: as it was read.
        descriptor: of its package; what it says of both is kept in the file's metadata.

    Raises:
        ScrdataError: an integer has more than 64 bits, a number more digits than a double, or some times a zone and
            others none.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    from scrdata.frames.columnar import to_arrow

    _refuse_inexact(table)
    arrow = to_arrow(table)
    fields = [
        arrow.schema.field(field.name)
        .with_metadata({"title": field.title, "description": field.description})
        .with_nullable(not (field.required or field.name in table.schema.primary_key))
        for field in table.schema.fields
    ]
    schema = pa.schema(fields, _about(table, descriptor))
    file = io.BytesIO()
    described = pa.Table.from_arrays(arrow.columns, schema=schema)
    pq.write_table(described, file, compression=CODEC, row_group_size=ROWS_IN_GROUP)
    return file.getvalue()


def _about(table: Table, descriptor: Descriptor) -> dict[str, str]:
    """Return what a file says of its table, and of the package that this is from."""
    resource = descriptor.resources[table.name]
    package = describe_package(descriptor.properties)
    return {
        "name": table.name,
        "title": resource.title,
        "description": resource.description,
        **{f"package_{name}": package[name] for name in OF_PACKAGE if name in package},
    }


def _refuse_inexact(table: Table) -> None:
    """Refuse a number that the nearest double does not give back."""
    for field in table.schema.fields:
        for cell in table.columns[field.name] if field.type == "number" else ():
            if isinstance(cell, Decimal) and cell.is_finite() and Decimal(repr(float(cell))) != cell:
                raise ScrdataError(
                    f"'{field.name}' holds {shown(to_text(cell))}, which has more digits than a Parquet file holds here"
                )
