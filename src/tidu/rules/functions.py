"""The functions an expression may call, and what each one builds.

A function takes the parser and the call, checks the arguments and returns a node.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from tidu.rules import nodes
from tidu.rules.facts import FactType

if TYPE_CHECKING:
    from tidu.rules.parse import Parser


def _ratio(parser: Parser, call: ast.Call) -> nodes.Node:
    sides = []
    for each in call.args:
        found = parser.value(each)
        inexact = isinstance(found, nodes.SumYears) and (
            found.lower_bound or found.mean
        )
        if inexact or not isinstance(
            found, nodes.FactRef | nodes.FirstGiven | nodes.SumYears
        ):
            parser.refuse(each, "比值的两边应为事实、合计或 first_given()")
        sides.append(found)
    if parser.units(sides[0]) != parser.units(sides[1]):
        parser.refuse(call, "比值两边的单位不一致")
    return nodes.Ratio(*sides)


def _sum_years(parser: Parser, call: ast.Call) -> nodes.Node:
    fact = parser.numeric_fact(call.args[1], yearly=True)
    return nodes.SumYears(
        parser.whole_number(call.args[0]),
        fact,
        mean=call.func.id == "mean_years",  # type: ignore[attr-defined]
        lower_bound=parser.names.facts[fact.id].accumulates,
    )


def _growth(parser: Parser, call: ast.Call) -> nodes.Node:
    fact = parser.numeric_fact(call.args[1], yearly=True)
    mean = call.func.id == "mean_growth"  # type: ignore[attr-defined]
    return nodes.Growth(parser.whole_number(call.args[0]), fact, mean=mean)


def _age(parser: Parser, call: ast.Call) -> nodes.Node:
    fact = parser.value(call.args[0])
    if not isinstance(fact, nodes.FactRef) or fact.type is not FactType.DATE:
        parser.refuse(call.args[0], "这里应为日期类事实")
    unit = "days" if call.func.id == "age_days" else "years"  # type: ignore[attr-defined]
    return nodes.Age(fact, unit)


def _first_given(parser: Parser, call: ast.Call) -> nodes.Node:
    options = tuple(parser.numeric_fact(each) for each in call.args)
    if any(parser.units(each) != parser.units(options[0]) for each in options):
        parser.refuse(call, "各项的单位不一致")
    return nodes.FirstGiven(options)


def _part(parser: Parser, call: ast.Call) -> nodes.Node:
    sides = [parser.value(each) for each in call.args]
    if (
        not all(isinstance(each, nodes.FactRef) for each in sides)
        or len(
            {each.type for each in sides}  # type: ignore[attr-defined]
        )
        != 1
    ):
        parser.refuse(call, "part() 的两边应为同一类型的事实")
    if parser.units(sides[0]) != parser.units(sides[1]):
        parser.refuse(call, "part() 两边的单位不一致")
    return nodes.PartOf(*sides)  # type: ignore[arg-type]


def _score(parser: Parser, call: ast.Call) -> nodes.Node:
    if not call.args:
        score_id = ""
    else:
        score_id = call.args[0].id if isinstance(call.args[0], ast.Name) else "?"
    if score_id not in parser.names.scores:
        known = "、".join(each for each in parser.names.scores if each)
        parser.refuse(
            call, f"没有评分项 {score_id}", f"可用：{known or '本标准没有评分表'}"
        )
    return nodes.Score(score_id)


def _grade(parser: Parser, call: ast.Call) -> nodes.Node:
    names = [each.id if isinstance(each, ast.Name) else "?" for each in call.args]
    table = parser.names.tables.get(names[0])
    if table is None:
        known = "、".join(parser.names.tables)
        parser.refuse(call, f"没有表 {names[0]}", f"可用：{known or '无'}")
    strict = names[1:] == ["strict"]
    indicator = "" if strict or len(names) == 1 else names[1]
    if indicator and indicator not in table.facts:
        parser.refuse(
            call, f"表里没有指标 {indicator}", f"可用：{'、'.join(table.facts)}"
        )
    return nodes.Grade(table, indicator, strict)


def _has(parser: Parser, call: ast.Call) -> nodes.Node:
    fact = parser.value(call.args[0])
    if not isinstance(fact, nodes.FactRef) or fact.type is not FactType.CHOICES:
        parser.refuse(call.args[0], "这里应为多选类事实")
    return nodes.Has(fact, parser.option(fact, call.args[1]))


def _at_least(parser: Parser, call: ast.Call) -> nodes.Node:
    items = tuple(parser.condition(each) for each in call.args[1:])
    count = parser.whole_number(call.args[0])
    if count > len(items):
        parser.refuse(call, "要求的项数多于列出的项数")
    return nodes.AtLeast(count, items)


def _each_year(parser: Parser, call: ast.Call) -> nodes.Node:
    return nodes.EachYear(
        parser.whole_number(call.args[0]), parser.condition(call.args[1])
    )


def _ever(parser: Parser, call: ast.Call) -> nodes.Node:
    item = parser.condition(call.args[0])
    facts = [each for each in nodes.walk(item) if isinstance(each, nodes.FactRef)]
    if all(each.offset is None for each in facts):
        parser.refuse(call.args[0], "ever() 里应有分年度的事实")
    return nodes.Ever(item)


def _where_given(parser: Parser, call: ast.Call) -> nodes.Node:
    item = parser.condition(call.args[0])
    if not isinstance(item, nodes.Flag):
        parser.refuse(call.args[0], "这里应为是否类事实")
    return nodes.WhereGiven(item)


def _reviewed(parser: Parser, call: ast.Call) -> nodes.Node:
    fact = parser.value(call.args[-1])
    if not isinstance(fact, nodes.FactRef) or not parser.is_flag(fact):
        parser.refuse(call.args[-1], "评审结论应为是否类事实")
    item = parser.condition(call.args[0]) if len(call.args) > 1 else None
    return nodes.Reviewed(fact, item)


def _manual(_parser: Parser, _call: ast.Call) -> nodes.Node:
    return nodes.Manual()


ANY_NUMBER = 255
# name → (builder, least arguments, most arguments)
FUNCTIONS: Mapping[str, tuple[Callable[[Parser, ast.Call], nodes.Node], int, int]] = {
    "ratio": (_ratio, 2, 2),
    "sum_years": (_sum_years, 2, 2),
    "mean_years": (_sum_years, 2, 2),
    "compound_growth": (_growth, 2, 2),
    "mean_growth": (_growth, 2, 2),
    "age_years": (_age, 1, 1),
    "age_days": (_age, 1, 1),
    "first_given": (_first_given, 2, ANY_NUMBER),
    "part": (_part, 2, 2),
    "score": (_score, 0, 1),
    "grade": (_grade, 1, 2),
    "has": (_has, 2, 2),
    "at_least": (_at_least, 2, ANY_NUMBER),
    "each_year": (_each_year, 2, 2),
    "ever": (_ever, 1, 1),
    "where_given": (_where_given, 1, 1),
    "reviewed": (_reviewed, 1, 2),
    "manual": (_manual, 0, 0),
}
