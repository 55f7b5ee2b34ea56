"""Tree → expression text; reading it again gives the same tree."""

from __future__ import annotations

import re

from tidu.rules import nodes

_BARE = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")  # numbers that need no quotes


def print_expression(node: nodes.Node) -> str:
    """Write a condition or value as the rule language reads it."""
    match node:
        case nodes.Number(_, unit, text, name):
            return name or (text if not unit and _BARE.fullmatch(text) else f"'{text}'")
        case nodes.FactRef(fact_id, _, offset):
            return fact_id if offset in {None, 1} else f"{fact_id}[y{offset}]"
        case nodes.Ratio(part, whole):
            return _call("ratio", part, whole)
        case nodes.SumYears(count, fact, mean):
            return _call("mean_years" if mean else "sum_years", count, fact)
        case nodes.Growth(count, fact, mean):
            return _call("mean_growth" if mean else "compound_growth", count, fact)
        case nodes.Age(fact, unit):
            return _call(f"age_{unit}", fact)
        case nodes.FirstGiven(options):
            return _call("first_given", *options)
        case nodes.PartOf(part, whole):
            return _call("part", part, whole)
        case nodes.Score(score_id):
            return f"score({score_id})"
        case nodes.Grade(table, indicator, strict):
            second = indicator or ("strict" if strict else "")
            return f"grade({table.id}, {second})" if second else f"grade({table.id})"
    return _print_condition(node)


def _print_condition(node: nodes.Node) -> str:
    match node:
        case nodes.Compare(op, left, right):
            return f"{print_expression(left)} {op} {print_expression(right)}"
        case nodes.Flag(fact):
            return print_expression(fact)
        case nodes.Is(fact, (option,)):
            return f"{print_expression(fact)} == {option}"
        case nodes.Is(fact, options):
            return f"{print_expression(fact)} in ({', '.join(options)})"
        case nodes.Has(fact, option):
            return f"has({print_expression(fact)}, {option})"
        case nodes.All(items):
            return " and ".join(_nested(each) for each in items)
        case nodes.Any(items):
            return " or ".join(_nested(each) for each in items)
        case nodes.Not(item):
            return f"not {_nested(item)}"
        case nodes.Choose(when, then, otherwise):
            branches = [_nested(each) for each in (then, when, otherwise)]
            return "{} if {} else {}".format(*branches)
        case nodes.Manual():
            return "manual()"
    return _print_function(node)


def _print_function(node: nodes.Node) -> str:
    match node:
        case nodes.AtLeast(count, items):
            return _call("at_least", count, *items)
        case nodes.EachYear(count, item):
            return _call("each_year", count, item)
        case nodes.Ever(item):
            return _call("ever", item)
        case nodes.WhereGiven(item):
            return _call("where_given", item)
        case nodes.Reviewed(fact, None):
            return _call("reviewed", fact)
        case nodes.Reviewed(fact, nodes.Node() as item):
            return _call("reviewed", item, fact)
    raise TypeError(f"not an expression: {node!r}")


def _call(name: str, *arguments: nodes.Node | int) -> str:
    shown = (
        str(each) if isinstance(each, int) else print_expression(each)
        for each in arguments
    )
    return f"{name}({', '.join(shown)})"


def _nested(node: nodes.Node) -> str:
    text = print_expression(node)
    needs = isinstance(node, nodes.All | nodes.Any | nodes.Not | nodes.Choose)
    return f"({text})" if needs else text
