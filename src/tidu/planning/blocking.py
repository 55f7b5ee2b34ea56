"""What blocks a title within the horizon: the fewest clauses that must give, why."""

from __future__ import annotations

import dataclasses
from typing import Any

from tidu.planning.levers import Levers
from tidu.planning.model import UnsolvedError
from tidu.planning.projection import ROUNDS, Outlook, project
from tidu.planning.search import Program
from tidu.rules import evaluate, nodes
from tidu.rules.assess import stand
from tidu.rules.facts import FactType, key_of, split_key
from tidu.rules.findings import Finding
from tidu.rules.language import N_, translate
from tidu.rules.naming import ask_keys
from tidu.rules.outcomes import MANUAL, MET
from tidu.rules.rulesets import Kind, RuleSet
from tidu.rules.scope import Scope
from tidu.rules.vocabulary import Text

_FAR = 30  # rounds; what takes longer is not told by its year


@dataclasses.dataclass(frozen=True, slots=True)
class Blocker:
    """One criterion no path can meet within three rounds, and why.

    ``missing``: keys of the figures to fill in first, where it is for want of them.
    """

    id: str
    label: Text
    clause: str
    why: Text
    missing: tuple[str, ...] = ()

    def reason(self, *, english: bool) -> str:
        """Why it blocks, in a sentence or two."""
        return self.why.say(english=english)

    def to_record(self, *, english: bool) -> dict[str, Any]:
        """The blocker as JSON."""
        return {
            "id": self.id,
            "label": self.label.say(english=english),
            "clause": self.clause,
            "reason": self.reason(english=english),
        }


def find_blockers(
    outlook: Outlook, to: str, kind: Kind, levers: Levers, at: int = ROUNDS - 1
) -> list[Blocker]:
    """The fewest criteria that must give for a path in round ``at``, the last one.

    A scheme without a standard by then, or one that only grades, blocks by itself.
    """
    date = outlook.horizon.date(at)
    chosen = outlook.pack.schemes[to].which(kind, date)
    if chosen is None:
        why = _say(N_("到{date}还没有适用的标准"), date=date.isoformat())
        return [_by_itself(outlook, to, why)]
    if chosen[0].value is not None:
        why = _say(N_("这一项只分级，没有达标与否，不能规划"))
        return [_by_itself(outlook, to, why)]
    blocking = _Blocking(outlook, to, kind, levers, at, chosen[0])
    return [blocking.explain(each) for each in blocking.found()]


def _by_itself(outlook: Outlook, to: str, why: Text) -> Blocker:
    return Blocker(to, outlook.pack.schemes[to].label, "", why)


