"""Findings in words: what was found, against what, and what is missing or short.

Every text is a Chinese msgid; the English stands in the catalogue. A sentence names
the figure, its year, the requirement, and where it fails the exact gap.
"""

from __future__ import annotations

import functools
from decimal import ROUND_CEILING, Decimal
from typing import TYPE_CHECKING, Any

from tidu.rules import nodes
from tidu.rules.evaluate import value
from tidu.rules.facts import FactType
from tidu.rules.language import N_, translate
from tidu.rules.naming import (
    ask_keys,
    measure_word,
    name_keys,
    name_node,
    show,
    show_fact,
)
from tidu.rules.outcomes import MANUAL, MET, NOT_APPLICABLE, UNKNOWN, UNMET
from tidu.rules.readings import Reading
from tidu.rules.rulesets import ScoreItem
from tidu.rules.scope import Interval, Scope, as_range
from tidu.rules.units import CENT, WIDE, plain, show_ratio
from tidu.rules.vocabulary import Words

if TYPE_CHECKING:
    from tidu.rules.findings import Finding

_REQUIRED = {
    ">=": N_("要求不低于{bound}"),
    ">": N_("要求高于{bound}"),
    "<=": N_("要求不高于{bound}"),
    "<": N_("要求低于{bound}"),
    "==": N_("要求等于{bound}"),
    "!=": N_("要求不等于{bound}"),
}
_MOST_PARTS = 3
_MEDIUM = 3  # the size above small and micro


def sentence(finding: Finding, *, english: bool = False) -> str:
    """Say one finding."""
    return _Speaker(finding, english).say()


def what_was_found(finding: Finding, *, english: bool = False) -> str:
    """The deciding figure alone, as people read it; empty where there is none."""
    return _Speaker(finding, english).found()


def requirement(finding: Finding, *, english: bool = False) -> str:
    """What the deciding figure is held against, in words; empty where nothing is."""
    return _Speaker(finding, english).wanted()


