"""One inquiry: the unknown cells that hang together with a figure, what follows for it, and by which steps."""

from __future__ import annotations

from fractions import Fraction
from time import monotonic

from scrdata.errors import ScrdataError
from scrdata.fields import native
from scrdata.inference import (
    GREATEST,
    LEAST,
    Contradiction,
    Fact,
    System,
    Unknown,
    make_constraint,
    prove,
    refutes,
)
from scrdata.network import exact
from scrdata.programming import INFEASIBLE, PROVEN, UNBOUNDED, Column, Row, solve
from scrdata.reasons import Ground, Reason, fill, find_ground, name_cell, write_number, write_out
from scrdata.records import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from scrdata.inference import Constraint, Exact, Proof
    from scrdata.network import Cell
    from scrdata.unknowns import Clause, Evidence

_OPERATORS = {LEAST: ">=", GREATEST: "<="}
_LIMITS = (("minimum", "exclusiveMinimum", 1, LEAST), ("maximum", "exclusiveMaximum", -1, GREATEST))


class Answer(Record):
    """What an inquiry comes to: bounds, whether they are proved to be the narrowest, steps, and what is not known."""

    least: Exact | None
    greatest: Exact | None
    proven: bool
    reasons: tuple[Reason, ...]
    needed: tuple[str, ...]


