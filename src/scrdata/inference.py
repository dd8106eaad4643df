"""What follows from relations between unknown numbers: intervals first, then combinations of relations.

Everything that is concluded here is exact. Intervals are narrowed relation by relation, in rounds, so
that the shortest chains come first; each narrowing remembers where it came from. Where single relations
give no more, the solver of `programming` is asked for the least value there is, and its answer is proved:
by adding multiples of relations up in fractions, else by trying all cases, each refuted by intervals.
The solver's arithmetic is never part of a proof.
"""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor, gcd, lcm
from time import monotonic

from scrdata.programming import PROVEN, Column, Row, solve
from scrdata.records import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    Exact = int | Fraction
    Terms = tuple[tuple[Exact, int], ...]
    Limits = tuple[Exact | None, Exact | None]
    Key = tuple[int, int]

LEAST, GREATEST = -1, 1
# Intervals can creep towards a value in ever smaller steps, and cases can be many: beyond this it is not proved.
MOST_ROUNDS = 60
MOST_CASES = 4_000


class Unknown(Record):
    """A number that is to be bounded: the limits that it has by itself, and whether it is whole."""

    least: Exact | None
    greatest: Exact | None
    is_integer: bool = True


class Constraint(Record):
    """What a relation says of unknowns: lower <= sum of factor * unknown <= upper, where `None` is no limit."""

    terms: Terms
    lower: Exact | None
    upper: Exact | None


class Fact(Record):
    """A limit of an unknown, and where it comes from.

    Attributes:
        unknown: its position.
        side: `LEAST` or `GREATEST`.
        value: the limit.
        constraint: the position of the constraint that gives it; `None` for a limit that stands by itself.
        sources: the limits of other unknowns that enter.
        size: in how many steps it is reached.
    """

    unknown: int
    side: int
    value: Exact
    constraint: int | None = None
    sources: tuple[Fact, ...] = ()
    size: int = 0


class Contradiction(Exception):
    """The constraints cannot all hold; `facts` are two limits of one unknown that exclude each other."""

    def __init__(self, *facts: Fact) -> None:
        super().__init__(*facts)
        self.facts = facts


class Proof(Record):
    """Why an unknown is not beyond a value: constraints that together exclude it.

    Attributes:
        constraints: their positions; none can be left out.
        multipliers: what each is multiplied by, so that the sum says it; empty where cases had to be tried.
        amount: what the sum says before it is rounded to a whole number.
    """

    constraints: tuple[int, ...]
    multipliers: tuple[Exact, ...] = ()
    amount: Exact | None = None


