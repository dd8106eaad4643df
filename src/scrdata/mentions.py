"""Mentions: the numbers that a report prints, each held against the total that it states.

A mention of a whole number says `total relation value`. A percentage or a fraction says it of a
share, total / base, which is compared exactly: `=` holds where the share, rounded to the printed
decimals, is the printed percentage (`84%` from 83.5 % to 84.5 %, both included); a fraction counts
as the percentage that it amounts to, rounded to whole ones.
"""

from __future__ import annotations

from decimal import Decimal

from scrdata.numerals import is_digits, readings
from scrdata.records import Record
from scrdata.rules import HOLDS, WORDS
from scrdata.totals import NotSummableError, add, multiply
from scrdata.values import to_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from scrdata.references import Reference
    from scrdata.totals import Amount, Instance, Totals

# A fraction is compared to half a hundredth on either side.
_HUNDREDTHS = 100


class Printed(Record):
    """A printed number in exact form: `numerator / denominator`, with the distance that rounding allows a share.

    Attributes:
        text: its canonical spelling, such as `60`, `84%` or `1/3`.
        numerator, denominator: whole numbers; the denominator of a count is 1.
        precision: a share may differ by `1 / precision`; 0 for a count.
    """

    text: str
    numerator: int | Decimal
    denominator: int
    precision: int = 0

    @property
    def is_share(self) -> bool:
        """True of a percentage or a fraction."""
        return self.precision > 0


def read_printed(text: str) -> Printed | None:
    """Return a value as the number that it is; `None` if it is none, as a date or a code is not."""
    if is_digits(text):
        return Printed(text, int(text), 1) if text == "0" or text[0] != "0" else None
    if text.endswith("%"):
        whole, point, decimals = text[:-1].partition(".")
        if not is_digits(whole) or (point and not is_digits(decimals)):
            return None
        scale = 10 ** len(decimals)
        return Printed(text, int(whole + decimals), 100 * scale, 200 * scale)
    above, slash, below = text.partition("/")
    if slash and is_digits(above) and is_digits(below) and len(below) < 4 and int(below) > 1:
        return Printed(text, int(above), int(below), 2 * _HUNDREDTHS)
    whole, _, decimals = text.partition(".")
    if is_digits(whole) and is_digits(decimals):
        return Printed(text, Decimal(text), 1)
    return None


class Mention(Record):
    """One printed number, and what it states.

    Attributes:
        mention_id: identifies it among all checks of the package.
        locator: where the report prints it.
        words: as printed.
        value: what they say; empty where they bound nothing.
        kind: what kind of number it is; empty where the table does not tell.
        relation: between the total, or the share, and the value; empty without a total.
        total: what is stated about; `None` where the number states nothing about a total.
        share_of: the base of a percentage or fraction.
        printed: the value as a number; `None` of dates, codes and vague words.
        row: in the table of mentions, from 0.
    """

    mention_id: str
    locator: str
    words: str
    value: str
    kind: str
    relation: str
    total: Reference | None
    share_of: Reference | None
    printed: Printed | None
    row: int

    @property
    def references(self) -> tuple[Reference, ...]:
        """The total and the base, as far as there are any."""
        return tuple(reference for reference in (self.total, self.share_of) if reference is not None)


class MentionOutcome(Record):
    """A mention with its numbers.

    Attributes:
        mention: one that has a total.
        total, base: the values of `total` and `share_of`; `None` where a cell is missing or there is no base.
    """

    mention: Mention
    total: Amount | None
    base: Amount | None

    @property
    def holds(self) -> bool | None:
        """Whether the total is as printed; `None` while a cell is missing."""
        printed, relation = self.mention.printed, self.mention.relation
        assert printed is not None
        if self.total is None:
            return None
        if not printed.is_share:
            return HOLDS[relation](self.total, printed.numerator)
        if self.base is None:
            return None
        # total / base against numerator / denominator, multiplied out.
        left = multiply(printed.denominator, self.total)
        right = multiply(int(printed.numerator), self.base)
        if relation != "=":
            return HOLDS[relation](left, right)
        difference = multiply(printed.precision, add([left, multiply(-1, right)]))
        allowed = multiply(printed.denominator, self.base)
        return multiply(-1, allowed) <= difference <= allowed

    @property
    def check_id(self) -> str:
        """What identifies the check among all checks of the package."""
        return self.mention.mention_id

    @property
    def name(self) -> str:
        """The same: a mention has no instances."""
        return self.mention.mention_id

    @property
    def row(self) -> int:
        """The row of the mention in its table."""
        return self.mention.row

    @property
    def column(self) -> str:
        """The column that names what the mention states."""
        return "total"

    @property
    def instance(self) -> str:
        """The instance of a starred rule: a mention has none."""
        return ""

    @property
    def values(self) -> Instance:
        """The values of starred columns: a mention has none."""
        return ()

    @property
    def references(self) -> tuple[Reference, ...]:
        """The totals that enter."""
        return self.mention.references

    @property
    def sides(self) -> tuple[str, str]:
        """What is stored and what is printed, such as `147` and `149`, or `124 of 147` and `84%`."""
        stored = to_text(self.total) or "unknown"
        if self.mention.share_of is not None:
            stored = f"{stored} of {to_text(self.base) or 'unknown'}"
        return stored, self.mention.value

    @property
    def expected(self) -> str:
        """What the total, or the share, should be."""
        return WORDS[self.mention.relation] + self.mention.value

    def sentence(self, totals: Totals) -> str:
        """Say with place, printed words and numbers what does not hold."""
        del totals  # a rule needs them for its sentence, a mention has its numbers
        base = f" as a share of {self.mention.share_of}" if self.mention.share_of is not None else ""
        stored, _ = self.sides
        printed = f"{self.mention.locator} prints '{self.mention.words}' for {self.mention.total}{base}"
        return f"{printed}, which should be {self.expected} and is {stored}."


def evaluate_mention(mention: Mention, totals: Totals) -> MentionOutcome:
    """Return the outcome of a mention that has a total.

    Raises:
        NotSummableError: a cell is NaN or infinite, or the base of the share is 0.
    """
    assert mention.total is not None
    total = totals.value(mention.total)
    base = totals.value(mention.share_of) if mention.share_of is not None else None
    if base is not None and base <= 0:
        raise NotSummableError(f"the base {mention.share_of} is {to_text(base)}, and so has no shares")
    return MentionOutcome(mention, total, base)


def contradiction(words: str, value: str, relation: str) -> str | None:
    """Return what is wrong with the value or the relation of printed words, if anything is."""
    read = readings(words)
    values = {spelt for _, spelt in read}
    if not value:
        return f"the words say {' or '.join(sorted(values))}, and the value is missing" if values else None
    if not values:
        return f"the words say no number, and the value is {value}"
    if value not in values:
        return f"the words say {' or '.join(sorted(values))}, not {value}"
    implied = {bound for bound, spelt in read if spelt == value}
    if relation and "" not in implied and relation not in implied:
        return f"the words say {' or '.join(sorted(implied))}, not {relation}"
    return None
