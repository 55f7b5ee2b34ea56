"""Prints the chapters as docs/reference/rule-language.md."""

from collections.abc import Iterator

from tests.spec.book import DICTIONARY, ON, Case, Chapter, Refusals, Row, TruthTable
from tests.spec.chapters.outcomes import OUTCOMES

HEAD = """\
# 规则语言 · The rule language

条件写成一小部分 Python 语法，读的是事实字典里的事实，得出五种结论之一。本页由 `tests/spec`
生成（`make docs`），每一行都在测试里算过。评定日期除另注外为 {on}，上年度（y1）即 {last} 年。
表中空格表示没有填，即“不详”。

A condition is a small part of Python's grammar over the facts of the dictionary, with one of
five outcomes. This page is generated from `tests/spec` (`make docs`); every row has been run.
Unless noted, the day is {on}. An empty cell is an absent, hence unknown, figure.

| 结论 | outcome | 含义 | meaning |
|---|---|---|---|
| 满足 | `met` | 数据证明满足 | the figures show it |
| 不满足 | `unmet` | 数据证明不满足 | the figures refute it |
| 不详 | `unknown` | 缺数据，请企业补 | a figure is missing: ask the enterprise |
| 待人工认定 | `manual` | 数据已齐，由人判断 | people must judge |
| 不适用 | `not_applicable` | 本次不考察 | not examined this time |
"""


def write(chapters: tuple[Chapter, ...]) -> str:
    """The whole page."""
    lines = [HEAD.format(on=ON.isoformat(), last=ON.year - 1)]
    for chapter in chapters:
        lines += [f"## {chapter.number}. {chapter.title} · {chapter.english}", ""]
        for part in chapter.parts:
            if not (isinstance(part, Case) and part.aside):
                lines += [*_part(part), ""]
    return "\n".join(lines).rstrip() + "\n"


def _part(part: Case | TruthTable | Refusals) -> Iterator[str]:
    yield f"{_shown(part)}{part.chinese} *{part.english}*"
    yield ""
    match part:
        case Case():
            yield from _case(part)
        case TruthTable(rows=rows) if len(next(iter(rows)).split()) == 1:
            yield _line("A", *(f"`{each}`" for each in rows))
            yield _line(*["---"] * (len(rows) + 1))
            yield _line(
                f"`{part.expression}`", *(f"`{each}`" for each in rows.values())
            )
        case TruthTable():
            yield from _truths(part)
        case Refusals():
            yield from _refusals(part)


def _shown(part: Case | TruthTable | Refusals) -> str:
    match part:
        case Refusals():
            return ""
        case Case(points=points, most=most) if points:
            return f"`{points}`（满分 {most}）— "
    return f"`{part.expression}` — "


def _case(case: Case) -> Iterator[str]:
    """Facts from top to bottom, one column for each example."""
    if case.card:
        yield from ("```yaml", case.card, "```")
    names = list(dict.fromkeys(name for row in case.rows for name in row.facts))
    dated = "" if case.on == ON else f"（{case.on.isoformat()}）"
    yield _line(f"结果{dated}", *map(_outcome, case.rows))
    yield _line(*["---"] * (len(case.rows) + 1))
    for name in names:
        cells = (row.facts.get(name, "") for row in case.rows)
        yield _line(f"`{name}` {_label(name)}", *cells)


def _label(name: str) -> str:
    return DICTIONARY[name.partition("[")[0]].label


def _outcome(row: Row) -> str:
    return f"`{row.expected}`" if row.expected in OUTCOMES else row.expected


def _truths(table: TruthTable) -> Iterator[str]:
    """The last item from left to right, those before it from top to bottom."""
    before = dict.fromkeys(each.rpartition(" ")[0] for each in table.rows)
    yield _line(
        " · ".join("ABC"[: len(next(iter(before)).split())]),
        *(f"{'ABC'[len(next(iter(before)).split())]} `{each}`" for each in OUTCOMES),
    )
    yield _line(*["---"] * (len(OUTCOMES) + 1))
    for first in before:
        outcomes = (_look_up(table, f"{first} {last}") for last in OUTCOMES)
        shown = " · ".join(f"`{each}`" for each in first.split())
        yield _line(shown, *(f"`{each}`" for each in outcomes))


def _look_up(table: TruthTable, outcomes: str) -> str:
    if table.symmetric:
        outcomes = " ".join(sorted(outcomes.split(), key=OUTCOMES.index))
    return table.rows[outcomes]


def _refusals(table: Refusals) -> Iterator[str]:
    yield _line(
        "写法 · expression", "第几个字符 · column", "提示 · message", "办法 · remedy"
    )
    yield _line(*["---"] * 4)
    for each in table.rows:
        shown = f"`{each.expression}`" if each.expression else "（空）"
        yield _line(shown, str(each.column), each.what, each.remedy)


def _line(*cells: str) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"
