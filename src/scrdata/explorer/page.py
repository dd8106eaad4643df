"""`index.html`: the page as one file, with its styles, its program and its figures inside.

This alone uses `jinja2`. The page's security policy lets it load nothing, and run and style itself by nothing but
what stands in it.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import zlib
from importlib.resources import files
from urllib.parse import quote

from scrdata.explorer.dossiers import Dossiers
from scrdata.explorer.page_data import describe_knowledge, describe_page
from scrdata.explorer.svg import link_marks

TYPE_CHECKING = False
if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

    from scrdata.metadata.publication import Publication

_PROGRAM = ("page.js", "figures.js", "search.js", "tables.js", "choices.js", "start.js")


def write_page(publication: Publication) -> str:
    """Return `index.html`: the page on which people look at a package.

    Args:
        publication: the package, valid, with rules, mentions and register read, and the files that stand beside the
            page.

    Returns:
        HTML, the same for the same package.
    """
    dossiers = Dossiers(publication.contents)
    page = describe_page(publication, dossiers)
    environment = _environment(dossiers)
    style, program = _part("page.css").strip(), "\n".join(map(_part, _PROGRAM)).strip()

    def write_known() -> str:
        """Return what the program knows; called at the end, when all figures of the page are known."""
        return pack({**dossiers.to_dict(), **describe_knowledge(page)})

    return environment.get_template("page.html").render(
        page=page,
        style=style,
        program=program,
        policy="; ".join(
            [
                "default-src 'none'",
                f"style-src {_hash(style)}",
                f"script-src {_hash(program)}",
                "img-src data:",
                "connect-src 'self'",
                "base-uri 'none'",
                "form-action 'none'",
            ]
        ),
        packed=write_known,
    )


def _environment(dossiers: Dossiers) -> Environment:
    """Return the templates, with the means to write a figure as a link."""
    from jinja2 import Environment, FunctionLoader, StrictUndefined
    from markupsafe import Markup, escape

    def start(reference: str) -> str:
        return f'<a href="#{dossiers.anchor(reference)}" data-reference="{escape(reference)}">'

    def figure(reference: str) -> Markup:
        return Markup(f"{start(reference)}{escape(dossiers.value(reference))}</a>")  # noqa: S704  (escaped above)

    def named(reference: str) -> Markup:
        value = f'<a href="#{dossiers.anchor(reference)}">{escape(dossiers.value(reference))}</a>'
        return Markup(f'<code class="reference">{escape(reference)}</code> = {value}')  # noqa: S704  (escaped here)

    def linked(svg: str) -> Markup:
        return Markup(link_marks(svg, start))  # noqa: S704  (drawn here, texts escaped)

    environment = Environment(
        autoescape=True,
        loader=FunctionLoader(_part),
        lstrip_blocks=True,
        trim_blocks=True,
        undefined=StrictUndefined,
    )
    environment.globals.update(figure=figure, named=named)

    def unbroken(text: str) -> Markup:
        """Return a text in which no line ends within a pair of years such as 2009–10."""
        return Markup(re.sub(r"[0-9]+–[0-9]+", r'<span class="unbroken">\g<0></span>', str(escape(text))))  # noqa: S704

    environment.filters.update(linked=linked, unbroken=unbroken, data_uri=_data_uri)
    return environment


def _data_uri(text: str) -> str:
    return f"data:text/csv;charset=utf-8,{quote(text)}"


def _part(name: str) -> str:
    """Return a file that stands beside this module."""
    return files("scrdata.explorer").joinpath(name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    """Return a text's hash as a security policy names it."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def pack(value: object) -> str:
    """Return a value as compressed JSON in base64, which the page's program unpacks when it is first needed."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return base64.b64encode(zlib.compress(text.encode(), 9)).decode()
