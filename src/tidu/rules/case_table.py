"""The states of a case and who may move it, worked out from its procedure's steps."""

from __future__ import annotations

import dataclasses

from tidu.rules.lifecycle import Lifecycle, State, Transition
from tidu.rules.procedures import Level, Step, StepKind
from tidu.rules.vocabulary import Text

APPLICANT = "applicant"
ABOVE = "above"
"""The authority above this installation, whose decision is imported."""
ANYBODY = "anybody"
CLOCK = "clock"
"""A day that has passed."""

DRAFT, RETURNED, WITHDRAWN, LAPSED = "draft", "returned", "withdrawn", "lapsed"
RECOMMENDED, CERTIFIED, REFUSED = "recommended", "certified", "refused"
OBJECTION, APPEAL, UPHELD = "objection_check", "appeal_check", "upheld"

COMMON = {
    each.id: each
    for each in (
        State(DRAFT, Text("草稿", "Draft"), APPLICANT),
        State(RETURNED, Text("退回补正", "Returned for correction"), APPLICANT),
        State(OBJECTION, Text("异议核查", "Objection under check")),
        State(REFUSED, Text("未通过", "Not approved"), APPLICANT),
        State(APPEAL, Text("申诉复查", "Refusal under check")),
        State(RECOMMENDED, Text("已推荐，等上级结果", "Recommended"), ABOVE),
        State(CERTIFIED, Text("已认定", "Certified"), final=True),
        State(UPHELD, Text("维持未通过", "Refusal upheld"), final=True),
        State(WITHDRAWN, Text("企业已撤回", "Withdrawn"), final=True),
        State(LAPSED, Text("逾期未提交", "Lapsed"), final=True),
    )
}
EVENT_LABELS = {
    "submit": Text("提交", "submit"),
    "resubmit": Text("补正后提交", "submit again"),
    "withdraw": Text("撤回", "withdraw"),
    "lapse": Text("到期未提交", "lapse"),
    "pass": Text("通过", "pass"),
    "recommend": Text("推荐", "recommend"),
    "certify": Text("认定", "certify"),
    "return": Text("退回补正", "return for correction"),
    "refuse": Text("不予通过", "refuse"),
    "object": Text("收到异议", "objection received"),
    "dismiss": Text("异议不成立", "objection dismissed"),
    "sustain": Text("异议成立", "objection sustained"),
    "appeal": Text("申诉", "appeal"),
    "reverse": Text("撤销原决定", "reverse the refusal"),
    "uphold": Text("维持原决定", "uphold the refusal"),
    "report_certified": Text("上级认定", "certified above"),
    "report_refused": Text("上级未认定", "not certified above"),
}
RETURNING = {StepKind.PRELIMINARY_CHECK, StepKind.RECOMMENDATION}
REFUSING = {
    *(StepKind.PRELIMINARY_CHECK, StepKind.SITE_INSPECTION, StepKind.EXPERT_REVIEW),
    *(StepKind.RECOMMENDATION, StepKind.DECISION),
}


def lifecycle_of(steps: tuple[Step, ...], *, decides: bool) -> Lifecycle:
    """The table of a case that goes through these steps.

    ``decides``: the last of them certifies; otherwise the case ends here with a
    recommendation, and the result comes from above. A case returned or refused in a
    step comes back to that step.
    """
    assert steps, "a case goes through at least one step"
    found: list[Transition] = [
        _move("submit", DRAFT, steps[0].id, APPLICANT),
        _move("withdraw", DRAFT, WITHDRAWN, APPLICANT),
        _move("lapse", DRAFT, LAPSED, CLOCK),
    ]
    last = steps[-1].level
    for step, after in zip(steps, (*steps[1:], None), strict=True):
        found += _leaving(step, after.id if after else "", decides=decides)
    back = [each for each in steps if each.kind in RETURNING]
    found += [_move("resubmit", RETURNED, each.id, APPLICANT) for each in back]
    if back:
        found.append(_move("withdraw", RETURNED, WITHDRAWN, APPLICANT))
        found.append(_move("lapse", RETURNED, LAPSED, CLOCK))
    found += [
        _move("appeal", REFUSED, APPEAL, APPLICANT),
        _move("uphold", APPEAL, UPHELD, last),
    ]
    refused_in = [
        each for each in steps if each.kind in REFUSING | {StepKind.PUBLIC_NOTICE}
    ]
    found += [_move("reverse", APPEAL, each.id, last) for each in refused_in]
    if not decides:
        found += [
            _move("report_certified", RECOMMENDED, CERTIFIED, ABOVE),
            _move("report_refused", RECOMMENDED, UPHELD, ABOVE),
        ]
    unique = tuple(dict.fromkeys(found))  # two notices give one way back
    return Lifecycle(_states(steps, found, last), unique, DRAFT)


def _leaving(step: Step, after: str, *, decides: bool) -> list[Transition]:
    """What can happen in a step of the authority."""
    by, here = step.level, step.id
    if after:
        found = [_move("pass", here, after, by)]
    elif decides:
        found = [_move("certify", here, CERTIFIED, by)]
    else:
        found = [_move("recommend", here, RECOMMENDED, by)]
    if step.kind in RETURNING:
        found.append(_move("return", here, RETURNED, by))
    if step.kind in REFUSING:
        found.append(_move("refuse", here, REFUSED, by))
    if step.kind is StepKind.PUBLIC_NOTICE:
        found += [
            _move("object", here, OBJECTION, ANYBODY),
            _move("dismiss", OBJECTION, here, by),
            _move("sustain", OBJECTION, REFUSED, by),
        ]
    if step.kind is not StepKind.DECISION:
        found.append(_move("withdraw", here, WITHDRAWN, APPLICANT))
    return found


def _states(
    steps: tuple[Step, ...], found: list[Transition], last: Level
) -> dict[str, State]:
    named = {each.source for each in found} | {each.target for each in found}
    notice = {each.level for each in steps if each.kind is StepKind.PUBLIC_NOTICE}
    owners = {OBJECTION: max(notice, default=last), APPEAL: last}
    common = {
        each.id: dataclasses.replace(each, owner=owners.get(each.id, each.owner))
        for each in COMMON.values()
        if each.id in named
    }
    own = {each.id: State(each.id, each.label, each.level) for each in steps}
    return {DRAFT: common.pop(DRAFT), **own, **common}


def _move(event: str, source: str, target: str, by: str) -> Transition:
    return Transition(event, source, target, by, EVENT_LABELS[event])
