"""What the page says first: the figures that most people come for, each in a sentence of its own."""

from __future__ import annotations

from scrdata.explorer.charts import CHILDREN, DEATHS, is_known
from scrdata.explorer.sentences import references_in
from scrdata.records import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from scrdata.validation import Contents


class Headline(Record):
    """A figure that stands out, and the rest of its sentence.

    Attributes:
        figure: a reference.
        sentence: what follows the figure, as of `sentences`.
    """

    figure: str
    sentence: str


_SURVIVED = "child_characteristics[characteristic=outcome,category=serious_incident].children"
_WITH_CHILDREN = "review_characteristics[characteristic=focus,category=children].reviews"
_HEADLINES = (
    Headline(
        "reviews",
        "serious case reviews, which Ofsted evaluated from April 2009 to March 2010. "
        f"{{{_WITH_CHILDREN}}} of them were about children.",
    ),
    Headline(
        CHILDREN, f"children in these reviews. {{{DEATHS}}} died; {{{_SURVIVED}}} were in other serious incidents."
    ),
    Headline(
        "reviews[judgement=good]",
        "reviews were judged good, {reviews[judgement=adequate]} adequate, {reviews[judgement=inadequate]} inadequate, "
        "{reviews[judgement=outstanding]} outstanding.",
    ),
    Headline(
        "child_circumstances[circumstance=known_to_social_care].children",
        "of the children were known to children's social care at the time of the incident.",
    ),
    Headline(
        "child_characteristics[characteristic=age,category=under_1].children",
        "of the children were under one year old, {child_characteristics[characteristic=age,category=1_to_5].children} "
        "were aged one to five.",
    ),
    Headline("durations[duration=under_6_months].reviews", "of the {reviews} reviews took less than six months."),
)


def list_headlines(contents: Contents) -> list[Headline]:
    """Return the headlines of which a package has all figures."""
    return [
        item
        for item in _HEADLINES
        if all(is_known(text, contents) for text in (item.figure, *references_in(item.sentence)))
    ]
