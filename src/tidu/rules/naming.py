"""What values are called and how they are written for people, in both languages."""

from __future__ import annotations

import datetime
import functools
from decimal import Decimal
from typing import Any

from tidu.rules import nodes
from tidu.rules.facts import FactType, split_key
from tidu.rules.language import N_, translate
from tidu.rules.printing import print_expression
from tidu.rules.units import plain, show_money, show_ratio
from tidu.rules.vocabulary import Words

_SUFFIX = {"years": N_("{number}年"), "days": N_("{number}天")}


def name_key(key: str, words: Words, *, english: bool) -> str:
    """A fact with its year, in words: ``2024年研发费用（审计报告口径）``."""
    fact_id, year = split_key(key)
    label = name_fact(fact_id, words, english=english)
    if year is None:
        return label
    return translate(N_("{year}年{name}"), english).format(year=year, name=label)


def name_fact(fact_id: str, words: Words, *, english: bool) -> str:
    """A fact's label; one that only says “of which” is put behind its whole."""
    fact = words.facts[fact_id]
    label = fact.english if english else fact.label
    lead = "of which " if english else "其中"
    if fact.part_of and label.startswith(lead):
        whole = words.facts[fact.part_of]
        name = whole.english if english else whole.label
        text = translate(N_("{whole}（{part}）"), english)
        return text.format(whole=name, part=label.removeprefix(lead))
    return label


def measure_word(node: nodes.Node, words: Words, *, english: bool) -> str:
    """The word counted things carry in Chinese: 人, 项, 年, 分; nothing in English."""
    if english:
        return ""
    match node:
        case nodes.FactRef(fact_id):
            fact = words.facts[fact_id]
            counted = fact.type in {FactType.COUNT, FactType.NUMBER}
            return fact.form_unit if counted else ""
        case nodes.PartOf(part) | nodes.SumYears(_, part):
            return measure_word(part, words, english=english)
        case nodes.FirstGiven(options):
            return measure_word(options[-1], words, english=english)
        case nodes.Score():
            return "分"
    return ""


def name_keys(keys: list[str], words: Words, *, english: bool, most: int = 4) -> str:
    """A list of facts in words; past ``most`` the rest is counted."""
    names = [name_key(key, words, english=english) for key in keys]
    joined = translate(N_("、"), english).join(names[:most])
    if len(names) <= most:
        return joined
    return translate(N_("{names}等{count}项"), english).format(
        names=joined, count=len(names)
    )


def ask_key(key: str, words: Words, *, english: bool) -> str:
    """A figure that is wanted, in words: what is asked with yes or no says so.

    A bare “missing: on the list of abnormal operations” reads as if to be on the list
    were wanted.
    """
    name = name_key(key, words, english=english)
    fact = words.facts[split_key(key)[0]]
    if fact.type is not FactType.BOOLEAN or name.startswith("是否"):
        return name
    return translate(N_("{name}（是或否）"), english).format(name=name)


def ask_keys(keys: list[str], words: Words, *, english: bool, most: int = 4) -> str:
    """A list of figures that are wanted; past ``most`` the rest is counted."""
    names = [ask_key(key, words, english=english) for key in keys[:most]]
    joined = translate(N_("、"), english).join(names)
    if len(keys) <= most:
        return joined
    return translate(N_("{names}等{count}项"), english).format(
        names=joined, count=len(keys)
    )


def name_node(node: nodes.Node, words: Words, *, english: bool) -> str:
    """A value in words: its own name if the pack gives one, else made of its facts."""
    named = words.quantities.get(_as_of_last_year(node))
    if named:
        return named.say(english=english)
    match node:
        case nodes.FactRef(fact_id):
            return name_fact(fact_id, words, english=english)
        case nodes.Ratio(part, whole):
            text = translate(N_("{part}占{whole}比重"), english)
            return text.format(
                part=name_node(part, words, english=english),
                whole=name_node(whole, words, english=english),
            )
        case nodes.SumYears(count, fact, mean):
            text = N_("近{count}年{name}均值") if mean else N_("近{count}年{name}合计")
        case nodes.Growth(count, fact, mean):
            text = (
                N_("近{count}年{name}平均增长率")
                if mean
                else N_("近{count}年{name}复合增长率")
            )
        case nodes.FirstGiven(options):
            return name_node(options[-1], words, english=english)
        case nodes.PartOf(part) | nodes.Flag(part) | nodes.Is(part) | nodes.Has(part):
            return name_node(part, words, english=english)
        case nodes.Reviewed(reviewed):
            return name_node(reviewed, words, english=english)
        case nodes.Score():
            return translate(N_("得分"), english)
        case nodes.Compare(_, left):
            return name_node(left, words, english=english)
        case _:
            return ""
    return translate(text, english).format(
        count=count, name=name_node(fact, words, english=english)
    )


@functools.lru_cache(maxsize=nodes.REMEMBERED)
def _as_of_last_year(node: nodes.Node) -> str:
    """The node as text, moved to y1, so that a quantity has one name in every year."""
    if not isinstance(node, nodes.Ratio | nodes.Growth | nodes.Age):
        return ""
    offsets = [
        n.offset
        for n in nodes.walk(node)
        if isinstance(n, nodes.FactRef) and n.offset is not None
    ]
    return print_expression(nodes.shift(node, 1 - min(offsets)) if offsets else node)


def show(value: Any, unit: str, *, english: bool) -> str:
    """A value in base units as people read it: 5,088万元, 3.05%, 是, 2025-06-01."""
    if value is None:
        return translate(N_("不详"), english)
    if isinstance(value, bool):
        return translate(N_("是") if value else N_("否"), english)
    if isinstance(value, datetime.date):
        return value.isoformat()
    if unit in {"元", "美元"}:
        if english:
            currency = "yuan" if unit == "元" else "US dollars"
            return f"{value:,.2f}".removesuffix(".00") + f" {currency}"
        return show_money(Decimal(value), unit)
    if unit == "%":
        return show_ratio(Decimal(value))
    text = plain(Decimal(value)) if isinstance(value, Decimal) else str(value)
    return (
        translate(_SUFFIX[unit], english).format(number=text)
        if unit in _SUFFIX
        else text
    )


def show_fact(key: str, value: Any, words: Words, *, english: bool) -> str:
    """A fact's value as people read it, choices by their labels."""
    fact = words.facts[split_key(key)[0]]
    if fact.type in {FactType.CHOICE, FactType.CHOICES} and value is not None:
        chosen = [value] if isinstance(value, str) else sorted(value)
        labels = [fact.choice_label(each, english=english) for each in chosen]
        return translate(N_("、"), english).join(labels) or translate(N_("无"), english)
    unit = {FactType.MONEY: "美元" if fact.dollars else "元", FactType.RATIO: "%"}
    return show(value, unit.get(fact.type, ""), english=english)
