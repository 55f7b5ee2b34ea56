"""The national platform: a case as a sheet in its order, and its results read back.

Its form has twelve modules (a restatement of the 2026 application form, not checked
against the platform). What Tidu does not know stays an empty cell that says so.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tidu.casework.models import Case, Round
from tidu.casework.queries import standing_of
from tidu.rules.facts import Facts, key_of
from tidu.rules.naming import name_fact, show_fact
from tidu.rules.outcomes import MET, UNMET
from tidu.rules.packs import Pack

YEARS = 3  # complete years before the round's day that the form asks for

Field = str | Promise
MODULES: tuple[tuple[Field, tuple[str, ...], tuple[Field, ...]], ...] = (
    (
        gettext_lazy("基本信息"),
        (
            *("name", "uscc", "territory", "industry", "established_on"),
            *("controls_or_controlled_by_little_giant", "holds_innovative_sme"),
            *("group_has_similar_little_giant", "holds_srdi", "high_tech"),
        ),
        (gettext_lazy("联系人"), gettext_lazy("联系电话")),
    ),
    (gettext_lazy("上市"), ("listed",), (gettext_lazy("上市地点和代码"),)),
    (
        gettext_lazy("经济效益"),
        (
            *("employees", "rnd_staff", "revenue", "main_revenue", "net_profit"),
            *("cost_expense", "total_assets", "total_liabilities", "new_equity"),
            "valuation_usd",
        ),
        (gettext_lazy("上缴税金"), gettext_lazy("银行贷款"), gettext_lazy("债券")),
    ),
    (gettext_lazy("融资"), (), (gettext_lazy("审计报告编码"),)),
    (
        gettext_lazy("专业化"),
        ("niche_years", "niche_since", "lead_product_revenue"),
        (gettext_lazy("主导产品表"),),
    ),
    (
        gettext_lazy("精细化"),
        (
            *("management_system", "product_certified_abroad"),
            *("core_business_online", "digital_level"),
        ),
        (),
    ),
    (
        gettext_lazy("特色化"),
        ("market_share", "market_rank_domestic", "market_rank_global", "own_brand"),
        (gettext_lazy("出口额"),),
    ),
    (
        gettext_lazy("创新能力"),
        (
            *("rnd_expense", "class1_ip", "class1_ip_own", "class1_ip_in_use"),
            *("class2_ip", "rnd_institution", "standards"),
        ),
        (),
    ),
    (gettext_lazy("科技奖励和“创客中国”"), ("science_award", "maker_contest"), ()),
    (gettext_lazy("产业链配套"), ("key_link",), (gettext_lazy("配套企业名单"),)),
    (
        gettext_lazy("主导产品六基分类"),
        ("lead_product_field", "key_field_lead_product"),
        (),
    ),
    (gettext_lazy("其他"), ("quality_award",), ()),
)
HEADS = (
    *(gettext_lazy("模块"), gettext_lazy("项目"), gettext_lazy("年度")),
    *(gettext_lazy("值"), gettext_lazy("来源"), gettext_lazy("说明")),
)


def fill_in_rows(case: Case, pack: Pack, *, english: bool) -> Iterator[list[str]]:
    """The case in the order of the platform's form, by the facts that were frozen."""
    standing = standing_of(case)
    facts = standing.findings[0].basis.facts if standing.findings else Facts({})
    own = {
        "name": case.enterprise.name,
        "uscc": case.enterprise.uscc or "",
        "territory": case.enterprise.territory,
    }
    contact = dict(
        zip(MODULES[0][2], (case.contact_name, case.contact_phone), strict=True)
    )
    unknown = _("不详：请在平台上填写")
    absent = _("本系统没有这一项：请在平台上填写")
    for module, ids, others in MODULES:
        for fact_id in ids:
            label = name_fact(fact_id, pack.words, english=english)
            for key, year in _keys(pack, fact_id, case.round.on.year - 1):
                shown = own.get(fact_id, "")
                if not shown and (value := facts.get(key)) is not None:
                    shown = show_fact(key, value, pack.words, english=english)
                source = facts.sources.get(key, "") if shown else ""
                said = "" if shown else unknown
                yield [str(module), label, str(year or ""), shown, source, said]
        for other in others:
            known = contact.get(other, "")
            said = "" if known else absent
            yield [str(module), str(other), "", known, "", said]


def _keys(pack: Pack, fact_id: str, last: int) -> list[tuple[str, int | None]]:
    if not pack.facts[fact_id].yearly:
        return [(fact_id, None)]
    return [(key_of(fact_id, year), year) for year in range(last, last - YEARS, -1)]


# -- results ----------------------------------------------------------------------

COLUMNS = {
    "name": ("企业名称", "名称"),
    "uscc": ("统一社会信用代码", "信用代码", "代码"),
    "score": ("得分", "评分", "评价得分"),
    "decision": ("结果", "结论", "审核结果", "是否通过"),
    "batch": ("批次",),
}
CERTIFIED_WORDS = frozenset({"通过", "认定", "已认定", "是", "公示", "合格"})
REFUSED_WORDS = frozenset({"不通过", "未通过", "未认定", "不予认定", "否", "不合格"})