def make_constraint(terms: Terms, constant: Exact, operator: str, unknowns: Sequence[Unknown]) -> Constraint:
    """Return `sum of terms + constant operator 0` as limits of the sum, as narrow as whole numbers allow."""
    scale = lcm(*(Fraction(number).denominator for number in (constant, *(factor for factor, _ in terms))))
    whole = [(int(factor * scale), unknown) for factor, unknown in terms]
    limit: Exact = -int(constant * scale)
    if all(unknowns[unknown].is_integer for _, unknown in whole):
        divisor = gcd(*(factor for factor, _ in whole))
        whole = [(factor // divisor, unknown) for factor, unknown in whole]
        limit = Fraction(limit, divisor)
        above = floor(limit) + 1 if operator == ">" else ceil(limit)
        below = ceil(limit) - 1 if operator == "<" else floor(limit)
    else:
        # A sum of decimals that is less than a limit can come as near to it as one likes.
        above = below = limit  # type: ignore[assignment]
    lower, upper = above if operator in ("=", ">", ">=") else None, below if operator in ("=", "<", "<=") else None
    return Constraint(tuple(whole), lower, upper)


class System:
    """Unknowns with the constraints among them, and what has been concluded about their limits.

    Args:
        unknowns: the numbers that are to be bounded.
        constraints: what holds among them.

    Attributes:
        facts: the best limits so far, by unknown and side.
    """

    def __init__(self, unknowns: Sequence[Unknown], constraints: Sequence[Constraint]) -> None:
        self.unknowns = unknowns
        self.constraints = constraints
        self.facts: dict[Key, Fact] = {}
        self.users: dict[int, list[int]] = {}
        for position, constraint in enumerate(constraints):
            for _, unknown in constraint.terms:
                self.users.setdefault(unknown, []).append(position)
        for position, own in enumerate(unknowns):
            for side, value in ((LEAST, own.least), (GREATEST, own.greatest)):
                if value is not None:
                    self.facts[position, side] = Fact(position, side, value)

    def limits(self, unknown: int) -> Limits:
        """Return the least and the greatest value that are known to be possible at most."""
        pair = (self.facts.get((unknown, LEAST)), self.facts.get((unknown, GREATEST)))
        return (pair[0].value if pair[0] else None, pair[1].value if pair[1] else None)

    def stated(self, unknown: int, side: int) -> Fact:
        """Return the limit on one side, by a constraint rather than by itself if one gives the same in one step.

        That a number is not below its own minimum, mostly 0, says more than any constraint.
        """
        known = self.facts[unknown, side]
        if known.constraint is not None or side == LEAST:
            return known
        without = System(self.unknowns, self.constraints)
        without.facts = {key: fact for key, fact in self.facts.items() if fact is not known}
        found = [fact for position in self.users.get(unknown, []) for fact in without._narrowed(position)]
        wanted = (unknown, side, known.value, 1)
        same = [fact for fact in found if (fact.unknown, fact.side, fact.value, fact.size) == wanted]
        return min(same, key=lambda fact: _rank(fact, self), default=known)

    def propagate(self, waiting: Iterable[int] | None = None, most_rounds: int = MOST_ROUNDS) -> None:
        """Narrow the limits, each round from those of the round before, until nothing changes.

        Args:
            waiting: the constraints to begin with; all of them if omitted.
            most_rounds: after which it stops.

        Raises:
            Contradiction: an unknown has no value left.
        """
        allowed = set(range(len(self.constraints)) if waiting is None else waiting)
        now = sorted(allowed)
        for _ in range(most_rounds):
            found: dict[Key, Fact] = {}
            for position in now:
                for fact in self._narrowed(position):
                    key = (fact.unknown, fact.side)
                    if key not in found or _rank(fact, self) < _rank(found[key], self):
                        found[key] = fact
            for key, fact in found.items():
                self.facts[key] = fact
            for (unknown, side), fact in found.items():
                other = self.facts.get((unknown, -side))
                if other is not None and side * fact.value < side * other.value:
                    raise Contradiction(fact, other)
            now = sorted({user for unknown, _ in found for user in self.users[unknown]} & allowed)
            if not now:
                return

    def _narrowed(self, position: int) -> Iterator[Fact]:
        """Yield the limits that a constraint narrows, one for each unknown and side."""
        constraint = self.constraints[position]
        for sign, limit in ((1, constraint.upper), (-1, constraint.lower)):
            if limit is None:
                continue
            terms = [(sign * factor, unknown) for factor, unknown in constraint.terms]
            smallest = [self.facts.get((unknown, LEAST if factor > 0 else GREATEST)) for factor, unknown in terms]
            free = [place for place, fact in enumerate(smallest) if fact is None]
            if len(free) > 1:
                continue
            pairs = zip(terms, smallest, strict=True)
            room = sign * limit - sum(factor * fact.value for (factor, _), fact in pairs if fact is not None)
            for place in free or range(len(terms)):
                (factor, unknown), own = terms[place], smallest[place]
                others = tuple(fact for fact in smallest if fact is not None and fact is not own)
                fact = self._limit(position, factor, unknown, room + (factor * own.value if own else 0), others)
                if fact is not None:
                    yield fact

    def _limit(self, position: int, factor: Exact, unknown: int, room: Exact, sources: tuple[Fact, ...]) -> Fact | None:
        """Return that factor * unknown <= room, as a limit of the unknown; `None` if that is nothing new."""
        side = GREATEST if factor > 0 else LEAST
        value: Exact = Fraction(room) / factor
        if self.unknowns[unknown].is_integer:
            value = floor(value) if side == GREATEST else ceil(value)
        known = self.facts.get((unknown, side))
        if known is not None and side * value >= side * known.value:
            return None
        return Fact(unknown, side, value, position, sources, 1 + sum(source.size for source in sources))


def _rank(fact: Fact, system: System) -> tuple[Exact, int, bool, int, int]:
    """Order limits: the narrower first, then the shorter chain, then equations, then the shorter relation."""
    assert fact.constraint is not None
    constraint = system.constraints[fact.constraint]
    is_range = constraint.lower != constraint.upper
    return fact.side * fact.value, fact.size, is_range, len(constraint.terms), fact.constraint


def refutes(system: System, positions: Iterable[int], deadline: float) -> bool:
    """Say whether some constraints are shown to be impossible by trying all cases, each by intervals.

    Args:
        system: whose present limits hold.
        positions: of the constraints that may be used.
        deadline: by the clock `monotonic`; after it, or after too many cases, nothing is shown.
    """
    chosen = list(positions)
    waiting = [dict(system.facts)]
    trial = System(system.unknowns, system.constraints)
    for _ in range(MOST_CASES):
        if not waiting:
            return True
        if monotonic() > deadline:
            return False
        trial.facts = waiting.pop()
        try:
            trial.propagate(chosen)
        except Contradiction:
            continue
        halves = _halves(trial, chosen)
        if halves is None:
            return False
        waiting += [{**trial.facts, (fact.unknown, fact.side): fact} for fact in halves]
    return not waiting


def _halves(system: System, positions: Iterable[int]) -> tuple[Fact, Fact] | None:
    """Return two cases for the unknown with the fewest values left; `None` if there is none to divide."""
    best: tuple[Exact, int, int] | None = None
    for unknown in sorted({unknown for place in positions for _, unknown in system.constraints[place].terms}):
        least, greatest = system.limits(unknown)
        if system.unknowns[unknown].is_integer and least is not None and greatest is not None and least < greatest:
            width = (greatest - least, unknown, floor(Fraction(least + greatest) / 2))
            best = width if best is None else min(best, width)
    if best is None:
        return None
    _, unknown, middle = best
    return Fact(unknown, GREATEST, middle), Fact(unknown, LEAST, middle + 1)


def add_up(system: System, goal: int, side: int, positions: Sequence[int], deadline: float) -> Proof | None:
    """Return multiples of constraints that add up to the best limit of an unknown that can be had so.

    The multipliers are the solver's, read as fractions; what they prove is computed from them exactly.
    """
    columns = [Column(*system.limits(position), is_integer=False) for position in range(len(system.unknowns))]
    rows = [Row(c.terms, c.lower, c.upper) for c in (system.constraints[position] for position in positions)]
    found = solve(columns, rows, ((-side, goal),), time_limit=max(0.0, deadline - monotonic()))
    if found.status != PROVEN:
        return None
    rest: dict[int, Exact] = {goal: -side}
    amount: Exact = 0
    used = [(position, factor) for position, factor in zip(positions, found.multipliers, strict=True) if factor]
    for position, factor in used:
        constraint = system.constraints[position]
        limit = constraint.lower if factor > 0 else constraint.upper
        if limit is None:
            return None
        amount += factor * limit
        for own, unknown in constraint.terms:
            rest[unknown] = rest.get(unknown, 0) - factor * own
    for unknown, factor in rest.items():
        limit = system.limits(unknown)[0 if factor > 0 else 1]
        if factor and limit is None:
            return None
        amount += factor * (limit or 0)
    return Proof(tuple(position for position, _ in used), tuple(factor for _, factor in used), -side * amount)


def prove(system: System, goal: int, side: int, value: int, deadline: float) -> Proof | None:
    """Prove that a whole unknown is not beyond a value, by as few constraints as can be; `None` if that fails.

    Args:
        system: whose present limits hold.
        goal: the unknown.
        side: `LEAST` to prove that it is not below the value, `GREATEST` that it is not above.
        value: the limit.
        deadline: by the clock `monotonic`.
    """
    beyond = System(system.unknowns, system.constraints)
    beyond.facts = {**system.facts, (goal, -side): Fact(goal, -side, value + side)}

    def sums(positions: Sequence[int]) -> Proof | None:
        proof = add_up(system, goal, side, positions, deadline)
        return proof if proof and proof.amount is not None and side * proof.amount < side * value + 1 else None

    def cases(positions: Sequence[int]) -> Proof | None:
        return Proof(tuple(positions)) if refutes(beyond, positions, deadline) else None

    every = range(len(system.constraints))
    for method in (sums, cases):
        proof = method(every)
        if proof is not None:
            return _shortened(proof, method, deadline)
    return None


def _shortened(proof: Proof, method: Callable[[Sequence[int]], Proof | None], deadline: float) -> Proof:
    """Leave out one constraint after the other, as long as the rest still proves the same."""
    for position in proof.constraints:
        if monotonic() > deadline:
            break
        fewer = [other for other in proof.constraints if other != position]
        shorter = method(fewer) if len(fewer) < len(proof.constraints) else None
        proof = shorter or proof
    return proof
