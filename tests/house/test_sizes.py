"""How big things get. A name listed here may pass its limit, for the reason given."""

import ast
from pathlib import Path

import pytest

from tests.house.tree import files_under, name_of

LIMITS = {  # folder, suffix → lines
    ("src/tidu/", ".py"): 500,
    ("src/tidu/web/templates/", ".html"): 150,
    ("tests/", ".py"): 800,
    ("packs/", ".yaml"): 300,
    ("docs/", ".md"): 500,
    ("docs/", ".yaml"): 300,
    ("README", ".md"): 500,
    ("CONTRIBUTING", ".md"): 500,
}
FUNCTION_LIMIT = 50

# file → reason
LONG_FILES: dict[str, str] = {
    "docs/reference/cli.md": "written by make docs, a section for each command",
    "docs/reference/cases.md": "written by make docs, the states of each scheme",
}
# file::function → reason
LONG_FUNCTIONS: dict[str, str] = {}


def line_count(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def too_long_files() -> dict[str, str]:
    return {
        name_of(path): f"{lines} lines, limit {limit}"
        for (folder, suffix), limit in LIMITS.items()
        for path in files_under(folder, suffix)
        if "migrations" not in path.parts  # written by Django
        and (lines := line_count(path)) > limit
    }


def functions(tree: ast.AST, outer: str = "") -> dict[str, int]:
    """Qualified name → lines, decorators not counted, of every function."""
    found: dict[str, int] = {}
    for node in ast.iter_child_nodes(tree):
        inner = outer
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            inner = f"{outer}.{node.name}".lstrip(".")
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            found[inner] = (node.end_lineno or node.lineno) - node.lineno + 1
        found.update(functions(node, inner))
    return found


def too_long_functions() -> dict[str, str]:
    return {
        f"{name_of(path)}::{function}": f"{lines} lines, limit {FUNCTION_LIMIT}"
        for path in files_under("src/tidu/", ".py")
        for function, lines in functions(ast.parse(path.read_bytes())).items()
        if lines > FUNCTION_LIMIT
    }


def test_files_are_within_their_limit():
    found = too_long_files()

    assert {name: why for name, why in found.items() if name not in LONG_FILES} == {}


def test_functions_are_within_their_limit():
    found = too_long_functions()

    unexplained = {
        name: why for name, why in found.items() if name not in LONG_FUNCTIONS
    }
    assert unexplained == {}


@pytest.mark.parametrize(
    ("allowed", "measure"),
    [(LONG_FILES, too_long_files), (LONG_FUNCTIONS, too_long_functions)],
    ids=["files", "functions"],
)
def test_exceptions_are_still_needed_and_have_a_reason(allowed, measure):
    assert sorted(set(allowed) - set(measure())) == []
    assert [name for name, reason in allowed.items() if not reason.strip()] == []


def test_functions_are_counted_with_their_classes():
    source = "class A:\n    def b(self):\n        def c():\n            pass\n"

    assert functions(ast.parse(source)) == {"A.b": 3, "A.b.c": 2}
