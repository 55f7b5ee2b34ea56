"""Small faults, one at a time, put into the text of a module.

Comparisons move their border or turn round, "and" becomes "or", numbers grow by one,
texts are emptied, arguments change places, statements fall away, and words that stand
for opposites here (low and high, least and greatest, met and unmet) are swapped.
"""

import ast
import builtins
import dataclasses
from collections.abc import Iterator

COMPARISONS = {
    ast.Lt: [ast.LtE, ast.GtE],
    ast.LtE: [ast.Lt, ast.Gt],
    ast.Gt: [ast.GtE, ast.LtE],
    ast.GtE: [ast.Gt, ast.Lt],
    ast.Eq: [ast.NotEq],
    ast.NotEq: [ast.Eq],
    ast.Is: [ast.IsNot],
    ast.IsNot: [ast.Is],
    ast.In: [ast.NotIn],
    ast.NotIn: [ast.In],
}
ARITHMETIC = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.Pow: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.FloorDiv: ast.Mult,
}
PAIRS = (
    ("min", "max"),
    ("any", "all"),
    ("least", "greatest"),
    ("both", "either"),
    ("holds", "fails"),
    ("low", "high"),
    ("lows", "highs"),
    ("sure", "possible"),
    ("reached", "passed"),
    ("when", "otherwise"),
    ("top", "base"),
    ("TRUE", "FALSE"),
    ("MET", "UNMET"),
    ("UNKNOWN", "MANUAL"),
    ("And", "Or"),
    ("Least", "Greatest"),
    ("Add", "Sub"),
    ("GTE", "GT"),
    ("LTE", "LT"),
    ("EQ", "NEQ"),
)
SWAPS = dict(PAIRS) | {right: left for left, right in PAIRS}
SWAPS |= {"NOT_APPLICABLE": "UNKNOWN", "MONEY_PLACES": "SHARE_PLACES", "Mul": "Add"}
SYMBOLS = {">=": ">", ">": ">=", "<=": "<", "<": "<=", "==": "!=", "!=": "=="}
REMOVABLE = ast.Expr | ast.AugAssign | ast.Delete | ast.Continue | ast.Break
NOTHING = {"None", "False", "''"}
SIMPLE = ast.Constant | ast.Name | ast.Attribute | ast.Call | ast.Subscript


@dataclasses.dataclass(frozen=True)
class Mutant:
    """One fault: the bytes it replaces, the lines that run into it (None: always)."""

    module: str
    line: int
    start: int
    end: int
    text: str
    fault: str
    reach: frozenset[int] | None
    inside: tuple[str, ...]  # calls and statements around it, innermost first

    def apply(self, source: bytes) -> bytes:
        return source[: self.start] + self.text.encode() + source[self.end :]


def mutants(module: str, source: bytes) -> list[Mutant]:
    """Every mutant of a module's text, in its order."""
    starts = [0]
    for line in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))

    def place(node: ast.AST) -> tuple[int, int]:
        return (
            starts[node.lineno - 1] + node.col_offset,
            starts[node.end_lineno - 1] + node.end_col_offset,
        )

    found = [
        Mutant(module, node.lineno, *place(node), text, fault, _reach(path), about)
        for path, about in _walk(ast.parse(source), ())
        for node, text, fault in _variants(path)
    ]
    return [each for each in dict.fromkeys(found) if each.apply(source) != source]


def _walk(node: ast.AST, path: tuple) -> Iterator[tuple[tuple, tuple[str, ...]]]:
    """Every node that is worked out at run time, below those it stands in."""
    path = (node, *path)
    yield path, tuple(filter(None, map(_label, path)))
    if isinstance(node, ast.JoinedStr | ast.Import | ast.ImportFrom | ast.Assert):
        return
    skipped = {"annotation", "returns", "decorator_list"}
    children = [
        each
        for name, value in ast.iter_fields(node)
        if name not in skipped
        for each in (value if isinstance(value, list) else [value])
        if isinstance(each, ast.AST)
    ]
    if _has_docstring(node):
        children.remove(node.body[0])
    for child in children:
        yield from _walk(child, path)


def _label(node: ast.AST) -> str:
    match node:
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
            return f"{name}()"
        case ast.keyword(arg=str(name)):
            return f"{name}="
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            return f"def {name}"
        case ast.Raise():
            return "raise"
        case ast.If(test=ast.Name(id="TYPE_CHECKING")):
            return "TYPE_CHECKING"
    return ""