class _Speaker:
    def __init__(self, finding: Finding, english: bool) -> None:
        self.finding = finding
        self.english = english
        self.words = finding.basis.words

    def text(self, msgid: str, **values: Any) -> str:
        return translate(msgid, self.english).format(**values)

    def name(self, node: nodes.Node) -> str:
        words = self.words
        if _has_calibres(node):  # made of its facts: a name of its own hides which
            node = _as_given(node, self.finding.basis.scope)
            words = Words(words.facts, {})
        return name_node(node, words, english=self.english)

    def show(self, value: Any, unit: str = "") -> str:
        return show(value, unit, english=self.english)

    def say(self) -> str:
        finding = self.finding
        if finding.outcome is NOT_APPLICABLE:
            return self.text(N_("本次程序不考察这一项。"))
        if isinstance(finding.about, ScoreItem):
            return self.item(finding.about)
        if finding.about.level is not None:
            return self.level()
        if finding.outcome is UNKNOWN:
            return self.unknown()
        return self.decided()

    # -- criteria ------------------------------------------------------------

    def unknown(self) -> str:
        reading = self.finding.reading
        measured = self.score_range(reading) if reading else ""
        if isinstance(self.finding.tree, nodes.Ever):
            return self.text(N_("已填的年度里没有，更早的年度不详，暂时无法判断。"))
        if not self.finding.missing:
            return measured + self.text(
                N_("有评分项的基数为零或为负，需人工认定后才能得出结论。")
            )
        missing = self.missing()
        return measured + self.text(
            N_("还缺：{missing}；补上才能判断。"), missing=missing
        )

    def missing(self) -> str:
        return ask_keys(self.finding.missing, self.words, english=self.english)

    def score_range(self, reading: Reading) -> str:
        match reading.node:
            case nodes.Compare(_, nodes.Score(score_id)):
                low, high = as_range(self.finding.basis.scope.scores[score_id])
                return self.text(
                    N_("得分在{low}到{high}分之间，{required}；"),
                    low=plain(Decimal(low)),
                    high=plain(Decimal(high)),
                    required=self.required(reading),
                )
        return ""

    def decided(self) -> str:
        readings = self.finding.readings
        shown = [self.reading(each) for each in readings[:_MOST_PARTS]]
        if len(readings) > _MOST_PARTS:
            flags = all(isinstance(each.node, nodes.Flag) for each in readings)
            if flags and self.finding.outcome is MET:
                return self.flags(readings)
            shown.append(
                self.text(N_("另有{count}项"), count=len(readings) - len(shown))
            )
        joined = self.text(N_("；")).join(dict.fromkeys(shown))
        end = self.text(N_("。"))
        if self.finding.outcome is UNMET and self.alternatives(readings):
            return joined + self.text(N_("；满足其中一项即可。"))
        return joined + end

    def alternatives(self, readings: list[Reading]) -> bool:
        tree = nodes.expand(self.finding.tree)
        return isinstance(tree, nodes.Any) and len(readings) > 1

    def flags(self, readings: list[Reading]) -> str:
        return self.text(
            N_("“{first}”等{count}项均为“{value}”，符合要求。"),
            first=self.name(readings[0].node),
            count=len(readings),
            value=self.show(readings[0].value),
        )

    def reading(self, reading: Reading) -> str:
        match reading.node:
            case nodes.Flag():
                return self.flag(reading)
            case nodes.Is(fact) | nodes.Has(fact):
                return self.choice(reading, fact)
            case nodes.Reviewed():
                return self.reviewed(reading)
            case nodes.Manual():
                return self.text(N_("需由专家或主管部门人工认定，系统不自动判定"))
            case nodes.Compare(_, nodes.Grade()):
                return self.size(reading)
        if reading.outcome is MANUAL:
            return self.undefined(reading)
        return self.comparison(reading)

    def comparison(self, reading: Reading) -> str:
        found = self.measured(reading)
        required = self.required(reading)
        if reading.outcome is MET:
            return self.text(
                N_("{found}，{required}，符合"), found=found, required=required
            )
        short = self.gap(reading)
        return self.text(
            N_("{found}，{required}，{short}"),
            found=found,
            required=required,
            short=short,
        )

    def amount(self, reading: Reading, value: Any) -> str:
        """A value of a comparison with its unit and measure word."""
        assert isinstance(reading.node, nodes.Compare)
        left = reading.node.left
        word = "" if value is None else self.word(left)
        if value is None and isinstance(left, nodes.Score):
            low, high = as_range(self.finding.basis.scope.scores[left.id])
            return self.text(
                N_("{low}到{high}"), low=plain(Decimal(low)), high=plain(Decimal(high))
            ) + self.word(left)
        if reading.unit == "%" and value is not None:
            return show_ratio(value, reading.threshold)
        return self.show(value, reading.unit) + word

    def word(self, node: nodes.Node) -> str:
        given = _as_given(node, self.finding.basis.scope)
        return measure_word(given, self.words, english=self.english)

    def measured(self, reading: Reading) -> str:
        assert isinstance(reading.node, nodes.Compare)
        value = self.amount(reading, reading.value)
        name = self.name(reading.node.left)
        if not reading.period or "–" in reading.period:
            return self.text(N_("{name}为{value}"), name=name, value=value)
        return self.text(
            N_("{period}年{name}为{value}"),
            period=reading.period,
            name=name,
            value=value,
        )

    def required(self, reading: Reading) -> str:
        bound = self.amount(reading, reading.threshold)
        return self.text(_REQUIRED[reading.op], bound=bound)

    def gap(self, reading: Reading) -> str:
        gap, upward = reading.gap, reading.op in {">=", ">"}
        assert isinstance(reading.node, nodes.Compare)
        if gap is None or not gap:
            return self.text(N_("不符合"))
        match reading.node.left:
            case nodes.Ratio(part):
                text = N_("{part}还差{gap}") if upward else N_("{part}超出{gap}")
                shown = self.amount_short(part, gap)
                return self.text(text, part=self.name(part), gap=shown)
            case nodes.Growth(_, fact):
                text = N_("最近一年还差{gap}") if upward else N_("超出{gap}")
                return self.text(text, gap=self.amount_short(fact, gap))
        text = N_("还差{gap}") if upward else N_("超出{gap}")
        return self.text(text, gap=self.amount(reading, gap))

    def amount_short(self, node: nodes.Node, gap: Decimal | int) -> str:
        """What a figure lacks: money to the cent, whole things counted up."""
        fact = next(n for n in nodes.walk(node) if isinstance(n, nodes.FactRef))
        if fact.type is FactType.MONEY:
            unit = "美元" if self.words.facts[fact.id].dollars else "元"
            return self.show(_ceil_cent(gap), unit)
        whole = Decimal(gap).to_integral_value(ROUND_CEILING)
        return self.show(whole, "") + self.word(node)

    def flag(self, reading: Reading) -> str:
        text = (
            N_("“{name}”为“{value}”，符合")
            if reading.outcome is MET
            else N_("“{name}”为“{value}”，要求为“{wanted}”")
        )
        return self.text(
            text,
            name=self.name(reading.node),
            value=self.show(reading.value),
            wanted=self.show(reading.threshold),
        ) + self.expired(reading)

    def expired(self, reading: Reading) -> str:
        """Why a title counts as not held although somebody may have written yes."""
        scope = self.finding.basis.scope
        for fact_id in [
            n.id for n in nodes.walk(reading.node) if isinstance(n, nodes.FactRef)
        ]:
            until = scope.values.get(self.words.facts[fact_id].expires)
            if until is not None and until < scope.on:
                return self.text(
                    N_("（有效期至{until}，已过）"), until=until.isoformat()
                )
        return ""

    def choice(self, reading: Reading, fact: nodes.FactRef) -> str:
        bound = reading.threshold
        options = (bound,) if isinstance(bound, str) else bound
        labels = [
            show_fact(fact.id, each, self.words, english=self.english)
            for each in options
        ]
        value = show_fact(fact.id, reading.value, self.words, english=self.english)
        if reading.outcome is MET:
            text = N_("“{name}”为“{value}”，符合")
        elif reading.op in {"not in", "has not"}:
            text = N_("“{name}”为“{value}”，要求不是“{wanted}”")
        else:
            text = N_("“{name}”为“{value}”，要求为“{wanted}”")
        wanted = self.text(N_("”或“")).join(labels)
        return self.text(text, name=self.name(fact), value=value, wanted=wanted)

    def reviewed(self, reading: Reading) -> str:
        assert isinstance(reading.node, nodes.Reviewed)
        name = self.name(reading.node)
        if reading.value is not None:
            return self.text(
                N_("评审结论：“{name}”为“{value}”"),
                name=name,
                value=self.show(reading.value),
            )
        if reading.node.item is None:
            return self.text(N_("需由评审认定（{name}），评审前不作结论"), name=name)
        return self.text(N_("填报内容已达到要求，还需由评审认定（{name}）"), name=name)

    def undefined(self, reading: Reading) -> str:
        assert isinstance(reading.node, nodes.Compare)
        return self.text(
            N_("{name}的基数为零或为负，需人工认定"), name=self.name(reading.node.left)
        )

    def size(self, reading: Reading) -> str:
        assert isinstance(reading.node, nodes.Compare)
        grade = reading.node.left
        assert isinstance(grade, nodes.Grade)
        if reading.outcome is MANUAL:
            return self.text(N_("所属行业不在划型表内，需人工认定"))
        small_only = _small_only(reading.node)
        if reading.value is None:
            if small_only:
                return self.text(N_("按现有数据已可确定属于小微企业"))
            return self.text(N_("按现有数据已可确定不是大型企业，属于中小微企业"))
        at = grade.table.grades.index(reading.value)
        label = grade.table.labels[at].say(english=self.english)
        met = reading.outcome is MET
        if small_only:
            text = (
                N_("按划型标准为{label}企业，属于小微企业")
                if met
                else N_("按划型标准为{label}企业，不属于小微企业")
            )
        else:
            text = (
                N_("按划型标准为{label}企业，属于中小微企业")
                if met
                else N_("按划型标准为{label}企业，不属于中小微企业")
            )
        return self.text(text, label=label)

    # -- the two halves alone, for tables --------------------------------------

    def found(self) -> str:
        reading = self.finding.reading
        if reading is None or reading.value is None:
            return ""
        match reading.node:
            case nodes.Flag(fact) | nodes.Is(fact) | nodes.Has(fact):
                return show_fact(
                    _id(fact), reading.value, self.words, english=self.english
                )
            case nodes.Compare(_, nodes.Grade(table)):
                at = table.grades.index(reading.value)
                return table.labels[at].say(english=self.english)
            case nodes.Compare():
                return self.amount(reading, reading.value)
        return self.show(reading.value, reading.unit)

    def wanted(self) -> str:
        reading = self.finding.reading
        if reading is None or reading.threshold is None:
            return ""
        match reading.node:
            case nodes.Flag():
                return self.text(
                    N_("要求为“{wanted}”"), wanted=self.show(reading.threshold)
                )
            case nodes.Compare(_, nodes.Grade()) as compare:
                small_only = _small_only(compare)
                text = N_("属于小微企业") if small_only else N_("属于中小微企业")
                return self.text(text)
            case nodes.Compare():
                return self.required(reading)
            case nodes.Is(fact):
                bound = reading.threshold
                options = (bound,) if isinstance(bound, str) else bound
                wanted = self.text(N_("”或“")).join(
                    show_fact(fact.id, each, self.words, english=self.english)
                    for each in options
                )
                negated = reading.op == "not in"
                text = N_("要求不是“{wanted}”") if negated else N_("要求为“{wanted}”")
                return self.text(text, wanted=wanted)
        return ""

    # -- points and grades ---------------------------------------------------

    def item(self, item: ScoreItem) -> str:
        points = self.finding.measured
        most = plain(item.max)
        if isinstance(points, Interval):
            low, high = plain(Decimal(points.low)), plain(Decimal(points.high))
            if not self.finding.missing:
                return self.text(
                    N_("得分在{low}到{high}分之间（满分{most}分）：基数为零或为负，需人工认定。"),
                    low=low, high=high, most=most,
                )  # fmt: skip
            return self.text(
                N_("得分在{low}到{high}分之间（满分{most}分）；还缺：{missing}。"),
                low=low, high=high, most=most, missing=self.missing(),
            )  # fmt: skip
        shown = self.text(N_("；")).join(self.basis())
        head = self.text(
            N_("得{points}分（满分{most}分）"), points=plain(Decimal(points)), most=most
        )
        if not shown:
            return head + self.text(N_("。"))
        return self.text(N_("{head}：{basis}。"), head=head, basis=shown)

    def basis(self) -> list[str]:
        """The figures behind points, without judging them."""
        found = []
        for reading in self.finding.readings[:_MOST_PARTS]:
            match reading.node:
                case nodes.Compare():
                    found.append(self.measured(reading))
                case nodes.Flag(fact) | nodes.Is(fact):
                    value = show_fact(
                        _id(fact), reading.value, self.words, english=self.english
                    )
                    text = N_("“{name}”为“{value}”")
                    found.append(self.text(text, name=self.name(fact), value=value))
        return list(dict.fromkeys(found))

    def level(self) -> str:
        if self.finding.outcome is UNKNOWN:
            if not self.finding.missing:
                return self.text(N_("暂时无法判断。"))
            return self.text(
                N_("还缺：{missing}；补上才能判断。"), missing=self.missing()
            )
        if self.finding.outcome is MANUAL:
            return self.text(N_("所属行业不在划型表内，需人工认定")) + self.text(
                N_("。")
            )
        match self.finding.tree:
            case nodes.Grade(table, indicator):
                reading = self.finding.reading
                assert reading is not None
                return self.text(
                    N_("{name}为{value}，这一项对应{label}企业。"),
                    name=name_keys(
                        [f"{indicator}@{reading.period}"],
                        self.words,
                        english=self.english,
                    ),
                    value=self.show(reading.value, reading.unit)
                    + self.word(
                        nodes.FactRef(indicator, self.words.facts[indicator].type)
                    ),
                    label=table.labels[self.finding.measured - 1].say(
                        english=self.english
                    ),
                )
        level = plain(Decimal(self.finding.measured))
        if level == "0":
            return self.text(N_("未达到一级。"))
        return self.text(N_("达到{level}级。"), level=level)


@functools.lru_cache(maxsize=nodes.REMEMBERED)
def _has_calibres(node: nodes.Node) -> bool:
    return any(isinstance(each, nodes.FirstGiven) for each in nodes.walk(node))


def _as_given(node: nodes.Node, scope: Scope) -> nodes.Node:
    """The node with the calibre that was used, so that a sentence names it."""
    match node:
        case nodes.Ratio(part, whole):
            return nodes.Ratio(_as_given(part, scope), _as_given(whole, scope))
        case nodes.FirstGiven(options):
            known = (each for each in options if value(each)(scope) is not None)
            return next(known, options[-1])
    return node


def _id(fact: nodes.FactRef | nodes.PartOf) -> str:
    return fact.part.id if isinstance(fact, nodes.PartOf) else fact.id


def _small_only(compare: nodes.Compare) -> bool:
    """Whether a size is asked for that leaves out medium enterprises."""
    bound = compare.right
    return isinstance(bound, nodes.Number) and bound.value < _MEDIUM


def _ceil_cent(amount: Decimal | int) -> Decimal:
    """A gap rounded up to the cent, so that closing it is enough."""
    return Decimal(amount).quantize(CENT, ROUND_CEILING, WIDE)
