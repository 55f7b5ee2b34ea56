"""Which applicants tell the same story, word for word or with words replaced?

The applicant's own names are taken out first. Firms of one confirmed group may share
their texts.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from tidu.casework.integrity.applications import Application, Narrative
from tidu.casework.integrity.kinds import (
    Place,
    Said,
    Signal,
    SignalKind,
    Tie,
    others,
    ramp,
)
from tidu.casework.integrity.limits import Limits
from tidu.casework.integrity.near_duplicates import near_duplicates, normalise
from tidu.rules.language import N_

_SEEN = N_("“{section}”一节与案卷{other}的“{other_section}”{percent}%相同")
_SEEN_WORDS = N_(
    "“{section}”一节换了词语，但语序与案卷{other}的“{other_section}”{percent}%相同"
)
_SEEN_MORE = N_("{seen}；还与另外{more}家的文字雷同")
_MAY_BE = N_("同一集团尚未确认关系；同一咨询机构代写或套用公开范本；照抄了填报说明")
_CHECK = N_("并排阅读两份材料，请企业当面介绍产品和技术；现场核查时对照设备与人员")
_NONE, _COPY = 0.3, 0.95  # strangers reach the one, copies the other
_EXCERPT = 40


@dataclasses.dataclass(frozen=True, slots=True)
class _Likeness:
    own: Narrative
    other: Application
    narrative: Narrative
    jaccard: float
    alignment: float


def similar_narratives(
    applications: Iterable[Application], limits: Limits
) -> Iterator[Signal]:
    """One signal for each case whose texts are nearly those of unrelated applicants."""
    told: list[tuple[Application, Narrative]] = []
    texts: list[str] = []
    for application in applications:
        for narrative in application.narratives:
            text = _without_names(application, narrative.text)
            if len(normalise(text)) >= limits.shortest_text:
                told.append((application, narrative))
                texts.append(text)
    found: dict[str, list[_Likeness]] = defaultdict(list)
    for pair in near_duplicates(
        texts, jaccard=limits.jaccard, alignment=limits.alignment
    ):
        for here, there in ((pair.left, pair.right), (pair.right, pair.left)):
            (application, own), (other, narrative) = told[here], told[there]
            if application.owner != other.owner:
                found[application.case].append(
                    _Likeness(own, other, narrative, pair.jaccard, pair.alignment)
                )
    for case, likenesses in found.items():
        yield _signal(case, likenesses, limits)


def _without_names(application: Application, text: str) -> str:
    for name in (application.name, *application.former_names):
        text = text.replace(name, "")
    return text


def _signal(case: str, likenesses: list[_Likeness], limits: Limits) -> Signal:
    best = max(likenesses, key=lambda each: (each.alignment, each.jaccard))
    related = sorted({each.other.case for each in likenesses})
    literal = best.jaccard >= limits.jaccard
    values: Mapping[str, object] = {
        "section": best.own.section,
        "other": best.other.case,
        "other_section": best.narrative.section,
        "percent": int(100 * max(best.alignment, best.jaccard)),
    }
    seen = Said(_SEEN if literal else _SEEN_WORDS, values)
    if len(related) > 1:
        seen = Said(_SEEN_MORE, {"seen": seen, "more": len(related) - 1})
    source = min(case, *related)
    label = Said(N_("与案卷{value}雷同的文字"), {"value": source})
    return Signal(
        case=case,
        kind=SignalKind.SIMILAR_NARRATIVE,
        strength=ramp(max(best.alignment, best.jaccard), _NONE, _COPY),
        related=others(case, related),
        places=(
            Place(case, f"narratives/{best.own.section}", best.own.text[:_EXCERPT]),
            Place(
                best.other.case,
                f"narratives/{best.narrative.section}",
                best.narrative.text[:_EXCERPT],
            ),
        ),
        seen=seen,
        may_be=Said(_MAY_BE),
        check=Said(_CHECK),
        tie=Tie(f"text:{source}", label),
    )
