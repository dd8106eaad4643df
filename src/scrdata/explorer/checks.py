"""What holds in a package, as the page shows it: rules with their numbers and states, and the register told."""

from __future__ import annotations

from scrdata.figures import figures_in, filled, outcomes
from scrdata.values import to_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from scrdata.explorer.dossiers import Dossiers
    from scrdata.rules import Outcome, Rule
    from scrdata.validation import Contents

HOLDS, FAILS, OPEN, REGISTERED = "holds", "fails", "open: a cell is missing", "fails, as registered"
_TOLD = ("kind", "left_value", "right_value", "locators", "explanation", "resolution")
# So many instances of a rule are written out; of more only the number is said.
MOST_INSTANCES = 6


def describe_rules(contents: Contents) -> list[dict[str, str]]:
    """Return, for each rule, its identifier, the rule with its numbers filled in, and its state."""
    found: dict[str, list[Outcome]] = {rule.rule_id: [] for rule in contents.rules}
    for outcome in outcomes(contents.rules, contents.totals):
        found[outcome.rule.rule_id].append(outcome)
    return [_rule(rule, found[rule.rule_id], contents) for rule in contents.rules]


def _rule(rule: Rule, found: list[Outcome], contents: Contents) -> dict[str, str]:
    states = [_state(outcome, contents) for outcome in found]
    counts = {state: states.count(state) for state in dict.fromkeys(states)}
    if len(found) == 1 or len(counts) == 1:
        state = next(iter(counts), "no instance")
    else:
        state = "; ".join(f"{count} times: {state}" for state, count in counts.items())
    numbers = "; ".join(_numbers(outcome, contents) for outcome in found)
    if len(found) > MOST_INSTANCES:
        numbers = f"{len(found)} equations, one for each {rule.equation.references[0].stars[0][-1]}"
    return {"rule_id": rule.rule_id, "numbers": numbers, "state": state}


def _state(outcome: Outcome, contents: Contents) -> str:
    if outcome.holds is None:
        return OPEN
    if outcome.holds:
        return HOLDS
    return REGISTERED if contents.register is not None and contents.register.accepts(outcome) else FAILS


def _numbers(outcome: Outcome, contents: Contents) -> str:
    """Return an equation with its numbers, after the instance that it is of."""
    figure = next(iter(figures_in(outcome, contents.totals)), None)
    if figure is None:
        return str(outcome.rule.equation)
    numbers = filled(outcome, figure, contents.totals)
    return f"{outcome.instance}: {numbers}" if outcome.instance else numbers


def tell_discrepancies(contents: Contents, dossiers: Dossiers) -> list[dict[str, object]]:
    """Return the register by kinds, in the order of its rows: what differs, where, and what the package stores."""
    table = contents.register.table if contents.register is not None else None
    if table is None:
        return []
    touched = _touched_totals(contents)
    labels = {}
    if "kind" in table.columns:
        labels = {to_text(item.value): item.label for item in table.schema.columns["kind"].categories}
    kinds: dict[str, list[dict[str, object]]] = {}
    for row in range(len(table)):
        item: dict[str, object] = dict.fromkeys(_TOLD, "")
        item.update({name: to_text(cells[row]) for name, cells in table.columns.items()})
        kind = str(item["kind"])
        name = str(item["discrepancy_id"])
        item["title"] = name.replace("-", " ").replace("_", " ").capitalize()
        item["totals"] = [{"reference": text, "label": dossiers.label(text)} for text in touched.get(name, [])]
        kinds.setdefault(labels.get(kind, kind), []).append(item)
    return [{"kind": kind, "items": items} for kind, items in kinds.items()]


def _touched_totals(contents: Contents) -> dict[str, list[str]]:
    """Return the totals that other tables name for a discrepancy, as text."""
    assert contents.register is not None
    assert contents.register.table is not None
    found: dict[str, list[str]] = {}
    for table in contents.tables.values():
        columns = [field.name for field in table.schema.fields if field.properties.get("scrdata:reference") is True]
        for key in table.schema.foreign_keys:
            if key.table == contents.register.table.name and key.columns == ("discrepancy_id",):
                for row, name in enumerate(table.columns[key.fields[0]]):
                    cells = (table.columns[column][row] for column in columns)
                    found.setdefault(to_text(name), []).extend(to_text(cell) for cell in cells if cell is not None)
    return found
