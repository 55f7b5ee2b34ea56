"""``tidu package``: everything a firm may have, how much, and how to start."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from tidu.cli.asking import choose, print_json, title
from tidu.cli.assessing import UsageError, progress_bar, report_reading, with_schemes
from tidu.cli.tables import hanging
from tidu.intake.assessing import Assessed, Request
from tidu.planning.bundle import Bundle, best_bundle
from tidu.rules.amounts import Amount
from tidu.rules.entitlements import Entitlement, Package, put_together
from tidu.rules.facts import Facts
from tidu.rules.language import N_, translate
from tidu.rules.library import default_library
from tidu.rules.measures import Area
from tidu.rules.naming import ask_keys
from tidu.rules.outcomes import UNMET
from tidu.rules.scope import as_range
from tidu.rules.units import plain
from tidu.rules.vocabulary import Words
from tidu.rules.wording import SIGNS, grade_word
from tidu.rules.working import explain_lines, show_amount

_ESTIMATE = N_("金额按填报的数据测算，以主管部门和税务机关的核定为准")


def package_file(
    path: Path,
    request: Request,
    enterprise: str | None,
    *,
    columns: Path | None,
    form: str,
    everything: bool,
) -> int:
    """Do the work of ``tidu package``; the return value is the exit code."""
    library = default_library()
    request = with_schemes(request, library)
    with progress_bar() as bar:
        intake, chosen = choose(path, request, library, enterprise, columns, bar)
    found = [(each, _package(each, request)) for each in chosen]
    if not found:
        raise UsageError("文件里没有可读的企业；请核对内容")
    if form == "json":
        print_json([package_record(p, each.row, request) for each, p in found])
    else:
        console = Console(highlight=False)
        for each, package in found:
            _print(console, each, package, everything, english=request.english)
    return report_reading(intake, english=request.english)


def _package(each: Assessed, request: Request) -> Package:
    facts: Facts = each.row.facts
    territory = facts.values.get("territory")
    code = territory if isinstance(territory, str) else request.province or ""
    return put_together(each.pack, facts, on=request.on, territory=code)


def package_record(package: Package, row: Any, request: Request) -> dict[str, Any]:
    """A package as plain JSON: money as strings in 元, ends that are open null."""
    bundle = best_bundle(package)
    english = request.english
    return {
        "uscc": row.uscc,
        "name": row.name,
        "on": package.on.isoformat(),
        "worth": plain(bundle.worth),
        "entitlements": [
            entitlement_record(e, english=english) for e in package.entitlements
        ],
        "bundle": [e.id for e in bundle.kept],
        "given_up": [
            {"id": g.entitlement.id, "why": g.sentence(english=english)}
            for g in bundle.given_up
        ],
    }


def entitlement_record(each: Entitlement, *, english: bool) -> dict[str, Any]:
    """One entitlement with its four answers."""
    mechanism = each.mechanism
    return {
        "id": each.id,
        "measure": each.measure.id,
        "kind": mechanism.kind.value,
        "area": mechanism.area.value,
        "label": mechanism.label.say(english=english),
        "gives": mechanism.gives.say(english=english),
        "eligible": "depends" if each.depends else each.outcome.value,
        "amount": _amount_record(each.amount) if each.amount else None,
        "priority": mechanism.priority.say(english=english) or None,
        "confidence": each.confidence.value,
        "document": mechanism.rule_set.number,
        "clause": mechanism.rule_set.annex,
        "grade": mechanism.rule_set.grade.value,
        "agency": mechanism.agency.say(english=english),
        "until": each.last_day.isoformat() if each.last_day else None,
        "start": mechanism.start.value,
        "missing": each.missing,
        "criteria": [
            {
                "id": f.id,
                "outcome": f.outcome.value,
                "sentence": f.sentence(english=english),
            }
            for f in each.standing.findings
        ],
    }


def _amount_record(amount: Amount) -> dict[str, Any]:
    low, high = as_range(amount.value)
    return {
        "nature": amount.rule.nature.value,
        "per": amount.rule.per.value,
        "unit": amount.rule.unit,
        "low": None if low is None else plain(low),
        "high": None if high is None else plain(high),
    }


def _print(
    console: Console,
    each: Assessed,
    package: Package,
    everything: bool,
    *,
    english: bool,
) -> None:
    console.print(title(each))
    bundle = best_bundle(package)
    _print_bundle(console, bundle, english=english)
    order = list(Area)
    shown = [e for e in package.entitlements if everything or e.possible]
    shown.sort(key=lambda e: order.index(e.mechanism.area))
    for area, found in groupby(shown, key=lambda e: e.mechanism.area):
        console.print()
        label = area.label.say(english=english)
        console.print(Text(f"  {label}", style="bold"))
        for entitlement in found:
            _print_one(console, entitlement, package.pack.words, english=english)
    console.print()
    console.print(
        Padding(Text(translate(_ESTIMATE, english), style="dim"), (0, 0, 0, 2))
    )
    console.print()


def _print_bundle(console: Console, bundle: Bundle, *, english: bool) -> None:
    text = translate(N_("  确定可得或可省：{worth}（每年或每个项目各计一次）"), english)
    console.print(text.format(worth=bundle.total(english=english)))
    for each in bundle.given_up:
        label = each.entitlement.mechanism.label.say(english=english)
        text = translate(N_("没有选“{label}”：{why}"), english)
        why = each.sentence(english=english)
        console.print(hanging("–", text.format(label=label, why=why), 4))


def _print_one(
    console: Console, each: Entitlement, words: Words, *, english: bool
) -> None:
    sign = "…" if each.depends else SIGNS[each.outcome]
    console.print(hanging(sign, each.mechanism.label.say(english=english), 4))
    for line in _about(each, words, english=english):
        console.print(Padding(Text(line, style="dim"), (0, 0, 0, 6)))


def _about(each: Entitlement, words: Words, *, english: bool) -> list[str]:
    """What is had, how much, why not, how to start, and where it stands."""
    mechanism = each.mechanism
    lines = [mechanism.gives.say(english=english)]
    if each.depends:
        lines.append(translate(N_("看当地规定：没有载入地方政策"), english))
    lines += _how_much(each.amount, words, english=english) if each.amount else []
    lines += [
        finding.sentence(english=english)
        for finding in each.standing.findings
        if finding.outcome is UNMET
    ]
    if each.missing:
        text = translate(N_("还缺：{missing}"), english)
        missing = ask_keys(each.missing, words, english=english)
        lines.append(text.format(missing=missing))
    until = ""
    if each.last_day:
        until = translate(N_("，到{day}为止"), english).format(day=each.last_day)
    lines.append(mechanism.start.label.say(english=english) + until)
    rule_set = mechanism.rule_set
    text = translate(N_("依据：{number} {clause}（{grade}）"), english)
    grade = grade_word(rule_set.grade, english=english)
    lines.append(
        text.format(number=rule_set.number, clause=rule_set.annex, grade=grade)
    )
    return lines


def _how_much(amount: Amount, words: Words, *, english: bool) -> list[str]:
    text = translate(N_("{nature}：{amount}"), english)
    nature = amount.rule.nature.label.say(english=english)
    shown = show_amount(amount, english=english)
    lines = [text.format(nature=nature, amount=shown)]
    if not amount.missing:
        lines += [f"  {line}" for line in explain_lines(amount, words, english=english)]
    return lines
