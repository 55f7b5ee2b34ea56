"""``tidu packs``: what the standards say, what changed, whether a pack is in order."""

from __future__ import annotations

import datetime
import json
import sys
from pathlib import Path

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from tidu.cli.assessing import UsageError
from tidu.cli.tables import hanging
from tidu.rules import nodes
from tidu.rules.check import check_pack
from tidu.rules.difference import diff
from tidu.rules.language import N_, translate
from tidu.rules.library import default_library
from tidu.rules.printing import print_expression
from tidu.rules.rulesets import Criterion, Kind, RuleSet, Scheme, ScoreItem
from tidu.rules.units import plain
from tidu.rules.wording import grade_word, kind_word

_A_PACK_IS_WRONG = 4


def _scheme(scheme_id: str) -> Scheme:
    schemes = default_library().national.schemes
    if scheme_id not in schemes:
        raise UsageError(f"没有认定 {scheme_id}；可以写：{'、'.join(schemes)}")
    return schemes[scheme_id]


def list_packs(*, english: bool, form: str) -> None:
    """Print every scheme with its editions and their dates."""
    library = default_library()
    if form == "json":
        records = [
            {
                "scheme": scheme.id,
                "label": scheme.label.say(english=english),
                "rule_sets": [rule_set.name for rule_set in scheme.rule_sets],
            }
            for scheme in library.national.schemes.values()
        ]
        sys.stdout.write(json.dumps(records, ensure_ascii=False, indent=1) + "\n")
        return
    console = Console(highlight=False)
    table = Table(box=None, padding=(0, 1), header_style="bold")
    table.add_column(translate(N_("编号"), english), no_wrap=True)
    table.add_column(translate(N_("认定"), english))
    table.add_column(translate(N_("标准"), english), no_wrap=True)
    table.add_column(translate(N_("适用"), english))
    for scheme in library.national.schemes.values():
        for at, rule_set in enumerate(scheme.rule_sets):
            label = scheme.label.say(english=english)
            first = (scheme.id, label) if at == 0 else ("", "")
            table.add_row(*first, rule_set.id, _windows(rule_set, english=english))
    console.print(table)
    packs = [library.national, *library.provinces.values()]
    for pack in packs:
        text = translate(N_("{title}：{checked} 核对过，{due} 前应再核对"), english)
        line = text.format(
            title=pack.title.say(english=english),
            checked=pack.review.checked,
            due=pack.review.due,
        )
        console.print(Text(line, style="dim"))


def _windows(rule_set: RuleSet, *, english: bool) -> str:
    parts = []
    for window in rule_set.windows:
        kinds = translate(N_("、"), english).join(
            kind_word(kind, english=english) for kind in Kind if kind in window.kinds
        )
        start = "" if window.start == datetime.date.min else str(window.start)
        last = window.end - datetime.timedelta(days=1)
        end = "" if window.end == datetime.date(9999, 12, 31) else str(last)
        parts.append(f"{kinds} {start}～{end}" if start or end else kinds)
    return "\n".join(dict.fromkeys(parts))


def show_scheme(
    scheme_id: str,
    on: datetime.date,
    kind: Kind,
    province: str | None,
    *,
    english: bool,
) -> None:
    """Print one standard: criteria, values, clauses, score card, how far checked."""
    scheme = _scheme(scheme_id)
    console = Console(highlight=False)
    found = scheme.which(kind, on)
    if found is None:
        text = translate(N_("{on} 还没有这项认定的标准"), english)
        console.print(text.format(on=on))
        return
    rule_set, window = found
    console.print(Text(rule_set.label.say(english=english), style="bold"))
    grade = grade_word(rule_set.grade, english=english)
    console.print(f"{rule_set.number} {rule_set.annex}  {grade}  {rule_set.name}")
    for note in (*rule_set.notes, *([window.note] if window.note else [])):
        console.print(
            Padding(Text(note.say(english=english), style="dim"), (0, 0, 0, 2))
        )
    console.print()
    for criterion in rule_set.criteria:
        _show_criterion(console, criterion, rule_set, kind, 2, english=english)
    if rule_set.score_card:
        text = translate(N_("评分表，满分{most}分"), english)
        console.print()
        console.print(
            Text(text.format(most=plain(rule_set.score_card.max)), style="bold")
        )
        for item in rule_set.items:
            _show_item(console, item, english=english)
    if rule_set.advice:
        console.print()
        console.print(
            Text(translate(N_("参考项（不影响结论）"), english), style="bold")
        )
        for criterion in rule_set.advice:
            _show_criterion(console, criterion, rule_set, kind, 2, english=english)
    _show_rounds(console, rule_set, on, province, english=english)


