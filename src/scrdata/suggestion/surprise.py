"""How surprising an agreement would be if the numbers had nothing to do with each other, in bits.

An agreement that has the probability p by chance has -log2 p bits. Each form of rule is corrected for
the number of candidates of that form that were tried, by Bonferroni: the bits of a suggestion are
-log2(p) - log2(candidates), so that 2 to the minus bits bounds the chance, as far as the models below
are right, that numbers without any connection show even one agreement of that form as good.

**Equal numbers.** A total v is counted in units of the last decimal place in use. Its *scale* model is
the log-uniform one of published counts (Benford 1938; Hill, Statistical Science 10, 1995), from 0 to
the sum V of the whole column: P(v) = 1 / ((1 + v) H), with H = ln(1 + V) + 0.577. Its *spread* model is
the local limit of a sum of n independent cells (Petrov, Sums of Independent Random Variables, 1975,
chapter VII): where the smallest and the largest cell lie R apart, no value is much likelier than 1 / (R
sqrt n). The likelier of the two models is taken, so that numbers close together agree without surprise.
R is unknown with fewer than three cells that differ, and for counts of rows. Two independent totals
coincide no more often than the less predictable of them takes its likeliest value; hence the side with
more bits counts. Of several instances the i-th counts with P(v), or with the share c / (i - 1) that its
value had among those before it if that is more: a value that keeps coming back surprises once. (A
predictor so generous does not sum to 1; it errs on the side of chance.) Zeros say nothing and are left
out. That m of G sums are alike has the binomial bound C(G - 1, m - 1) P(v)^(m - 1).

**Numbers in order.** That a(i) <= b(i) in all instances is held against the same numbers b in every
other arrangement. The arrangements that obey the inequality are counted exactly: with a in descending
order, the product of (number of b not below a(i)) - (i - 1), over the factorial of the number of
instances. Where every b exceeds every a, all of them obey it, and nothing is surprising.

**Rows.** That none of g groups is empty, or that all are equally large, is held against n rows thrown
into g groups at random: at most (1 - (1 - 1/g)^n)^g, as occupancy numbers are negatively associated
(Joag-Dev and Proschan, Annals of Statistics 11, 1983), and n! / (k!^g g^n).

The models are rough on purpose: they rank, and they keep accidents out. None proves anything.
"""

from __future__ import annotations

from bisect import bisect_left
from math import lgamma, log, log2

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from scrdata.totals import Amount

_EULER = 0.5772156649015329
_LEAST_CELLS = 3


def spread_of(cells: Sequence[Amount], decimals: int) -> int | None:
    """Return how far the cells of a column lie apart, in units; `None` for too few to tell."""
    spread = in_units(max(cells), decimals) - in_units(min(cells), decimals)
    few = len(cells) < _LEAST_CELLS and (spread or len(cells) == 1)
    return None if few else spread


def in_units(amount: Amount, decimals: int) -> int:
    """Return an amount as a whole number of units of the last decimal place."""
    if isinstance(amount, int):
        return amount * int(10**decimals)
    return int(amount.scaleb(decimals)) if decimals else int(amount)


def point_bits(units: int, largest: int, spread: int | None, parts: int) -> float:
    """Return how many bits say that a total is just this one.

    Args:
        units: the total, in units.
        largest: the sum of the whole column, in units.
        spread: between the smallest and the largest cell; `None` where unknown.
        parts: the number of cells in the total.
    """
    harmonic = log(1 + max(abs(largest), abs(units))) + _EULER
    scale = log2(1 + abs(units)) + max(0.0, log2(harmonic))
    if spread is None:
        return scale
    return min(scale, max(0.0, log2(spread) + log2(parts) / 2) if spread and parts else 0.0)


def equality_bits(totals: Iterable[tuple[Amount, float]]) -> float:
    """Return the bits of equal totals, each with its value and the bits that it has alone."""
    seen: dict[Amount, int] = {}
    bits = 0.0
    number = 0
    for value, alone in totals:
        if value:
            before = seen.get(value, 0)
            bits += min(alone, log2(number / before)) if before else alone
            seen[value] = before + 1
            number += 1
    return bits


def order_bits(pairs: Sequence[tuple[Amount, Amount]]) -> float:
    """Return the bits of pairs of which the first is never above the second."""
    left = sorted((pair[0] for pair in pairs), reverse=True)
    right = sorted(pair[1] for pair in pairs)
    bits = 0.0
    for taken, value in enumerate(left):
        allowed = len(right) - bisect_left(right, value) - taken
        bits += log2(len(left) - taken) - log2(allowed)
    return bits


def occupied_bits(rows: int, groups: int) -> float:
    """Return the bits of rows that leave no group empty."""
    if groups < 2:
        return 0.0
    filled = 1 - (1 - 1 / groups) ** rows
    return -groups * log2(filled) if filled < 1 else 0.0


def even_bits(rows: int, groups: int) -> float:
    """Return the bits of rows of which each group has equally many."""
    each = rows // groups
    arrangements = lgamma(rows + 1) - groups * lgamma(each + 1)
    return max(0.0, rows * log2(groups) - arrangements / log(2))


def hits_bits(hits: int, tries: int, alone: float) -> float:
    """Return the bits of so many hits among so many tries, each of which has the same bits alone: a binomial bound."""
    choices = lgamma(tries + 1) - lgamma(hits + 1) - lgamma(tries - hits + 1)
    return max(0.0, hits * alone - choices / log(2))


def choice_bits(chosen: int, among: int) -> float:
    """Return the bits that say which ones were chosen among several."""
    return (lgamma(among + 1) - lgamma(chosen + 1) - lgamma(among - chosen + 1)) / log(2)


def odds(bits: float) -> str:
    """Return the bound in words: `1 in 1,200`."""
    if bits > 60:
        return f"1 in 10 to the {int(bits * log(2) / log(10))}"
    number = 2**bits
    digits = max(0, len(str(int(number))) - 2)
    return f"1 in {int(number) // 10**digits * 10**digits:,}"
