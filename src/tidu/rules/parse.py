"""Expression text → tree, through Python's own grammar and a white list.

``rnd_expense >= min_rnd and ratio(rnd_expense, revenue) >= '3%'``. Names are facts or
values of the rule set; ``revenue[y2]`` is the year before last; quantities with a unit
stand in quotes. Whatever is not listed here is refused with its column.
"""

from __future__ import annotations

import ast
import contextlib
import dataclasses
from collections.abc import Callable, Collection, Mapping
from decimal import Decimal
from typing import NoReturn

from tidu.rules import nodes
from tidu.rules.errors import ExpressionError
from tidu.rules.facts import NUMERIC, FactDictionary, FactType
from tidu.rules.functions import ANY_NUMBER, FUNCTIONS
from tidu.rules.tables import Table
from tidu.rules.units import read_quantity
from tidu.rules.yamlio import nearest

_OPERATORS: Mapping[type[ast.cmpop], str] = {
    ast.GtE: ">=",
    ast.Gt: ">",
    ast.LtE: "<=",
    ast.Lt: "<",
    ast.Eq: "==",
    ast.NotEq: "!=",
}
_YEARS = {f"y{offset}": offset for offset in range(10)}
_MOST_COUNT = 50
_MOST_AGE = 5000  # years or days: no anniversary may lie beyond the year 9999
CONDITIONS = (
    nodes.Compare,
    nodes.Flag,
    nodes.Is,
    nodes.Has,
    nodes.All,
    nodes.Any,
    nodes.Not,
    nodes.Choose,
    nodes.AtLeast,
    nodes.EachYear,
    nodes.Ever,
    nodes.WhereGiven,
    nodes.Reviewed,
    nodes.Manual,
)
# What a value is measured in, and the units a constant beside it may have.
_UNITS = {
    FactType.MONEY: {"元", "美元"},
    FactType.RATIO: {"%"},
    FactType.COUNT: {"", "项", "人", "名", "个", "级"},
    FactType.NUMBER: {"", "年", "分"},
}


@dataclasses.dataclass(frozen=True)
class Names:
    """What an expression may name: facts, values of the rule set, scores, tables."""

    facts: FactDictionary
    values: Mapping[str, nodes.Number] = dataclasses.field(default_factory=dict)
    scores: Collection[str] = ()
    tables: Mapping[str, Table] = dataclasses.field(default_factory=dict)


def parse_condition(text: str, names: Names) -> nodes.Node:
    """Read a condition. Raises ExpressionError with the exact column."""
    return Parser(text, names).parse(Parser.condition)


def parse_value(text: str, names: Names) -> nodes.Node:
    """Read a value expression. Raises ExpressionError with the exact column."""
    return Parser(text, names).parse(Parser.value)