class Inquiry:
    """What follows for a sum of cells.

    Args:
        evidence: what is known of the unknown cells.
        goal: the cells of the sum, with their factors.
        constant: what is added.
        name: of the sum, in the notation of references.
        deadline: by the clock `monotonic`, for what intervals do not settle.
        definition: what the sum itself rests on.
    """

    def __init__(
        self,
        evidence: Evidence,
        goal: dict[Cell, Exact],
        constant: Exact,
        name: str,
        deadline: float,
        definition: Ground | None = None,
    ) -> None:
        self.evidence = evidence
        self.cells = goal
        self.name = name
        self.deadline = deadline
        self.is_defined = definition is not None
        self.definition = definition or Ground("sum", "", name, "The sum of its cells.", "definition", "")
        pairs = [(cell, factor, evidence.value(cell)) for cell, factor in goal.items()]
        self.known = constant + sum(factor * value for _, factor, value in pairs if value is not None)
        self.open = {cell: factor for cell, factor, value in pairs if value is None}
        self.clauses: list[Clause | None] = [evidence.clauses[at] for at in evidence.component(list(self.open))]
        named = [cell for clause in self.clauses if clause for cell in clause.factors]
        self.unknown_cells = list(dict.fromkeys([*self.open, *named]))
        self.unknowns = [self._unknown(cell) for cell in self.unknown_cells]
        self.positions = {cell: position for position, cell in enumerate(self.unknown_cells)}
        self.constraints = [self._constraint(clause) for clause in self.clauses if clause]
        self.goal = 0
        # One cell is its own goal; a sum becomes an unknown of its own, which the other cells make up.
        self.is_sum = list(goal.values()) != [1] or constant != 0
        if self.open and self.is_sum:
            self._add_goal()

    def _unknown(self, cell: Cell) -> Unknown:
        """Return the limits that the schema sets to a cell."""
        field = self.evidence.network.totals.schemas[cell[0]].field(cell[1])
        assert field is not None
        stated = field.properties.get("constraints")
        limits: dict[int, Exact] = {}
        for inclusive, exclusive, step, side in _LIMITS:
            for name, distance in ((inclusive, 0), (exclusive, step)):
                raw = stated.get(name) if isinstance(stated, dict) else None
                value = None if raw is None else exact(native(raw, field.read))
                if value is not None:
                    limit = value + (distance if field.type == "integer" else 0)
                    limits[side] = limit if side not in limits else max(limit * -side, limits[side] * -side) * -side
        return Unknown(limits.get(LEAST), limits.get(GREATEST), field.type == "integer")

    def _constraint(self, clause: Clause) -> Constraint:
        terms = tuple((factor, self.positions[cell]) for cell, factor in clause.factors.items())
        return make_constraint(terms, clause.constant, clause.relation.operator, self.unknowns)

    def _add_goal(self) -> None:
        """Add the sum as an unknown, with its definition and what clauses say of the sum as a whole."""
        self.goal = len(self.unknowns)
        is_integer = all(self.unknowns[self.positions[cell]].is_integer for cell in self.open)
        is_integer = is_integer and Fraction(self.known).denominator == 1
        self.unknowns.append(Unknown(None, None, is_integer))
        terms = tuple((-factor, self.positions[cell]) for cell, factor in self.open.items())
        self.constraints.append(make_constraint(((1, self.goal), *terms), -self.known, "=", self.unknowns))
        self.clauses.append(None)
        for clause in [clause for clause in self.clauses if clause]:
            factors, _ = self.evidence.factors(clause.relation)
            ratios = {Fraction((factors or {}).get(cell, 0)) / factor for cell, factor in self.cells.items()}
            if len(ratios) == 1 and (ratio := ratios.pop()):
                rest = [(f, self.positions[cell]) for cell, f in clause.factors.items() if cell not in self.open]
                whole = ((ratio, self.goal), *rest)
                constant = clause.constant - ratio * self.known
                self.constraints.append(make_constraint(whole, constant, clause.relation.operator, self.unknowns))
                self.clauses.append(clause)

    def answer(self) -> Answer:
        """Return the bounds with their reasons.

        Raises:
            ScrdataError: relations contradict one another.
        """
        if not self.open:
            return Answer(self.known, self.known, proven=True, reasons=self._known_reasons(), needed=())
        self.system = System(self.unknowns, self.constraints)
        try:
            self.system.propagate()
        except Contradiction as contradiction:
            raise self._contradiction({fact.constraint for fact in _ordered(contradiction.facts)}) from None
        least, greatest = self.system.limits(self.goal)
        if least is not None and least == greatest:
            return Answer(least, greatest, proven=True, reasons=self._chain((LEAST, GREATEST)), needed=())
        found = [self._refined(side) for side in (LEAST, GREATEST)]
        reasons = tuple(dict.fromkeys(reason for _, _, steps in found for reason in steps))
        (least, is_least, _), (greatest, is_greatest, _) = found
        is_exact = least is not None and least == greatest
        needed = () if is_exact else tuple(self._needed())
        return Answer(least, greatest, is_exact or (is_least and is_greatest), reasons, needed)

    def _known_reasons(self) -> tuple[Reason, ...]:
        """Return the one step to a sum of known cells that is not a total of the tables."""
        if not self.is_defined:
            return ()
        values = {cell: self.evidence.value(cell) or 0 for cell in self.cells}
        taken = sum(-factor * values[cell] for cell, factor in self.cells.items() if factor < 0)
        arithmetic = write_out([(1, self.known + taken), (-1, taken)])
        return (Reason(self.name, arithmetic, f"= {write_number(self.known)}", (self.definition,)),)

    def _contradiction(self, positions: Iterable[int | None]) -> ScrdataError:
        places = sorted(position for position in positions if position is not None)
        listed = ", ".join(dict.fromkeys(self._ground(position).name for position in places))
        return ScrdataError(f"nothing can be said of {self.name}: these contradict one another: {listed}")

    def _refined(self, side: int) -> tuple[Exact | None, bool, tuple[Reason, ...]]:
        """Return the best limit on one side that is proved, whether it is reached, and the steps to it."""
        limit = self.system.limits(self.goal)[0 if side == LEAST else 1]
        steps = self._chain((side,)) if limit is not None else ()
        columns = [Column(*self.system.limits(at), u.is_integer) for at, u in enumerate(self.unknowns)]
        rows = [Row(constraint.terms, constraint.lower, constraint.upper) for constraint in self.constraints]
        left = self.deadline - monotonic()
        if left <= 0:
            return limit, False, steps
        found = solve(columns, rows, ((-side, self.goal),), time_limit=left)
        if found.status == INFEASIBLE:
            self._refuse_contradiction()
        # With decimals a strict relation has no nearest value, so that the solver's point need not fulfil it.
        if not found.verified or not all(unknown.is_integer for unknown in self.unknowns):
            return limit, False, steps
        if found.status != PROVEN:
            return limit, found.status == UNBOUNDED and self._is_endless(side), steps
        value = int(found.values[self.goal])
        if value != limit or len(steps) > 1:
            base = self._settled()
            proof = prove(base, self.goal, side, value, self.deadline)
            shorter = () if proof is None else self._proved(proof, side, value)
            if shorter and (value != limit or _weight(shorter) < _weight(steps)):
                return value, True, shorter
        return limit, value == limit, steps

    def _is_endless(self, side: int) -> bool:
        """Say whether there are steps that move the goal on and break no constraint, however often they are taken."""
        limits = [self.system.limits(position) for position in range(len(self.unknowns))]
        columns = [Column(_level(least), _level(greatest)) for least, greatest in limits]
        rows = [Row(row.terms, _level(row.lower), _level(row.upper)) for row in self.constraints]
        onwards = Row(((side, self.goal),), 1, None)
        return solve(columns, [*rows, onwards], (), time_limit=max(0.0, self.deadline - monotonic())).verified

    def _refuse_contradiction(self) -> None:
        """Raise the error that names the fewest constraints that exclude each other, if that can be shown."""
        system = System(self.unknowns, self.constraints)
        chosen = list(range(len(self.constraints)))
        if not refutes(system, chosen, self.deadline):
            return
        for position in tuple(chosen):
            fewer = [other for other in chosen if other != position]
            if refutes(system, fewer, self.deadline):
                chosen = fewer
        raise self._contradiction(chosen)

    def _settled(self) -> System:
        """Return the system with the cells known that intervals have settled, the goal aside."""
        system = System(self.unknowns, self.constraints)
        for unknown in range(len(self.unknowns)):
            least, greatest = self.system.limits(unknown)
            if unknown != self.goal and least is not None and least == greatest:
                for side in (LEAST, GREATEST):
                    system.facts[unknown, side] = self.system.facts[unknown, side]
        return system

    def _needed(self) -> Iterator[str]:
        """Yield the cells of the shortest equation about the goal that are not settled."""
        best: list[int] | None = None
        for constraint in self.constraints:
            unknowns = [unknown for _, unknown in constraint.terms]
            if constraint.lower == constraint.upper and self.goal in unknowns:
                others = [u for u in unknowns if u != self.goal and not self._is_settled(u)]
                best = others if best is None or len(others) < len(best) else best
        yield from (self._name(unknown) for unknown in best or ())

    def _is_settled(self, unknown: int) -> bool:
        least, greatest = self.system.limits(unknown)
        return least is not None and least == greatest

    def _name(self, unknown: int) -> str:
        if unknown == self.goal:
            return self.name
        return name_cell(self.unknown_cells[unknown], self.evidence.network)

    def _ground(self, position: int) -> Ground:
        clause = self.clauses[position]
        return self.definition if clause is None else find_ground(clause.check, self.evidence.network.contents)

    def _chain(self, sides: Sequence[int]) -> tuple[Reason, ...]:
        """Return the steps by which intervals lead to the goal."""
        facts = [self.system.stated(self.goal, side) for side in sides]
        steps = [self._step(fact) for fact in _ordered(facts) if fact.constraint is not None or fact in facts]
        return tuple(dict.fromkeys(steps))

    def _step(self, fact: Fact) -> Reason:
        name = self._name(fact.unknown)
        number = write_number(fact.value)
        if fact.constraint is None:
            check, words = ("minimum", "less") if fact.side == LEAST else ("maximum", "more")
            conclusion = f"{_OPERATORS[fact.side]} {number}"
            ground = Ground(check, "", f"{name} {conclusion}", f"The column allows no {words}.", "definition", "")
            return Reason(name, "", conclusion, (ground,))
        other = self.system.facts.get((fact.unknown, -fact.side))
        is_same = other is not None and (other.value, other.constraint) == (fact.value, fact.constraint)
        conclusion = f"{'=' if is_same else _OPERATORS[fact.side]} {number}"
        return Reason(name, self._arithmetic(fact), conclusion, (self._ground(fact.constraint),))

    def _arithmetic(self, fact: Fact) -> str:
        assert fact.constraint is not None
        clause = self.clauses[fact.constraint]
        values = {source.unknown: source.value for source in fact.sources}
        is_goal = fact.unknown == self.goal and self.is_sum
        if clause is not None and (is_goal or not (self.is_sum and self.goal in values)):
            cells = {self.unknown_cells[unknown]: value for unknown, value in values.items()}
            solved = self.cells if is_goal else {self.unknown_cells[fact.unknown]: 1}
            return fill(clause, self.evidence, solved, cells)
        constraint = self.constraints[fact.constraint]
        limit = constraint.upper if constraint.upper is not None else constraint.lower
        own = next(factor for factor, unknown in constraint.terms if unknown == fact.unknown)
        others = [(factor, unknown) for factor, unknown in constraint.terms if unknown in values]
        pieces = [(Fraction(-factor) / own, values[unknown]) for factor, unknown in others]
        return write_out([(1 / Fraction(own), limit or 0), *pieces])

    def _proved(self, proof: Proof, side: int, value: int) -> tuple[Reason, ...]:
        """Return the steps of a proof: what it takes for settled, then what the constraints say together."""
        settled = {u for at in proof.constraints for _, u in self.constraints[at].terms if u != self.goal}
        facts = [self.system.facts[u, s] for u in sorted(settled) if self._is_settled(u) for s in (LEAST, GREATEST)]
        steps = [self._step(fact) for fact in _ordered(facts) if fact.constraint is not None]
        grounds = tuple(dict.fromkeys(self._ground(position) for position in proof.constraints))
        conclusion = f"{_OPERATORS[side]} {write_number(value)}"
        arithmetic = self._added_up(proof, side) if proof.multipliers else ""
        return (*dict.fromkeys(steps), Reason(self.name, arithmetic, conclusion, grounds))

    def _added_up(self, proof: Proof, side: int) -> str:
        """Return the sum of multiples of constraints, with settled cells on the side of the numbers."""
        pieces: list[tuple[Exact, Exact]] = []
        rest: dict[int, Exact] = {self.goal: -side}
        for position, factor in zip(proof.constraints, proof.multipliers, strict=True):
            constraint = self.constraints[position]
            number = constraint.lower if factor > 0 else constraint.upper
            assert number is not None
            for own, unknown in constraint.terms:
                if unknown != self.goal and self._is_settled(unknown):
                    number -= own * self.system.facts[unknown, LEAST].value
                else:
                    rest[unknown] = rest.get(unknown, 0) - factor * own
            pieces.append((-side * factor, number))
        for unknown, left in rest.items():
            limit = self.unknowns[unknown].least if left > 0 else self.unknowns[unknown].greatest
            pieces.append((-side * left, limit or 0))
        return write_out(pieces)


def _ordered(facts: Iterable[Fact]) -> list[Fact]:
    """Return facts with all that they come from, sources first, each once."""
    done: dict[tuple[int, int, Exact, int | None], Fact] = {}
    waiting = [(fact, False) for fact in reversed(list(facts))]
    while waiting:
        fact, is_ready = waiting.pop()
        key = (fact.unknown, fact.side, fact.value, fact.constraint)
        if key in done:
            continue
        if is_ready:
            done[key] = fact
        else:
            waiting.append((fact, True))
            waiting += [(source, False) for source in reversed(fact.sources)]
    return list(done.values())


def _level(limit: Exact | None) -> Exact | None:
    """Return what a limit is to steps: the same 0 for all that there are."""
    return None if limit is None else 0


def _weight(steps: Iterable[Reason]) -> int:
    """Return how much there is to read: a step from several relations is worth as many steps."""
    return sum(len(step.grounds) for step in steps)