class _Blocking:
    """Which criteria of one rule set block at one round, and why each does."""

    def __init__(
        self,
        outlook: Outlook,
        to: str,
        kind: Kind,
        levers: Levers,
        at: int,
        rule_set: RuleSet,
    ) -> None:
        self.outlook = outlook
        self.to = to
        self.kind = kind
        self.levers = levers
        self.at = at
        self.rule_set = rule_set
        day = outlook.horizon.date(at)
        facts = outlook.status_quo(at)
        self.standing = stand(outlook.pack, to, facts, on=day, kind=kind)

    def found(self) -> list[str]:
        """The smallest set of criteria without which there would be a path."""
        program = Program(self.outlook, self.levers, self.at, self.rule_set, self.kind)
        model = program.model
        gives: dict[str, int] = {}
        for criterion_id, truth in program.criteria.items():
            if truth is True:
                continue
            give = gives[criterion_id] = model.variable()
            terms = {give: 1} if truth is False else {give: 1, truth: 1}
            model.at_least(terms, 1)
        program.keep_consistent()
        try:
            values = model.solve([dict.fromkeys(gives.values(), 1.0)])
        except UnsolvedError:
            values = None
        return [each for each, give in gives.items() if values is None or values[give]]

    def explain(self, criterion_id: str) -> Blocker:
        """The reason that helps most: what to supply, when to come back, what gives."""
        finding = self.standing.finding(criterion_id)
        return Blocker(
            criterion_id,
            finding.about.label,
            f"{self.rule_set.number}{finding.about.clause}",
            self._why(criterion_id, finding),
            tuple(self._keys_missing(finding)),
        )

    def _why(self, criterion_id: str, finding: Finding) -> Text:
        if finding.missing:
            return self._missing(finding)
        read = _facts_read(finding.tree)
        titles = [f for f in read if self._is_title(f)]
        if titles and (through := self._through_titles(titles)):
            return through
        if year := self._year_by_calendar(finding, read):
            return _found(finding, N_("{found}按日历要到{year}年才满足"), year=year)
        if self._alone_possible(criterion_id):
            return _found(finding, N_("{found}单独能做到，但与其他条件不能同时做到"))
        return _found(finding, N_("{found}{why}"), why=self._unmoved(finding, read))

    def _unmoved(self, finding: Finding, read: list[str]) -> Text:
        """What holds the facts where they are."""
        if finding.outcome is MANUAL:
            return _say(N_("Tidu 无法规划这种情形"))
        limited = _limited(finding.tree)
        by_fact, fixed = self.levers.by_fact, self.levers.fixed
        levers = [by_fact[each] for each in read if each in by_fact]
        reasons = dict.fromkeys(fixed[each] for each in read if each in fixed)
        if any(e.way != "up" or e.fact.id not in limited for e in levers):
            return _list([_say(N_("三年内按可行的幅度仍达不到")), *reasons], N_("；"))
        if levers:
            reasons[_say(N_("Tidu 不建议为保住资格而缩小规模"))] = None
        return _list(list(reasons) or [_say(N_("没有可以改动的办法"))], N_("；"))

    def _keys_missing(self, finding: Finding) -> list[str]:
        """The figures to supply; a later year is open because a past one is."""
        keys: dict[str, None] = {}
        for key in finding.missing:
            fact_id, year = split_key(key)
            if year is not None:
                last = self.outlook.pack.facts[fact_id].undated == "last"
                year = min(year, self.outlook.horizon.on.year - last)
            keys[key_of(fact_id, year)] = None
        return list(keys)

    def _missing(self, finding: Finding) -> Text:
        keys = self._keys_missing(finding)
        chinese, english = (
            ask_keys(keys, finding.basis.words, english=each) for each in (False, True)
        )
        return _say(N_("还缺：{names}；请先填上"), names=Text(chinese, english))

    def _is_title(self, fact_id: str) -> bool:
        lever = self.levers.by_fact.get(fact_id)
        return lever is not None and lever.way == "title"

    def _through_titles(self, titles: list[str]) -> Text | None:
        """The title on the way that is nearest, and what blocks it a round earlier."""
        if self.at == 0:
            return None
        nearest: tuple[str, list[Blocker]] | None = None
        for fact_id in titles:
            scheme = self.levers.by_fact[fact_id].scheme
            if scheme == self.to:
                continue
            found = find_blockers(
                self.outlook, scheme, Kind.NEW, self.levers, self.at - 1
            )
            if nearest is None or len(found) < len(nearest[1]):
                nearest = scheme, found
        if nearest is None or not nearest[1]:
            return None
        scheme, blockers = nearest
        return _say(
            N_("要先取得{title}，而它被挡在：{labels}"),
            title=self.outlook.pack.schemes[scheme].label,
            labels=_list([each.label for each in blockers]),
        )

    def _year_by_calendar(self, finding: Finding, read: list[str]) -> int | None:
        """The year in which the calendar alone will have met the criterion."""
        facts = self.outlook.pack.facts
        if not read or not all(
            facts[each].since or facts[each].type is FactType.DATE for each in read
        ):
            return None
        horizon, check = self.outlook.horizon, evaluate.condition(finding.tree)
        for at in range(self.at + 1, self.at + _FAR):
            later = project(self.outlook.facts, self.outlook.pack, horizon, at, {})
            day = horizon.date(at)
            if check(Scope(later.values, day, day.year)) is MET:
                return day.year
        return None

    def _alone_possible(self, criterion_id: str) -> bool:
        """Whether the criterion could be met if no other were asked for."""
        program = Program(self.outlook, self.levers, self.at, self.rule_set, self.kind)
        if not program.require([program.criteria[criterion_id]]):
            return False
        program.keep_consistent()
        try:
            return program.model.solve([{}]) is not None
        except UnsolvedError:
            return False


def _facts_read(tree: nodes.Node) -> list[str]:
    """The facts a condition is about: tables included, what a ratio divides by not."""
    match tree:
        case nodes.FactRef(fact_id):
            return [fact_id]
        case nodes.Grade(table=table):
            return list(table.facts)
        case nodes.Ratio(part, _):
            return _facts_read(part)
    found = (each for child in nodes.children(tree) for each in _facts_read(child))
    return list(dict.fromkeys(found))


def _limited(tree: nodes.Node) -> set[str]:
    """The facts that may not exceed something."""
    found: set[str] = set()
    for node in nodes.walk(tree):
        if isinstance(node, nodes.Compare) and node.op in {"<", "<="}:
            if isinstance(node.left, nodes.FactRef):
                found.add(node.left.id)
            elif isinstance(node.left, nodes.Grade):
                found.update(node.left.table.facts)
    return found


def _found(finding: Finding, msgid: str, **values: Text | int) -> Text:
    """A reason that begins with what was found."""
    sentences = (finding.sentence(english=each) for each in (False, True))
    return _say(msgid, found=Text(*sentences), **values)


def _list(parts: list[Text], comma: str = N_("、")) -> Text:
    chinese, english = (
        translate(comma, each).join(part.say(english=each) for part in parts)
        for each in (False, True)
    )
    return Text(chinese, english)


def _say(msgid: str, **values: Text | str | int) -> Text:
    """A text in both languages."""
    chinese, english = (
        translate(msgid, each).format(
            **{
                name: value.say(english=each) if isinstance(value, Text) else value
                for name, value in values.items()
            }
        )
        for each in (False, True)
    )
    return Text(chinese, english)
