"""Statements that may be wrong themselves: mentions, numbers in rules, registered values."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from scrdata.figures import Figure, filled
from scrdata.findings import shown
from scrdata.localisation.candidates import exact_text
from scrdata.localisation.states import AS_IT_STANDS, State
from scrdata.localisation.suspects import CHANGE, Suspect
from scrdata.network import MENTION, REGISTERED, RULE, WHOLE
from scrdata.reading import scalar
from scrdata.rules import WORDS, Outcome

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from scrdata.findings import Scalar
    from scrdata.localisation.states import Assessment, Group
    from scrdata.network import Check, Exact, Node
    from scrdata.reading import Table

# A sentence of more characters is cut.
LONGEST = 600
# No part of any sum is to be written apart.
_NO_FIGURE = Figure("", None, ())
_CONVERSE = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


class Statements:
    """Words checks with their numbers, and tells what those would have to say that are set aside.

    Args:
        assessment: of the package.
        said: what findings say, by the position of their check.
    """

    def __init__(self, assessment: Assessment, said: Mapping[int, str]) -> None:
        self.assessment = assessment
        self.network = assessment.network
        contents = assessment.network.contents
        self.said = said
        self._groups: dict[Group, list[int]] = {}
        self._grouped = 0
        self._rules = {rule.row: rule for rule in contents.rules}
        self._mentions = {mention.row: mention for mention in contents.mentions}

    def suspects(self, state: State, group: Group, failing: frozenset[int]) -> Iterable[Suspect]:
        """Yield the statements of a group that would have to change."""
        for position in self._members(group):
            check = self.network.checks[position]
            if self.assessment.holds(check, state.shifts) is not False:
                continue
            table = self._stating(check)
            explained = [position] if position in failing else sorted(failing)
            ids = tuple(dict.fromkeys(self.network.checks[item].check_id for item in explained))
            speaking = self._confirming(state, check, position)
            yield Suspect(
                table.name, CHANGE, check.row + 1, table.key(check.row), check.column,
                scalar(table.columns[check.column][check.row]), self._restated(state, check),
                ratio(1 if state.changes else max(speaking, 1), len(state.waived)), ids,
                self._reasons(state, position, speaking), file=table.file, line=table.lines[check.row],
            )  # fmt: skip

    def _members(self, group: Group) -> list[int]:
        """Return the checks of a group of statements; those that a change added since are looked up as well."""
        for position in range(self._grouped, len(self.network.checks)):
            waiver = self.assessment.waiver(self.network.checks[position])
            if waiver is not None:
                self._groups.setdefault(waiver.group, []).append(position)
        self._grouped = len(self.network.checks)
        return self._groups[group]

    def _stating(self, check: Check) -> Table:
        contents = self.network.contents
        register = contents.register
        table = {
            RULE: contents.rule_table,
            MENTION: contents.mention_table,
            REGISTERED: None if register is None else register.table,
        }[check.kind]
        assert table is not None
        return table

    def _confirming(self, state: State, check: Check, position: int) -> int:
        """Return how many other checks hold that need a total of a statement."""
        nodes = {node for relation in check.relations for _, node in relation.terms}
        users = {user for node in nodes for user in self.network.nodes[node].users} - {position}
        return sum(self.assessment.holds(self.network.checks[user], state.shifts) is True for user in users)

    def _amount(self, state: State, node: int) -> Exact | None:
        known, missing = state.shifts.get(node, (0, 0))
        total = self.network.nodes[node]
        return None if total.missing + missing else total.known + known

    def _restated(self, state: State, check: Check) -> Scalar:
        """Return what a statement would have to say."""
        relation = check.relations[0]
        if check.kind == MENTION:
            return self._reprinted(state, check)
        if check.name != check.check_id and check.kind == RULE:
            return None
        assert check.stated is not None
        # A check that fails has no missing cell.
        amount, _ = self.assessment.amount(relation, state.shifts)
        number = exact_text(check.stated + amount)
        if check.kind == REGISTERED or number is None:
            return number
        table = self._stating(check)
        left, sign, right = str(table.columns["equation"][check.row]).rpartition(" = ")
        # Only a number that stands by itself behind the sign is what the left side lacks or has too much.
        return f"{left}{sign}{number}" if right == exact_text(check.stated) else None

    def _reprinted(self, state: State, check: Check) -> Scalar:
        """Return the value that a mention would have to print."""
        mention = self._mentions[check.row]
        assert mention.total is not None
        total, *base = [self._amount(state, self.network.node(reference)) for reference in mention.references]
        assert total is not None
        if mention.share_of is None:
            number = exact_text(total)
            return number if mention.relation == "=" else f"{WORDS[_CONVERSE[mention.relation]]}{number}"
        if not base[0] or not mention.value.endswith("%"):
            return None
        decimals = len(mention.value[:-1].partition(".")[2])
        share = Fraction(total) * 100 / Fraction(base[0])
        return f"{round(Decimal(share.numerator) / Decimal(share.denominator), decimals):.{decimals}f}%"

    def _reasons(self, state: State, position: int, speaking: int) -> tuple[str, ...]:
        if state.changes:
            return ("it repeats the number that would have to change",)
        if not speaking:
            return (self.sentence(position),)
        checks = "another check, which holds, has" if speaking == 1 else f"{speaking} other checks, which hold, have"
        return (self.sentence(position), f"{checks} the same total as it stands")

    def sentence(self, position: int) -> str:
        """Return a check with its numbers.

        Args:
            position: of the check.
        """
        check = self.network.checks[position]
        contents = self.network.contents
        if check.kind == RULE:
            rule = self._rules[check.row]
            values = next((node.values for node in self._nodes(check) if node.values), ())
            numbers = filled(Outcome(rule, values, None, None), _NO_FIGURE, contents.totals)
            return shown(f"{rule.statement} It reads {numbers} ({check.name})", LONGEST)
        if check.kind == MENTION:
            mention = self._mentions[check.row]
            total = self._amount(AS_IT_STANDS, check.relations[0].terms[0][1])
            stored = "unknown" if total is None else exact_text(total)
            return shown(f"{mention.locator} prints '{mention.words}' where the tables have {stored}")
        if check.kind == REGISTERED:
            assert check.stated is not None
            return f"{check.name} is registered with {exact_text(check.stated)} in {check.column}"
        if check.kind == WHOLE:
            amounts = [self._amount(AS_IT_STANDS, node) for _, node in check.relations[0].terms]
            part, whole = (exact_text(amount) if amount is not None else "unknown" for amount in amounts)
            return f"A part is not more than its whole. It reads {part} <= {whole} ({check.name})"
        return self.said[position]

    def _nodes(self, check: Check) -> list[Node]:
        return [self.network.nodes[node] for relation in check.relations for _, node in relation.terms]


def ratio(speaking: int, against: int) -> float:
    """Return the share of what speaks for a suggestion, to two decimals."""
    return round(speaking / (speaking + against), 2)
