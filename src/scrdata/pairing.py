"""Which two cells can be changed together so that their changes cancel in every equation.

A change moves the equations that see it by a multiple of one direction: the vector of factors, in
lowest terms. Two changes cancel only if their directions are the same, so cells are grouped by
direction and no pair of different groups is looked at. What is left is held against inequalities,
bounds and keys with the smallest steps that cancel: as all of these are convex, larger steps pass
nothing that the smallest does not.

Equations that are not linear in a way that can be added up over two cells are left out, as are
groups beyond `MOST_PARTNERS`: a cell is then said to be unguarded in pairs, which errs on the safe
side.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import chain
from math import gcd, lcm

from scrdata.domains import EVERYTHING, intersection, without_tens
from scrdata.effects import domain_pieces, exact_quotient, inner_value
from scrdata.mentions import read_printed
from scrdata.network import MENTION, exact
from scrdata.records import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from scrdata.domains import Span
    from scrdata.effects import ColumnName, Effects, Influence
    from scrdata.network import Cell, Exact

    Direction = tuple[tuple[int, Exact], ...]

# So many partners are tried for a cell before it is taken to have one.
MOST_PARTNERS = 50
# So many pieces times equations are worked out for a cell that decides whether its row is counted.
MOST_PIECES = 10_000
# Columns of decimals have no smallest step; this one has as many digits as a cell can.
SMALLEST = Fraction(1, 10**900)


class Move(Record):
    """A change of one cell that moves the equations.

    Attributes:
        cell: that is changed.
        multiple: of the direction, by each step of the cell, or by the change as a whole.
        values: where the cell goes, if it leaves its piece; `None` of steps of any size.
        is_text: the cell is the value of a mention.
    """

    cell: Cell
    multiple: Exact
    values: Span | None = None
    is_text: bool = False

    @property
    def is_step(self) -> bool:
        """Whether the cell can go on step by step."""
        return self.values is None and not self.is_text


class Group:
    """The moves in one direction: steps, and leaps by their multiple."""

    __slots__ = ("leaps", "steps")

    def __init__(self) -> None:
        self.steps: list[Move] = []
        self.leaps: dict[Exact, list[Move]] = {}


class Pairing:
    """Finds for each cell whether another can be changed together with it.

    Args:
        effects: of the columns of the package on its checks.
        alternatives: by row of the table of mentions, the other values that the printed words can say.
    """

    def __init__(self, effects: Effects, alternatives: Mapping[int, list[str]]) -> None:
        self.effects = effects
        self.alternatives = alternatives
        mentions = effects.network.contents.mention_table
        self._values = None if mentions is None else (mentions.name, "value")
        self._lost = {place for place in range(len(effects.relations)) if self._is_entangled(place)}
        self.influences: dict[ColumnName, dict[int, Influence]] = {}
        for name in effects.domains:
            self.influences[name] = effects.influences(name)
            self._lost.update(set(effects.touching(name)) - self.influences[name].keys())
        self._own = self._regions_of_own_checks()
        self.moves: dict[Cell, list[tuple[Direction, Move]]] = {}
        self._looking: dict[Cell, list[tuple[int, Influence]]] = {}
        for name in self.influences:
            self._drop_bent(name)
        for name in self.influences:
            self._add_steps(name)
        self._add_leaps()
        self._add_mentions()
        self.groups = self._grouped()

    def _grouped(self) -> dict[Direction, Group]:
        """Return the moves by direction, cells with much room first."""
        groups: dict[Direction, Group] = {}
        for moves in self.moves.values():
            for direction, move in moves:
                group = groups.setdefault(direction, Group())
                if move.is_step:
                    group.steps.append(move)
                else:
                    group.leaps.setdefault(move.multiple, []).append(move)
        for group in groups.values():
            group.steps.sort(key=lambda move: self.effects.domains[move.cell[:2]].room(move.cell[2]), reverse=True)
        return groups

    def _is_entangled(self, place: int) -> bool:
        """Say whether changes of two cells do not simply add up in a relation."""
        for _, position in self.effects.relations[place][1].terms:
            node = self.effects.network.nodes[position]
            deciding = self.effects.deciding(node)
            if len(deciding) > 1 or (deciding and node.reference is not None and node.reference.stars):
                return True
            if deciding and node.column is not None and node.column != deciding[0][1]:
                return True
        return False

    def _is_usable(self, place: int) -> bool:
        """Say whether a relation is an equation that sees pairs."""
        if place in self._lost or self.effects.relations[place][1].operator != "=":
            return False
        return not any(self.effects.network.nodes[node].missing for _, node in self.effects.relations[place][1].terms)

    def _regions_of_own_checks(self) -> dict[Cell, list[Span]]:
        """Return the values that cells can have by those checks in which no other cell takes part."""
        counted: dict[int, int] = {}
        users: dict[int, Cell] = {}
        for (table, column), influences in self.influences.items():
            cells = self.effects.domains[table, column].cells
            for place, influence in influences.items():
                rows = influence.rows(cells)
                counted[place] = counted.get(place, 0) + len(rows)
                for row in rows:
                    users[place] = (table, column, row)
                    break
        for place, (check, _) in enumerate(self.effects.relations):
            if check.kind == MENTION and check.row in self.alternatives:
                counted[place] = counted.get(place, 0) + 1
        regions: dict[Cell, list[Span]] = {}
        for place, cell in users.items():
            if counted[place] == 1 and place not in self._lost:
                domain = self.effects.domains[cell[:2]]
                region = self.influences[cell[:2]][place].region(cell[2], domain)
                regions[cell] = intersection(regions.get(cell, [domain.span]), region)
        return regions

    def _can_go(self, cell: Cell, piece: Span) -> bool:
        """Say whether a cell has another value within a piece, as far as its own checks can see."""
        own = self.effects.domains[cell[:2]].cells[cell[2]]
        region = intersection(self._own.get(cell, [piece]), [piece])
        return any(low < high or (low == high and low != (own, 0)) for low, high in region)

    def _is_fixed(self, cell: Cell) -> bool:
        return cell in self._own and not self._can_go(cell, EVERYTHING)

    def _is_loose(self, cell: Cell, moves: list[tuple[Direction, Move]]) -> bool:
        """Say whether a cell can change in a way that no equation for pairs sees."""
        if any(move.is_step for _, move in moves):
            return False
        seen = {move.values for _, move in moves}
        return any(piece not in seen and self._can_go(cell, piece) for piece in self._pieces_of(cell))

    def _drop_bent(self, name: ColumnName) -> None:
        """Leave out the equations that a column decides, where they would have to be added to sums of it.

        Those that are left are noted for each cell that they look at.
        """
        influences = {place: item for place, item in self.influences[name].items() if self._is_usable(place)}
        cells = self.effects.domains[name].cells
        looking: dict[int, list[tuple[int, Influence]]] = {}
        for place, item in influences.items():
            for row in item.rows(cells) if item.members else ():
                looking.setdefault(row, []).append((place, item))
        work = [len(items) * sum(2 * len(item.limits) + 1 for _, item in items) for items in looking.values()]
        bent = any(member.is_own for item in influences.values() for member in item.members) or any(
            row in looking and not self._is_fixed((*name, row)) for item in influences.values() for row in item.linear
        )
        if bent or max(work, default=0) > MOST_PIECES:
            self._lost.update(place for items in looking.values() for place, _ in items)
        else:
            self._looking.update({(*name, row): items for row, items in looking.items()})

    def _pieces_of(self, cell: Cell) -> list[Span]:
        """Return the parts of its domain among which a cell is told apart."""
        limits = {limit for _, item in self._looking.get(cell, ()) for limit in item.limits}
        return list(domain_pieces(self.effects.domains[cell[:2]], sorted(limits)))

    def _add_steps(self, name: ColumnName) -> None:
        """Add the steps of the cells of a column that are added up."""
        factors: dict[int, list[tuple[int, Exact]]] = {}
        for place, influence in self.influences[name].items():
            if self._is_usable(place):
                for row, factor in influence.linear.items():
                    factors.setdefault(row, []).append((place, factor))
        for row, vector in factors.items():
            self._add((*name, row), vector, None)

    def _add_leaps(self) -> None:
        """Add the changes by which cells let rows in or out."""
        for cell, items in self._looking.items():
            now = self.effects.domains[cell[:2]].cells[cell[2]]
            for piece in self._pieces_of(cell):
                if piece[0] <= (now, 0) <= piece[1]:  # type: ignore[operator]
                    continue
                sample = inner_value(piece)
                vector = [
                    (place, amount - item.known)
                    for place, item in items
                    if (amount := item.after(cell[2], now, sample)) not in (None, item.known)
                ]
                self._add(cell, vector, piece)

    def _add_mentions(self) -> None:
        """Add the changes of values of mentions whose words can say several."""
        if self._values is None:
            return
        influences = self.effects.influences(self._values)
        deciding = {place: item for place, item in influences.items() if self._is_usable(place)}
        own: dict[int, int] = {}
        for place, (check, _) in enumerate(self.effects.relations):
            if check.kind == MENTION and check.column == "value" and self._is_usable(place):
                own.setdefault(check.row, place)
        for row, values in self.alternatives.items():
            now = str(self.effects.network.contents.tables[self._values[0]].columns["value"][row])
            for value in values:
                vector = [
                    (place, amount - item.known)
                    for place, item in deciding.items()
                    if item.touches(row) and (amount := item.after(row, now, value)) not in (None, item.known)
                ]
                before, after = read_printed(now), read_printed(value)
                if row in own and before is not None and after is not None:
                    vector.append((own[row], exact(before.numerator) - exact(after.numerator)))  # type: ignore[operator]
                self._add((*self._values, row), vector, None, is_text=True)

    def _add(self, cell: Cell, vector: list[tuple[int, Exact]], values: Span | None, *, is_text: bool = False) -> None:
        """Add a move, in lowest terms, of a cell that its own checks do not fix."""
        if not vector or self._is_fixed(cell):
            return
        vector.sort()
        below = lcm(*(Fraction(factor).denominator for _, factor in vector))
        scale = Fraction(gcd(*(int(factor * below) for _, factor in vector)), below)
        scale = scale if vector[0][1] > 0 else -scale
        direction = tuple((place, exact_quotient(factor, scale)) for place, factor in vector)
        move = Move(cell, exact_quotient(scale, 1), values, is_text)
        self.moves.setdefault(cell, []).append((direction, move))

    def verdict(self, cell: Cell) -> tuple[bool, Cell | None]:
        """Say whether a cell that is guarded alone is guarded in pairs; else name a partner, if one is known."""
        moves = self.moves.get(cell, [])
        if cell[:2] == self._values:
            # Each other value that the words can say has to be seen by an equation.
            if len(moves) < len(self.alternatives.get(cell[2], ())):
                return False, None
        elif self._is_fixed(cell):
            return True, None
        elif self._is_loose(cell, moves):
            return False, None
        for direction, move in moves:
            for tried, partner in enumerate(self._partners(direction, move)):
                if tried >= MOST_PARTNERS:
                    return False, None
                if self._passes(move, partner):
                    return False, partner.cell
        return True, None

    def _partners(self, direction: Direction, move: Move) -> Iterator[Move]:
        """Yield the moves of other cells that may cancel a move."""
        group = self.groups[direction]
        leaps = chain.from_iterable(group.leaps.values()) if move.is_step else group.leaps.get(-move.multiple, ())
        for partner in chain(group.steps, leaps):
            if partner.cell != move.cell:
                yield partner

    def _passes(self, one: Move, other: Move) -> bool:
        """Say whether two moves that may cancel do, and pass what else sees them."""
        if one.is_step and other.is_step:
            return any(self._is_unnoticed(one.cell, *ends, other.cell) for ends in self._steps(one, other))
        if not one.is_step and not other.is_step:
            return self._leaps_pass(one, other)
        step, leap = (one, other) if one.is_step else (other, one)
        domain = self.effects.domains[step.cell[:2]]
        now = domain.cells[step.cell[2]]
        assert now is not None
        return domain.may_be(step.cell[2], now - exact_quotient(leap.multiple, step.multiple))

    def _steps(self, one: Move, other: Move) -> Iterator[tuple[Exact, Exact]]:
        """Yield the values of two cells after the smallest changes that cancel, one way and the other."""
        domains = [self.effects.domains[move.cell[:2]] for move in (one, other)]
        now = [domain.cells[move.cell[2]] for domain, move in zip(domains, (one, other), strict=True)]
        ratio = Fraction(-one.multiple) / Fraction(other.multiple)
        step = Fraction(without_tens(ratio.denominator))
        if domains[0].is_whole and domains[1].is_whole:
            step = Fraction(ratio.denominator)
        elif domains[1].is_whole:
            step = abs(without_tens(abs(ratio.numerator)) / ratio)
        elif not domains[0].is_whole:
            step *= SMALLEST
        for sign in (1, -1):
            yield exact_quotient(now[0] + sign * step, 1), exact_quotient(now[1] + sign * step * ratio, 1)  # type: ignore[operator]

    def _leaps_pass(self, one: Move, other: Move) -> bool:
        """Say whether two cells can leave their pieces together."""
        ends = []
        for move, beside in ((one, other), (other, one)):
            if move.values is None:
                return True
            domain = self.effects.domains[move.cell[:2]]
            low, high = move.values
            exchanged = beside.cell[2] if beside.cell[:2] == move.cell[:2] else None
            if low == high:
                if not domain.is_free(move.cell[2], low[0], exchanged):  # type: ignore[arg-type]
                    return False
                ends.append(low[0])
            elif exchanged is None and domain.least(move.cell[2], [move.values]) is None:
                return False
        if len(ends) < 2:
            return True
        return self._is_unnoticed(one.cell, ends[0], ends[1], other.cell, is_exact=True)  # type: ignore[arg-type]

    def _is_unnoticed(self, one: Cell, first: Exact, second: Exact, other: Cell, *, is_exact: bool = False) -> bool:
        """Say whether two changes that cancel in the equations pass bounds and inequalities.

        Args:
            one: a cell.
            first: its new value.
            second: the new value of the other cell.
            other: the other cell.
            is_exact: these values are meant; otherwise also all that lie further the same way.
        """
        after: dict[int, Exact | None] = {}
        for cell, value in ((one, first), (other, second)):
            domain = self.effects.domains[cell[:2]]
            if not domain.may_be(cell[2], value):
                return False
            for place, influence in self.influences[cell[:2]].items():
                if place in self._lost or influence.relation.operator == "=" or not influence.touches(cell[2]):
                    continue
                amount = influence.after(cell[2], domain.cells[cell[2]], value)
                before = after.get(place, influence.known)
                is_known = amount is not None and before is not None and (is_exact or not influence.members)
                after[place] = before + amount - influence.known if is_known else None  # type: ignore[operator]
        relations = self.effects.relations
        return all(amount is None or relations[place][1].holds(amount) for place, amount in after.items())