def _show_criterion(
    console: Console,
    criterion: Criterion,
    rule_set: RuleSet,
    kind: Kind,
    indent: int,
    *,
    english: bool,
) -> None:
    if criterion.id:
        line = Text(criterion.label.say(english=english))
        line.append(f"  {criterion.clause}  ", style="dim")
        line.append(grade_word(criterion.grade, english=english), style="dim")
        line.append(f"  {criterion.id}", style="dim")
        console.print(Padding(line, (0, 0, 0, indent)))
    if not criterion.parts and criterion.level is None:
        tree = criterion.tree(kind)
        shown = Text(print_expression(tree), style="cyan")
        console.print(Padding(shown, (0, 0, 0, indent + 2)))
        for name in _values_of(tree):
            value = rule_set.values[name]
            text = f"{name} = {value.number.text}（{value.clause}）"
            console.print(Padding(Text(text, style="dim"), (0, 0, 0, indent + 4)))
    if criterion.note:
        note = Text(criterion.note.say(english=english), style="dim")
        console.print(Padding(note, (0, 0, 0, indent + 2)))
    for part in criterion.parts:
        _show_criterion(console, part, rule_set, kind, indent + 2, english=english)


def _values_of(tree: nodes.Node) -> list[str]:
    names = (n.name for n in nodes.walk(tree) if isinstance(n, nodes.Number) and n.name)
    return list(dict.fromkeys(names))


def _show_item(console: Console, item: ScoreItem, *, english: bool) -> None:
    text = translate(N_("{label}（{most}分）"), english)
    line = Text(
        text.format(label=item.label.say(english=english), most=plain(item.max))
    )
    line.append(f"  {item.clause}  {item.id}", style="dim")
    console.print(Padding(line, (0, 0, 0, 2)))
    steps = getattr(item.points, "steps", ())
    for step in steps:
        text = translate(N_("{points}分：{when}"), english)
        shown = text.format(points=plain(step.value), when=print_expression(step.when))
        console.print(Padding(Text(shown, style="cyan"), (0, 0, 0, 4)))


def _show_rounds(
    console: Console,
    rule_set: RuleSet,
    on: datetime.date,
    province: str | None,
    *,
    english: bool,
) -> None:
    found = default_library().for_territory(province).round_for(rule_set.name, on.year)
    if found is None:
        return
    console.print()
    console.print(Text(found.label.say(english=english), style="bold"))
    text = translate(N_("{opens} 至 {closes}（{clause}）"), english)
    dates = text.format(opens=found.opens, closes=found.closes, clause=found.clause)
    console.print(Padding(dates, (0, 0, 0, 2)))
    for material in found.materials:
        console.print(Padding(f"· {material.say(english=english)}", (0, 0, 0, 2)))


def show_difference(
    scheme_id: str,
    earlier: datetime.date,
    later: datetime.date,
    kind: Kind,
    *,
    english: bool,
) -> None:
    """Print what changed between the standards of two days, clause by clause."""
    scheme = _scheme(scheme_id)
    console = Console(highlight=False)
    sides = [scheme.which(kind, day) for day in (earlier, later)]
    if sides[0] is None or sides[1] is None:
        day = earlier if sides[0] is None else later
        text = translate(N_("{on} 还没有这项认定的标准，无法比较"), english)
        console.print(text.format(on=day))
        return
    old, new = sides[0][0], sides[1][0]
    if old is new:
        text = translate(N_("两个日期用的是同一版标准：{name}"), english)
        console.print(text.format(name=old.name))
        return
    for day, rule_set in ((earlier, old), (later, new)):
        label = rule_set.label.say(english=english)
        console.print(f"{day}  {label}  {rule_set.number} {rule_set.annex}")
    console.print()
    for change in diff(scheme, old, new):
        for line in change.sentence(english=english).splitlines():
            text = line.lstrip()
            indent = len(line) - len(text)
            if text.startswith("· "):
                console.print(hanging("·", text.removeprefix("· "), indent))
            else:
                console.print(Padding(Text(text, overflow="fold"), (0, 0, 0, indent)))


def check(path: Path, *, english: bool) -> int:
    """Check a pack folder; complaints on stdout, exit code 4 where there are any."""
    complaints = check_pack(path)
    for complaint in complaints:
        sys.stdout.write(complaint.sentence(english=english) + "\n")
    if complaints:
        return _A_PACK_IS_WRONG
    text = translate(N_("{path}：没有问题"), english)
    sys.stdout.write(text.format(path=path) + "\n")
    return 0
