"""The cheapest path to a title in words: dated steps, or what blocks every path."""

from __future__ import annotations

import dataclasses

from tidu.planning.blocking import Blocker
from tidu.planning.paths import Change, Path, Plan
from tidu.rules.language import N_, translate
from tidu.rules.naming import ask_key, name_key, show_fact
from tidu.rules.packs import Pack


@dataclasses.dataclass(frozen=True, slots=True)
class StepShown:
    """One figure to change: what it is, from, to, until when, why, and how."""

    label: str
    before: str
    after: str
    when: str
    clause: str
    what: str


@dataclasses.dataclass(frozen=True, slots=True)
class PathShown:
    """One path: its title with round and effort, its steps, what people judge."""

    title: str
    steps: list[StepShown]
    manual: str


@dataclasses.dataclass(frozen=True, slots=True)
class PlanShown:
    """The plan to one title.

    Where there is no path: ``missing``, figures without which none can be worked out;
    ``blocked``, what stands in between for another reason.
    """

    label: str
    paths: list[PathShown]
    missing: list[str]
    blocked: list[str]
    unsolved: list[str]


def plan_shown(plan: Plan, pack: Pack, *, english: bool, most: int = 3) -> PlanShown:
    """A plan in words, with the first ``most`` paths."""
    text = translate(
        N_(
            "{round}年的批次没有算出来，那里也许还有路径：这是程序的缺陷，请报告给维护者"
        ),
        english,
    )
    keys = dict.fromkeys(key for each in plan.blocked_by for key in each.missing)
    return PlanShown(
        pack.schemes[plan.to].label.say(english=english),
        [
            _path(path, at, pack, english=english)
            for at, path in enumerate(plan.paths[:most], start=1)
        ],
        [ask_key(each, pack.words, english=english) for each in keys],
        [_blocker(e, english=english) for e in plan.blocked_by if not e.missing],
        [text.format(round=year) for year in plan.unsolved],
    )


def _blocker(blocker: Blocker, *, english: bool) -> str:
    text = N_("{label}（{clause}）：{reason}")
    if not blocker.clause:
        text = N_("{label}：{reason}")
    return translate(text, english).format(
        label=blocker.label.say(english=english),
        clause=blocker.clause,
        reason=blocker.reason(english=english),
    )


def _path(path: Path, at: int, pack: Pack, *, english: bool) -> PathShown:
    text = N_("路径{at}：最早{round}年申报，改{count}处，{effort}")
    if not path.changes:
        text = N_("路径{at}：{round}年即可申报，不用改动")
    title = translate(text, english).format(
        at=at,
        round=path.earliest_round,
        count=len(path.changes),
        effort=path.effort_text(english=english),
    )
    manual = ""
    if path.manual:
        names = translate(N_("、"), english).join(
            label.say(english=english) for label in path.manual_labels
        )
        manual = translate(N_("还需人工认定：{names}"), english).format(names=names)
    return PathShown(
        title,
        [
            step_shown(each, _when(each, english=english), pack, english=english)
            for each in path.changes
        ],
        manual,
    )


def _when(change: Change, *, english: bool) -> str:
    if change.won_in is not None:
        won = translate(N_("在{round}年的批次取得"), english)
        return won.format(round=change.won_in)
    return translate(N_("约{days}天见效"), english).format(days=change.lead_days)


def step_shown(change: Change, when: str, pack: Pack, *, english: bool) -> StepShown:
    """One change in words; ``when`` is said by the page, which knows the day or not."""
    return StepShown(
        name_key(change.key, pack.words, english=english),
        show_fact(change.key, change.before, pack.words, english=english),
        show_fact(change.key, change.after, pack.words, english=english),
        when,
        change.clause,
        change.what.say(english=english),
    )
