"""The ladder of titles: the rung an enterprise is on, and what the next one asks."""

from __future__ import annotations

from collections.abc import Mapping

from tidu.rules.assess import Standing
from tidu.rules.facts import Facts
from tidu.rules.findings import Finding
from tidu.rules.language import N_, translate
from tidu.rules.naming import ask_key
from tidu.rules.outcomes import MANUAL, MET, NOT_APPLICABLE, UNKNOWN, UNMET
from tidu.rules.packs import Pack
from tidu.rules.rulesets import ScoreItem

RUNGS = (
    ("tech_sme", "innovative_sme"),
    ("srdi_sme",),
    ("little_giant",),
    ("manufacturing_champion",),
)
"""Schemes from the lowest rung up; either title of the first leads to the second."""

_NEARNESS = (MET, MANUAL, UNKNOWN, UNMET, NOT_APPLICABLE)


def held_rung(pack: Pack, facts: Facts) -> int:
    """The highest rung a title of which the facts say is held; -1 for none."""
    held = -1
    for rung, schemes in enumerate(RUNGS):
        titles = (pack.schemes[scheme].title_fact for scheme in schemes)
        if any(facts.values.get(title) is True for title in titles):
            held = rung
    return held


def next_scheme(
    pack: Pack, facts: Facts, standings: Mapping[str, Standing]
) -> str | None:
    """The lowest rung assessed above the highest title held; None at the top.

    Of two titles on a rung the nearer one. ``facts`` are prepared.
    """
    for schemes in RUNGS[held_rung(pack, facts) + 1 :]:
        asked = [scheme for scheme in schemes if scheme in standings]
        if asked:
            return min(asked, key=lambda each: _NEARNESS.index(standings[each].outcome))
    return None


def next_step(standing: Standing, *, english: bool) -> str:
    """What stands between the enterprise and a title, in one short line."""
    gates = [f for f in standing.findings if not is_detail(f)]
    failing = [f for f in gates if f.outcome is UNMET]
    if failing:
        first = failing[0].about.label.say(english=english)
        text = N_("{count}项不符合：{first}")
        if len(failing) > 1:
            text = N_("{count}项不符合：{first}等")
        return translate(text, english).format(count=len(failing), first=first)
    missing = {key: f for f in reversed(gates) for key in f.missing}
    if missing:
        key = next(key for f in gates for key in f.missing)
        first = ask_key(key, missing[key].basis.words, english=english)
        text = N_("还缺{count}个数，如{first}")
        return translate(text, english).format(count=len(missing), first=first)
    if standing.outcome is MANUAL:
        return translate(N_("数据都够了，等人工认定"), english)
    return translate(N_("已符合，可以申报"), english)


def is_detail(finding: Finding) -> bool:
    """Whether a finding is a part of another, or a score item: shown under it."""
    return bool(finding.part_of) or isinstance(finding.about, ScoreItem)
