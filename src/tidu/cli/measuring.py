"""``tidu measures``: the 26 measures, what each gives, and what works."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from tidu.cli.asking import print_json
from tidu.cli.assessing import UsageError
from tidu.cli.tables import hanging
from tidu.intake.assessing import Request
from tidu.rules.entitlements import applying
from tidu.rules.language import N_, translate
from tidu.rules.library import default_library
from tidu.rules.measures import Measure, Mechanism
from tidu.rules.packs import Pack
from tidu.rules.walks import MISSING_ENGINES, walks
from tidu.rules.wording import grade_word


def list_measures(request: Request, number: int | None, *, form: str) -> int:
    """Do the work of ``tidu measures``; the return value is the exit code."""
    pack = default_library().for_territory(request.province)
    asked = [m for m in pack.measures.values() if number in {None, m.number}]
    if not asked:
        raise UsageError(f"政策包里没有第 {number} 条措施；请检查安装")
    if form == "json":
        print_json([_record(each, pack, request) for each in asked])
        return 0
    console = Console(highlight=False)
    if number is None:
        _print_all(console, asked, pack, request)
    else:
        _print_one(console, asked[0], pack, request)
    return 0


def _here(measure: Measure, pack: Pack, request: Request) -> list[Mechanism]:
    """The measure's mechanisms of the day and the place."""
    found = applying(pack, request.on, request.province or "")
    return [mechanism for mechanism, owner in found if owner.id == measure.id]


def _record(measure: Measure, pack: Pack, request: Request) -> dict[str, Any]:
    english = request.english
    return {
        "id": measure.id,
        "number": measure.number,
        "label": measure.label.say(english=english),
        "for": measure.audience,
        "agencies": [each.say(english=english) for each in measure.agencies],
        "works": [
            {"test": walk.test, "where": walk.where}
            for walk in walks()
            if walk.measure == measure.id
        ],
        "mechanisms": [
            {
                "id": each.id,
                "kind": each.kind.value,
                "label": each.label.say(english=english),
                "slot": each.slot or None,
                "waits": each.kind in MISSING_ENGINES,
            }
            for each in _here(measure, pack, request)
        ],
    }


def _print_all(
    console: Console, measures: Iterable[Measure], pack: Pack, request: Request
) -> None:
    english = request.english
    walked = Counter(walk.measure for walk in walks())
    table = Table(box=None, padding=(0, 1), header_style="bold")
    table.add_column("", justify="right")
    table.add_column(translate(N_("措施"), english), overflow="fold")
    table.add_column(translate(N_("各项"), english), overflow="fold")
    table.add_column(translate(N_("能用"), english), no_wrap=True)
    for measure in measures:
        found = _here(measure, pack, request)
        kinds = Counter(each.kind.label.say(english=english) for each in found)
        shown = translate(N_("、"), english).join(
            f"{kind}{count}" if not english else f"{kind} {count}"
            for kind, count in kinds.items()
        )
        table.add_row(
            str(measure.number),
            measure.label.say(english=english),
            shown,
            _works(walked[measure.id], found, english=english),
        )
    console.print(table)
    text = N_("“能用”指有测试从头走到尾：改变了存下的数据，专精特新和其他企业结果不同")
    console.print(Text(translate(text, english), style="dim"))


def _works(count: int, found: list[Mechanism], *, english: bool) -> str:
    if count:
        return translate(N_("✓ {count}条"), english).format(count=count)
    if found and all(each.kind in MISSING_ENGINES for each in found):
        return translate(N_("等对接、监管模块"), english)
    return translate(N_("查得到，办不了"), english)


def _print_one(
    console: Console, measure: Measure, pack: Pack, request: Request
) -> None:
    english = request.english
    console.print(Text(measure.label.say(english=english), style="bold"))
    agencies = translate(N_("、"), english).join(
        each.say(english=english) for each in measure.agencies
    )
    console.print(Padding(agencies, (0, 0, 1, 0)))
    for each in _here(measure, pack, request):
        kind = each.kind.label.say(english=english)
        console.print(hanging("·", f"{each.label.say(english=english)}（{kind}）", 0))
        lines = [each.gives.say(english=english)]
        if each.slot:
            lines.append(translate(N_("看当地规定：没有载入地方政策"), english))
        if each.kind in MISSING_ENGINES:
            lines.append(translate(N_("数据已写好，办理模块还没有"), english))
        grade = grade_word(each.rule_set.grade, english=english)
        lines.append(f"{each.rule_set.number} {each.rule_set.annex}  {grade}")
        for line in lines:
            console.print(Padding(Text(line, style="dim"), (0, 0, 0, 3)))
    for walk in walks():
        if walk.measure == measure.id:
            console.print(hanging("✓", f"{walk.where}  {walk.test}", 0))