@dataclasses.dataclass(frozen=True, slots=True)
class Listed:
    """One row of the platform's results. ``certified``: None where it is unclear."""

    row: int
    name: str
    uscc: str
    score: str
    batch: str
    decision: str

    @property
    def certified(self) -> bool | None:
        if self.decision in CERTIFIED_WORDS:
            return True
        return False if self.decision in REFUSED_WORDS else None


@dataclasses.dataclass(frozen=True, slots=True)
class Matched:
    """A row with the case it means, or why there is none."""

    listed: Listed
    case: Case | None
    problem: str


def read_results(rows: list[tuple[int, list[Any]]]) -> list[Listed] | None:
    """The rows below the first one that has the columns' heads; None without it."""
    places: dict[str, int] = {}
    found = []
    for number, cells in rows:
        texts = ["" if cell is None else str(cell).strip() for cell in cells]
        if not places:
            heads = {
                name: next((texts.index(t) for t in titles if t in texts), None)
                for name, titles in COLUMNS.items()
            }
            known = {name: at for name, at in heads.items() if at is not None}
            if "decision" in known and known.keys() & {"name", "uscc"}:
                places = known
            continue
        values = {
            name: texts[at] if at < len(texts) else "" for name, at in places.items()
        }
        if any(values.values()):
            found.append(
                Listed(number + 1, **{each: values.get(each, "") for each in _ORDER})
            )
    return found if places else None


_ORDER = ("name", "uscc", "score", "batch", "decision")


def match_results(opened: Round, listed: list[Listed]) -> list[Matched]:
    """Each row with the round's case that waits for its result."""
    waiting = list(
        opened.cases.exclude(submitted_at=None).select_related("enterprise", "round")
    )
    by_code = {c.enterprise.uscc: c for c in waiting if c.enterprise.uscc}
    by_name: dict[str, list[Case]] = {}
    for each in waiting:
        by_name.setdefault(each.enterprise.name, []).append(each)
    seen: set[int] = set()
    return [_match(each, by_code, by_name, seen) for each in listed]


def _match(
    listed: Listed,
    by_code: Mapping[str, Case],
    by_name: Mapping[str, list[Case]],
    seen: set[int],
) -> Matched:
    named = by_name.get(listed.name, [])
    case = by_code.get(listed.uscc.upper()) or (named[0] if len(named) == 1 else None)
    if case is None:
        return Matched(listed, None, _("这一批次没有这家企业的案卷"))
    if case.lifecycle.find(case.state, "report_certified") is None:
        return Matched(listed, case, _("这份案卷不在等上级结果"))
    if listed.certified is None:
        text = _("看不懂结果“{decision}”，请写“通过”或“不通过”")
        return Matched(listed, case, text.format(decision=listed.decision))
    if case.pk in seen:
        return Matched(listed, case, _("表里有不止一行说的是这家企业"))
    seen.add(case.pk)
    return Matched(listed, case, "")


def own_result(case: Case) -> dict[str, Any]:
    """What Tidu found of a case when it was submitted: outcome, and score if any.

    ``score``: a number, or its two ends where figures are missing.
    """
    kept = case.assessment
    result = kept.result.get(case.round.scheme, {}) if kept else {}
    score = result.get("score")
    ends = result.get("score_range")
    return {"outcome": result.get("outcome", ""), "score": ends or score}


@dataclasses.dataclass(frozen=True, slots=True)
class Difference:
    """Where the result from above is another than what was found here.

    ``decided``: another decision; ``points``: what the platform gave less what was
    found here, by the nearer end of a range; None where one is unknown, or none is.
    """

    decided: bool
    points: Decimal | None
    sentences: tuple[str, ...]


def difference(
    case: Case, *, certified: bool | None, score: str, above: bool
) -> Difference:
    """Compare a decision and points with what was found of a case; see ``Difference``.

    ``above``: it was decided by the level above. Whoever was recommended was found to
    meet the standard here; that it was refused above is then a difference, whatever
    the figures said.
    """
    own, said = own_result(case), []
    if certified is False and above:
        said.append(_("本级已推荐，上级没有通过"))
    elif certified is False and own["outcome"] == MET.value:
        said.append(_("提交时的评估是符合，没有通过"))
    elif certified and own["outcome"] == UNMET.value:
        said.append(_("通过了，提交时的评估是不符合"))
    decided = bool(said)
    points = _apart(score, own["score"])
    if points:
        more = f"+{points}" if points > 0 else str(points)
        said.append(_("得分相差 {points}").format(points=more))
    return Difference(decided, points, tuple(said))


def _apart(theirs: str, own: Any) -> Decimal | None:
    """How many points apart; 0 within a range, None where one is unknown."""
    try:
        given = Decimal(theirs)
        low, high = map(Decimal, map(str, own if isinstance(own, list) else (own, own)))
    except (ArithmeticError, ValueError):
        return None
    if low <= given <= high:
        return Decimal(0)
    return given - (low if given < low else high)