def _has_docstring(node: ast.AST) -> bool:
    return bool(
        isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and ast.get_docstring(node)
    )


def _reach(path: tuple) -> frozenset[int] | None:
    """The lines of the statement it stands in; None where it runs on import."""
    at = next(
        i for i, each in enumerate(path) if isinstance(each, ast.stmt | ast.Module)
    )
    statement = path[at]
    definitions = ast.FunctionDef | ast.ClassDef | ast.Module
    if isinstance(statement, definitions) or not any(
        isinstance(each, ast.FunctionDef) for each in path[at:]
    ):
        return None
    own = next(each for each in path if hasattr(each, "lineno"))
    whole = (
        own if hasattr(statement, "body") or hasattr(statement, "cases") else statement
    )
    return frozenset({statement.lineno, *range(whole.lineno, whole.end_lineno + 1)})


def _variants(path: tuple) -> Iterator[tuple[ast.AST, str, str]]:  # noqa: C901, PLR0912
    """What a node may become: the node replaced, its text, and what was done."""
    node, parent = path[0], path[1] if len(path) > 1 else None
    match node:
        case ast.Compare(left, [op], rights):
            for other in COMPARISONS[type(op)]:
                yield node, _text(ast.Compare(left, [other()], rights)), "comparison"
        case ast.BoolOp(op, operands):
            other = ast.Or() if isinstance(op, ast.And) else ast.And()
            yield node, _text(ast.BoolOp(other, operands)), "and, or"
        case ast.UnaryOp(ast.Not() | ast.USub(), operand):
            yield node, _text(operand), "negation"
        case ast.BinOp(left, op, right) if type(op) in ARITHMETIC:
            yield node, _text(ast.BinOp(left, ARITHMETIC[type(op)](), right)), "sum"
        case ast.Constant(value=bool(value)):
            yield node, str(not value), "constant"
        case ast.Constant(value=int(value)):
            yield node, str(value + 1), "constant"
        case ast.Constant(value=str(value)):
            yield node, repr(SYMBOLS.get(value, "" if value else "XX")), "text"
        case ast.JoinedStr():
            yield node, '""', "text"
        case ast.Name(id=name, ctx=ast.Load()) if SWAPS.get(name) in _known(path):
            yield node, SWAPS[name], "opposite"
        case ast.Attribute(value, name, ast.Load()) if name in SWAPS:
            yield node, f"{ast.unparse(value)}.{SWAPS[name]}", "opposite"
        case ast.Call(func, [first, second, *rest], words) if not isinstance(
            first, ast.Starred
        ) and not isinstance(second, ast.Starred):
            yield node, _text(ast.Call(func, [second, first, *rest], words)), "order"
        case ast.keyword() if isinstance(parent, ast.Call):
            words = [each for each in parent.keywords if each is not node]
            yield parent, _text(ast.Call(parent.func, parent.args, words)), "keyword"
        case ast.Return(value) if value and ast.unparse(value) not in NOTHING:
            yield node, "return None", "nothing returned"
        case ast.AugAssign(target, ast.Add(), value):
            yield node, _text(ast.AugAssign(target, ast.Sub(), value)), "sum"
        case ast.Assign([ast.Attribute() | ast.Subscript()]):
            yield node, "pass", "statement removed"
        case ast.MatchOr(patterns):
            for each in patterns:
                left = [other for other in patterns if other is not each]
                yield node, " | ".join(map(ast.unparse, left)), "pattern"
        case ast.IfExp(test=test) | ast.If(test=test) | ast.While(test=test):
            if not isinstance(test, ast.Compare | ast.BoolOp | ast.UnaryOp):
                yield test, f"not ({ast.unparse(test)})", "negation"
        case ast.comprehension(ifs=tests):
            for test in tests:
                yield test, "True", "filter removed"
    if isinstance(node, REMOVABLE):
        yield node, "pass", "statement removed"


def _known(path: tuple) -> set[str]:
    """Names that mean something where a node stands."""
    functions = [each for each in path if isinstance(each, ast.FunctionDef)]
    local = ast.walk(functions[-1] if functions else path[-1])
    imported = [each for each in path[-1].body if isinstance(each, ast.ImportFrom)]
    return (
        {each.id for each in local if isinstance(each, ast.Name)}
        | {name.name for each in imported for name in each.names}
        | set(dir(builtins))
    )


def _text(node: ast.AST) -> str:
    text = ast.unparse(ast.fix_missing_locations(node))
    plain = isinstance(node, SIMPLE | ast.stmt)
    return text if plain else f"({text})"
