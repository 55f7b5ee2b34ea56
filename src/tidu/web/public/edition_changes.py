"""What changed from one edition to the next, in words."""

from __future__ import annotations

import dataclasses

from tidu.rules.describing import Describer
from tidu.rules.difference import Change, diff
from tidu.rules.language import N_
from tidu.rules.rulesets import RuleSet, Scheme

_CHANGES = {
    "added": N_("新增"),
    "removed": N_("取消"),
    "merged": N_("并入"),
    "stricter": N_("更严"),
    "looser": N_("更松"),
    "mixed": N_("有严有松"),
    "other": N_("改变"),
    "same": N_("没有变化"),
}


@dataclasses.dataclass(frozen=True, slots=True)
class ChangeShown:
    """One change between two editions, in words."""

    kind: str
    word: str
    label: str
    points: list[str]
    clauses: str


def changes_shown(
    scheme: Scheme, earlier: RuleSet, later: RuleSet, *, english: bool
) -> list[ChangeShown]:
    """What changed from one edition to another."""
    return [_change(each, english=english) for each in diff(scheme, earlier, later)]


def _change(change: Change, *, english: bool) -> ChangeShown:
    teller = Describer(change.words, english=english)
    return ChangeShown(
        change.kind,
        teller.text(_CHANGES[change.kind]),
        teller.text(N_("、")).join(each.say(english=english) for each in change.labels),
        [each.say(teller) for each in change.points],
        " → ".join(each for each in (change.earlier, change.later) if each),
    )
