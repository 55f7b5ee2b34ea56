"""What changed between two editions of a standard, clause by clause, for a reader.

Criteria are matched by id; those whose id changed by what they measure (研发费用:
``rnd`` → ``rnd_each_year``). Within a pair the thresholds are compared by what
they measure, and whatever stands in the expression of one edition only is named.
"""

from __future__ import annotations

import dataclasses

from tidu.rules import nodes
from tidu.rules.language import N_, translate
from tidu.rules.naming import name_node
from tidu.rules.rulesets import Criterion, RuleSet
from tidu.rules.units import plain
from tidu.rules.vocabulary import Words

_RISING = {">=", ">"}


@dataclasses.dataclass(frozen=True, slots=True)
class Threshold:
    """A comparison with a constant: what is measured, against what, how often."""

    measure: str
    measure_english: str
    op: str
    bound: nodes.Number
    years: int

    def text(self, *, english: bool) -> str:
        """``不低于 3%（近2年每年）``."""
        words = {
            ">=": N_("不低于{bound}"),
            ">": N_("高于{bound}"),
            "<=": N_("不高于{bound}"),
            "<": N_("低于{bound}"),
        }
        bound = self.bound.text or plain(self.bound.value)
        said = translate(words.get(self.op, "{bound}"), english).format(bound=bound)
        if self.years == 1:
            return said
        text = translate(N_("{said}（近{years}年每年）"), english)
        return text.format(said=said, years=self.years)


@dataclasses.dataclass(frozen=True, slots=True)
class Change:
    """One criterion of the later edition, the earlier one it replaces, what differs.

    Either side may be None: added or removed.
    """

    earlier: Criterion | None
    later: Criterion | None
    kept: tuple[tuple[Threshold, Threshold], ...]
    gone: tuple[str, ...]
    new: tuple[str, ...]
    gone_english: tuple[str, ...]
    new_english: tuple[str, ...]

    def sentence(self, *, english: bool = False) -> str:
        """The change in words, one line per difference."""
        gone = self.gone_english if english else self.gone
        new = self.new_english if english else self.new
        if self.later is None or self.earlier is None:
            criterion = self.later or self.earlier
            assert criterion is not None
            added = N_("＋ 新增：{label}（{clause}）")
            removed = N_("－ 取消：{label}（{clause}）")
            head = translate(added if self.later else removed, english).format(
                label=criterion.label.say(english=english), clause=criterion.clause
            )
            return "\n".join([head, *(f"    {line}" for line in (*gone, *new))])
        head = translate(N_("～ {label}（{before} → {after}）"), english).format(
            label=self.later.label.say(english=english),
            before=self.earlier.clause,
            after=self.later.clause,
        )
        lines = [_moved(*pair, english=english) for pair in self.kept]
        lines += [translate(N_("不再有：{what}"), english).format(what=g) for g in gone]
        lines += [translate(N_("新增：{what}"), english).format(what=n) for n in new]
        return "\n".join([head, *(f"    {line}" for line in lines)])


def diff(earlier: RuleSet, later: RuleSet, words: Words) -> list[Change]:
    """Every criterion that was added, removed or changed, in the later one's order.

    Grouped criteria are compared part by part.
    """
    old, new = _clauses(earlier), _clauses(later)
    partner = {each: each for each in new if each in old}
    partner |= _partners(
        {name: each for name, each in old.items() if name not in new},
        {name: each for name, each in new.items() if name not in old},
        words,
    )
    pairs: list[tuple[Criterion | None, Criterion | None]] = [
        (old[partner[name]] if name in partner else None, each)
        for name, each in new.items()
    ]
    taken = set(partner.values())
    pairs += [(each, None) for name, each in old.items() if name not in taken]
    changes = [_compare(before, after, words) for before, after in pairs]
    return [each for each in changes if _differs(each)]


def _clauses(rule_set: RuleSet) -> dict[str, Criterion]:
    """The criteria that stand alone, and the parts of those that do not, by id."""
    found = (each for top in rule_set.criteria for each in top.walk())
    return {each.id: each for each in found if each.id and not each.parts}


def _partners(
    old: dict[str, Criterion], new: dict[str, Criterion], words: Words
) -> dict[str, str]:
    """Later → earlier id where both measure the same; the most alike first."""
    alike = [
        (
            len(_thresholds(before, words).keys() & _thresholds(after, words).keys()),
            a,
            b,
        )
        for a, after in new.items()
        for b, before in old.items()
    ]
    found: dict[str, str] = {}
    for shared, after_id, before_id in sorted(alike, key=lambda each: -each[0]):
        if shared and after_id not in found and before_id not in found.values():
            found[after_id] = before_id
    return found