class Parser:
    def __init__(self, text: str, names: Names) -> None:
        self.text = text.strip().replace("\r", " ")  # Python ends a line there
        self.names = names

    def parse(self, rule: Callable[[Parser, ast.expr], nodes.Node]) -> nodes.Node:
        try:
            tree = ast.parse(f"(\n{self.text}\n)", mode="eval")
            if tree.body.lineno == 1:  # the text closed our bracket, or is no value
                raise SyntaxError(self.text)
            return rule(self, tree.body)
        except ExpressionError:
            raise
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            self.refuse_syntax(error)

    # -- errors --------------------------------------------------------------

    def refuse_syntax(self, error: Exception) -> NoReturn:
        """Refuse the text where Python, reading it as one line, stops."""
        column = 1  # where it is too deep or too long to point at a place
        with contextlib.suppress(ValueError, RecursionError, MemoryError):
            try:
                ast.parse(self.text.replace("\n", " "), mode="eval")
            except SyntaxError as found:
                end = len(self.text) + 1
                column = min(found.offset or end, end)  # 0: it goes on past the end
        raise ExpressionError(
            "语法不对",
            column,
            "请检查括号和运算符；带单位的数要加引号，如 '1500万元'、'3%'",
        ) from error

    def refuse(self, node: ast.AST, what: str, remedy: str = "") -> NoReturn:
        line = getattr(node, "lineno", 2) - 2
        lines = self.text.split("\n")
        offset = getattr(node, "col_offset", 0)
        prefix = lines[line].encode()[:offset].decode()
        column = sum(len(each) + 1 for each in lines[:line]) + len(prefix) + 1
        raise ExpressionError(what, column, remedy)

    # -- conditions ----------------------------------------------------------

    def condition(self, node: ast.expr) -> nodes.Node:
        match node:
            case ast.BoolOp(op, values):
                items = tuple(self.condition(each) for each in values)
                return nodes.All(items) if isinstance(op, ast.And) else nodes.Any(items)
            case ast.UnaryOp(ast.Not(), operand):
                return nodes.Not(self.condition(operand))
            case ast.IfExp(test, body, orelse):
                branches = (self.condition(each) for each in (test, body, orelse))
                return nodes.Choose(*branches)
            case ast.Compare(left, operators, comparators):
                sides = [left, *comparators]
                parts = tuple(
                    self.comparison(node, sides[at], operator, sides[at + 1])
                    for at, operator in enumerate(operators)
                )
                return parts[0] if len(parts) == 1 else nodes.All(parts)
            case ast.Call():
                found = self.call(node)
                if isinstance(found, nodes.PartOf) and self.is_flag(found.part):
                    return nodes.Flag(found)
                if isinstance(found, CONDITIONS):
                    return found
                self.refuse(node, "这里应为条件，不是数值", "请加上比较，如 >= 3")
            case ast.Name() | ast.Subscript():
                fact = self.value(node)
                if isinstance(fact, nodes.FactRef) and self.is_flag(fact):
                    return nodes.Flag(fact)
                self.refuse(node, "这里应为条件，不是数值", "请加上比较，如 >= 3")
        self.refuse(
            node,
            "条件里不能这样写",
            "可用：比较、and、or、not、if else 和文档列出的函数",
        )

    def comparison(
        self, whole: ast.expr, left: ast.expr, operator: ast.cmpop, right: ast.expr
    ) -> nodes.Node:
        if isinstance(operator, ast.In):
            if not isinstance(right, ast.Tuple | ast.List) or not right.elts:
                self.refuse(
                    right, "in 后面应为括号里的选项", "如 in (province, national)"
                )
            return self.choice(left, right.elts)
        if type(operator) not in _OPERATORS:
            self.refuse(whole, "不能用这个比较符", "可用：>= > <= < == != in")
        op = _OPERATORS[type(operator)]
        first = self.value(left)
        if isinstance(first, nodes.FactRef) and first.type is FactType.CHOICE:
            if op not in {"==", "!="}:
                self.refuse(whole, "选项只能用 ==、!= 或 in 比较")
            found = self.choice(left, [right])
            return found if op == "==" else nodes.Not(found)
        second = self.value(right)
        self.check_comparable(whole, first, second)
        return nodes.Compare(op, first, second)

    def choice(self, left: ast.expr, options: list[ast.expr]) -> nodes.Node:
        fact = self.value(left)
        if not isinstance(fact, nodes.FactRef) or fact.type is not FactType.CHOICE:
            self.refuse(left, "这里应为选项类事实")
        chosen = tuple(self.option(fact, each) for each in options)
        return nodes.Is(fact, chosen)

    def option(self, fact: nodes.FactRef, node: ast.expr) -> str:
        known = [each.id for each in self.names.facts[fact.id].choices]
        name = node.id if isinstance(node, ast.Name) else None
        if name not in known:
            self.refuse(
                node,
                f"{fact.id} 没有选项 {name or ast.unparse(node)}",
                f"可用的选项：{'、'.join(known)}",
            )
        assert name is not None
        return name

    # -- values --------------------------------------------------------------

    def value(self, node: ast.expr) -> nodes.Node:
        match node:
            case ast.Constant(str() as text):
                return self.quantity(node, text)
            case ast.Constant(bool()):
                self.refuse(node, "不用 True、False", "直接写事实，或在前面加 not")
            case ast.Constant(int() | float()):
                text = ast.get_source_segment(f"(\n{self.text}\n)", node) or ""
                return self.quantity(node, text)
            case ast.UnaryOp(ast.USub(), ast.Constant(int() | float())):
                text = ast.get_source_segment(f"(\n{self.text}\n)", node) or ""
                return self.quantity(node, text)
            case ast.Name(name):
                return self.name(node, name)
            case ast.Subscript(ast.Name(name), ast.Name(year)):
                return self.yearly(node, name, year)
            case ast.Call():
                found = self.call(node)
                if isinstance(found, CONDITIONS):
                    self.refuse(node, "这里应为数值，不是条件")
                return found
        self.refuse(
            node, "数值不能这样写", "可用：事实、数字、'1500万元'、ratio() 等函数"
        )

    def quantity(self, node: ast.expr, text: str) -> nodes.Number:
        try:
            number, unit = read_quantity(text.replace("_", ""))
        except ValueError:
            self.refuse(
                node, f"读不懂数量 {text}", "写成 60、'1500万元'、'3%' 或 '2年'"
            )
        return nodes.Number(number, unit, text)

    def name(self, node: ast.expr, name: str) -> nodes.Node:
        if name in self.names.values:
            return self.names.values[name]
        return self.fact(node, name)

    def fact(self, node: ast.expr, name: str) -> nodes.FactRef:
        found = self.names.facts.get(name)
        if found is None:
            known = [*self.names.facts, *self.names.values]
            self.refuse(
                node, f"不认识 {name}", nearest(name, known) or "请先在事实字典里定义它"
            )
        return nodes.FactRef(found.id, found.type, 1 if found.yearly else None)

    def yearly(self, node: ast.expr, name: str, year: str) -> nodes.FactRef:
        fact = self.fact(node, name)
        if fact.offset is None:
            self.refuse(node, f"{name} 不分年度", "去掉方括号")
        if year not in _YEARS:
            self.refuse(
                node, f"年度不能写作 {year}", "y0 为当年，y1 为上年度，y2 为上上年度"
            )
        return dataclasses.replace(fact, offset=_YEARS[year])

    def is_flag(self, fact: nodes.FactRef) -> bool:
        return fact.type is FactType.BOOLEAN

    def call(self, node: ast.Call) -> nodes.Node:
        name = node.func.id if isinstance(node.func, ast.Name) else None
        if name is None or name not in FUNCTIONS:
            self.refuse(
                node,
                f"不能调用 {name or ast.unparse(node.func)}",
                f"可用的函数：{'、'.join(FUNCTIONS)}",
            )
        if node.keywords or any(isinstance(a, ast.Starred) for a in node.args):
            self.refuse(node, "函数只接受按位置写的参数")
        build, least, most = FUNCTIONS[name]
        if not least <= len(node.args) <= most:
            wanted = (
                f"{least} 个"
                if least == most
                else f"{least} 个以上"
                if most == ANY_NUMBER
                else f"{least} 到 {most} 个"
            )
            self.refuse(node, f"{name} 的参数个数不对", f"需要 {wanted}参数")
        return build(self, node)

    # -- checks --------------------------------------------------------------

    def whole_number(self, node: ast.expr) -> int:
        match node:
            case ast.Constant(int() as count) if (
                type(count) is int and 1 <= count <= _MOST_COUNT
            ):
                return count
        self.refuse(node, "这里应为 1 到 50 的整数")

    def numeric_fact(self, node: ast.expr, *, yearly: bool = False) -> nodes.FactRef:
        found = self.value(node)
        if not isinstance(found, nodes.FactRef) or found.type not in NUMERIC:
            self.refuse(node, "这里应为数值类事实")
        if yearly and found.offset is None:
            self.refuse(node, "这里应为分年度的事实")
        return found

    def check_comparable(
        self, node: ast.expr, left: nodes.Node, right: nodes.Node
    ) -> None:
        if isinstance(left, nodes.Number):
            self.refuse(node, "常数要写在右边", "如 revenue >= '1500万元'")
        allowed = self.units(left)
        if isinstance(right, nodes.Number):
            zero = not right.value and not right.unit and bool(allowed)
            fits = zero or right.unit in allowed
            if isinstance(left, nodes.Age) and fits and not _whole(right.value):
                self.refuse(node, "年限和天数应与整数比较", "如 <= '10年'")
        else:
            mean = isinstance(left, nodes.SumYears) and left.mean
            if mean or isinstance(
                left, nodes.Ratio | nodes.Growth | nodes.Age | nodes.Score | nodes.Grade
            ):
                self.refuse(node, "这里只能与常数比较")
            comparable = isinstance(right, nodes.FactRef) and bool(allowed)
            fits = comparable and self.units(right) == allowed
        if not fits:
            left_units = "、".join(sorted(unit or "无" for unit in allowed))
            self.refuse(
                node, "两边的单位不一致", f"左边的单位：{left_units or '不能比较大小'}"
            )

    def units(self, node: nodes.Node) -> set[str]:
        match node:
            case nodes.FactRef(fact_id, FactType.MONEY):
                return {"美元"} if self.names.facts[fact_id].dollars else {"元"}
            case nodes.FactRef(_, kind):
                return _UNITS.get(kind, set())
            case nodes.SumYears(_, fact) | nodes.PartOf(fact):
                return self.units(fact)
            case nodes.FirstGiven(options):
                return self.units(options[0])
            case nodes.Ratio() | nodes.Growth():
                return {"%"}
            case nodes.Age(_, unit):
                return {"", "年"} if unit == "years" else {"", "天"}
            case nodes.Score():
                return {"", "分"}
        return {"", "级"}


def _whole(bound: Decimal) -> bool:
    """Whether an age may be compared with it: whole, and within the calendar."""
    return 0 <= bound <= _MOST_AGE and bound == bound.to_integral_value()