def _differs(change: Change) -> bool:
    if change.earlier is None or change.later is None:
        return True
    return bool(change.kept or change.gone or change.new)


def _compare(before: Criterion | None, after: Criterion | None, words: Words) -> Change:
    old, new = _thresholds(before, words), _thresholds(after, words)
    kept = [
        (old[measure], new[measure])
        for measure in new
        if measure in old and _terms(old[measure]) != _terms(new[measure])
    ]
    old_all: dict[str, Condition] = {**old, **_conditions(before, words)}
    new_all: dict[str, Condition] = {**new, **_conditions(after, words)}
    gone = [old_all[each] for each in old_all if each not in new_all]
    added = [new_all[each] for each in new_all if each not in old_all]
    return Change(
        before,
        after,
        tuple(kept),
        tuple(_say(each, english=False) for each in gone),
        tuple(_say(each, english=False) for each in added),
        tuple(_say(each, english=True) for each in gone),
        tuple(_say(each, english=True) for each in added),
    )


def _terms(threshold: Threshold) -> tuple[str, object, int]:
    return threshold.op, threshold.bound.value, threshold.years


Condition = Threshold | tuple[str, str]  # a threshold, or a clause in both languages


def _say(condition: Condition, *, english: bool) -> str:
    if isinstance(condition, Threshold):
        name = condition.measure_english if english else condition.measure
        return f"{name} {condition.text(english=english)}"
    return condition[1] if english else condition[0]


def _thresholds(criterion: Criterion | None, words: Words) -> dict[str, Threshold]:
    """Thresholds of a criterion by what they measure."""
    found: dict[str, Threshold] = {}
    for node, years in _leaves(criterion.require if criterion else None, 1):
        match node:
            case nodes.Compare(op, left, nodes.Number() as bound):
                name = name_node(left, words, english=False)
                english = name_node(left, words, english=True)
                found.setdefault(name, Threshold(name, english, op, bound, years))
    return found


def _conditions(criterion: Criterion | None, words: Words) -> dict[str, Condition]:
    """Flags, choices and clauses for people, by a text that identifies them."""
    found: dict[str, Condition] = {}
    for node, _ in _leaves(criterion.require if criterion else None, 1):
        match node:
            case nodes.Is(fact, options):
                labels = [_option(fact.id, each, words) for each in options]
                name = name_node(fact, words, english=False)
                english = name_node(fact, words, english=True)
                chinese = f"{name}为{'或'.join(label for label, _ in labels)}"
                said = f"{english}: {' or '.join(label for _, label in labels)}"
                found[f"{fact.id} {options}"] = (chinese, said)
            case nodes.Flag() | nodes.Reviewed():
                name = name_node(node, words, english=False)
                found[name] = (name, name_node(node, words, english=True))
    return found


def _option(fact_id: str, option: str, words: Words) -> tuple[str, str]:
    fact = words.facts[fact_id]
    return fact.choice_label(option), fact.choice_label(option, english=True)


def _leaves(node: nodes.Node | None, years: int) -> list[tuple[nodes.Node, int]]:
    """Every leaf with the number of years it is asked of."""
    match node:
        case None:
            return []
        case nodes.EachYear(count, item):
            return _leaves(item, count)
        case nodes.Reviewed(_, item):
            return [*_leaves(item, years), (node, years)]
        case nodes.Compare() | nodes.Flag() | nodes.Is() | nodes.Has():
            return [(node, years)]
    return [each for child in nodes.children(node) for each in _leaves(child, years)]


def _moved(before: Threshold, after: Threshold, *, english: bool) -> str:
    """One threshold from → to, and whether that is stricter."""
    text = translate(N_("{measure}：{before} → {after}{judgement}"), english)
    return text.format(
        measure=after.measure_english if english else after.measure,
        before=before.text(english=english),
        after=after.text(english=english),
        judgement=_judgement(before, after, english=english),
    )


def _judgement(before: Threshold, after: Threshold, *, english: bool) -> str:
    if before.op != after.op:
        return ""
    more = after.bound.value - before.bound.value
    rising = 1 if after.op in _RISING else -1
    tighter = (more * rising > 0) - (more * rising < 0)
    longer = (after.years > before.years) - (after.years < before.years)
    if tighter + longer > 0 and min(tighter, longer) >= 0:
        return translate(N_("，更严"), english)
    if tighter + longer < 0 and max(tighter, longer) <= 0:
        return translate(N_("，放宽"), english)
    return ""
