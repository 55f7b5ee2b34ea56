"""Whether a pack is in order: ids, clauses, dates, texts, and an example for each case.

What cannot be loaded is one complaint; everything else is looked at and complained of
one by one, each with its place and a remedy.
"""

from __future__ import annotations

import csv
import datetime
import re
from collections.abc import Iterator
from pathlib import Path

import yaml

from tidu.rules.check_measures import check_mechanisms
from tidu.rules.check_services import check_services
from tidu.rules.complaints import (
    Complaint,
    complain_of,
    no_heading,
    without_heading,
)
from tidu.rules.coverage import wanted, wanted_of_fills
from tidu.rules.errors import ExpressionError, PackError
from tidu.rules.examples import Example, compare, load_examples, stand_of
from tidu.rules.facts import FactType
from tidu.rules.language import N_
from tidu.rules.library import default_library
from tidu.rules.overlays import lay_over
from tidu.rules.packs import Pack, load_pack
from tidu.rules.parse import Names, parse_value
from tidu.rules.printing import print_expression
from tidu.rules.rulesets import Kind, RuleSet, Scheme
from tidu.rules.tables import Table
from tidu.rules.working_days import FILE, load_working_days
from tidu.rules.yamlio import load_block

ID = re.compile(r"[a-z][a-z0-9_]*")
CHINESE = re.compile(r"[\u3400-\u9fff]")
TRANSLATED = {
    "label": "english",
    "text": "english",
    "authority": "authority_english",
}
_FAR = datetime.date(9999, 12, 31)
_FULL_CODE = 5  # a letter and four digits
_KIND_WORDS = {
    Kind.NEW: N_("新申报"),
    Kind.REVERIFICATION: N_("复核"),
}


def check_pack(folder: Path, today: datetime.date | None = None) -> list[Complaint]:
    """Everything wrong with a national pack, or with an overlay and its base."""
    try:
        pack, base = _load(folder)
        examples = load_examples(pack, folder)
    except PackError as error:
        return [Complaint(error.place or str(folder), error.what, error.remedy)]
    found = [*_check_names(pack, folder), *_check_texts(folder)]
    day = today or datetime.date.today()  # noqa: DTZ011 - the day of who checks
    found += _check_review(pack, folder, day)
    found += _check_working_days(folder, base, day)
    found += _check_clauses(pack, folder, base)
    everywhere = (_headings(base.folder) if base else {}) | _headings(folder)
    found += check_mechanisms(pack, base, folder, everywhere)
    found += check_services(pack, base, everywhere)
    if base is None:
        found += _check_quantities(pack, folder)
        for scheme in pack.schemes.values():
            found += _check_windows(scheme, folder)
        for table in pack.tables.values():
            found += _check_table(table, folder)
    return [*found, *_check_examples(pack, base, examples)]


def _load(folder: Path) -> tuple[Pack, Pack | None]:
    """The pack, and its base if it is an overlay: next to it, or the installation's."""
    block = load_block(folder / "pack.yaml")
    extends = block.take_text("extends", "")
    if not extends:
        return load_pack(folder), None
    beside = folder.resolve().parent / extends
    known = (beside / "pack.yaml").is_file()
    base = load_pack(beside) if known else default_library().national
    return lay_over(base, folder), base


# -- names, texts, dates -----------------------------------------------------


def _check_names(pack: Pack, folder: Path) -> Iterator[Complaint]:
    """Ids of lower-case letters; a file or folder is called what it holds."""
    if pack.id != folder.resolve().name:
        yield Complaint(
            f"{folder}/pack.yaml",
            N_("政策包编号 {id} 与文件夹名 {folder} 不同"),
            N_("请改成同一个名字"),
            {"id": pack.id, "folder": folder.resolve().name},
        )
    for rule_set in pack.rule_sets():
        criteria = (*rule_set.criteria, *rule_set.advice)
        ids = [each.id for top in criteria for each in top.walk() if each.id]
        ids += [rule_set.scheme, *(item.id for item in rule_set.items)]
        yield from (
            Complaint(
                rule_set.place,
                N_("编号 {id} 不合规则"),
                N_("只用小写字母、数字和下划线，并以字母开头"),
                {"id": each},
            )
            for each in ids
            if not ID.fullmatch(each)
        )
        first = min((window.start for window in rule_set.windows), default=_FAR)
        dated = rule_set.id[:1].isdigit()
        if dated and rule_set.id != first.isoformat():
            yield Complaint(
                rule_set.place,
                N_("文件名 {id} 与最早的适用日期 {first} 不同"),
                N_("文件名请用标准开始适用的日期"),
                {"id": rule_set.id, "first": first.isoformat()},
            )
    for scheme in pack.schemes.values():
        title = pack.facts.get(scheme.title_fact)
        if title is not None and title.type is not FactType.BOOLEAN:
            yield Complaint(
                f"{folder}/schemes/{scheme.id}/scheme.yaml",
                N_("title_fact 指向的 {fact} 不是是否类事实"),
                N_("请写表示“持有这一称号”的事实"),
                {"fact": title.id},
            )


def _check_texts(folder: Path) -> Iterator[Complaint]:
    """English wherever Chinese is; facts' notes are for maintainers."""
    for path in sorted(folder.rglob("*.yaml")):
        group = path.relative_to(folder).parts[0]
        if group == "examples":
            continue
        of_notes = {} if group == "facts" else {"note": "note_english"}
        pairs = {**TRANSLATED, **of_notes}
        for node in _mappings(load_block(path).node):
            texts = {
                key.value: value
                for key, value in node.value
                if isinstance(value, yaml.ScalarNode)
            }
            for chinese, english in pairs.items():
                if chinese in texts and CHINESE.search(texts[chinese].value):
                    translated = texts.get(english)
                    if translated is None or not _is_english(translated.value):
                        line = texts[chinese].start_mark.line + 1
                        yield Complaint(
                            f"{path}:{line}",
                            N_("“{text}”没有英文"),
                            N_("请在旁边写 {key}"),
                            {"text": texts[chinese].value, "key": english},
                        )


def _is_english(text: str) -> bool:
    return bool(text.strip()) and not CHINESE.search(text)


def _mappings(node: yaml.Node) -> Iterator[yaml.MappingNode]:
    if isinstance(node, yaml.MappingNode):
        yield node
        for _, value in node.value:
            yield from _mappings(value)
    elif isinstance(node, yaml.SequenceNode):
        for each in node.value:
            yield from _mappings(each)


def _check_review(
    pack: Pack, folder: Path, today: datetime.date
) -> Iterator[Complaint]:
    if pack.review.due < today:
        yield Complaint(
            f"{folder}/pack.yaml",
            N_("应在 {due} 前再与官方文本核对，已过期"),
            N_("核对后请更新 review 的 checked"),
            {"due": pack.review.due.isoformat()},
        )


def _check_windows(scheme: Scheme, folder: Path) -> Iterator[Complaint]:
    """For each procedure: one edition after the other, no gap, no overlap."""
    for kind, word in _KIND_WORDS.items():
        windows = sorted(
            (
                (window, rule_set)
                for rule_set in scheme.rule_sets
                for window in rule_set.windows
                if kind in window.kinds
            ),
            key=lambda pair: pair[0].start,
        )
        if not windows:
            yield Complaint(
                f"{folder}/schemes/{scheme.id}",
                N_("没有用于{kind}的标准"),
                N_("请在某一版标准的 applies 中写上这种程序"),
                words={"kind": word},
            )
            continue
        following = [window.start for window, _ in windows[1:]] + [_FAR]
        for (window, rule_set), start in zip(windows, following, strict=True):
            if window.end == start:
                continue
            what = (
                N_("{kind}在 {first} 至 {last} 没有标准可用")
                if window.end < start
                else N_("{kind}在 {last} 至 {first} 有两版标准")
            )
            yield Complaint(
                rule_set.place,
                what,
                N_("请让前一版的 until 等于后一版的 from"),
                {"first": window.end.isoformat(), "last": start.isoformat()},
                {"kind": word},
            )


def _check_quantities(pack: Pack, folder: Path) -> Iterator[Complaint]:
    """Each named quantity is an expression, written as it would be printed."""
    for text in pack.words.quantities:
        try:
            printed = print_expression(parse_value(text, Names(pack.facts)))
        except ExpressionError as error:
            printed = f"{error.what}"
        if printed != text:
            yield Complaint(
                f"{folder}/quantities.yaml",
                N_("{text} 不是规则语言里的写法：{printed}"),
                N_("请照规则语言的写法改正"),
                {"text": text, "printed": printed},
            )


def _check_working_days(
    folder: Path, base: Pack | None, day: datetime.date
) -> Iterator[Complaint]:
    """Every row is read; no year is left out up to the one that runs on the day.

    A pack without the list is passed over: its base has one, or nothing counts days.
    """
    if not (folder / FILE).is_file():
        return
    place = f"{folder / FILE}:1"
    try:
        found = load_working_days([*([base.folder] if base else []), folder])
    except PackError as error:
        yield Complaint(error.place or place, error.what, error.remedy)
        return
    years = [*found.notices, day.year]
    for year in range(min(years), max(years) + 1):
        if year not in found.notices:
            yield Complaint(
                place,
                N_("没有 {year} 年的放假安排，这一年的期限只能暂定"),
                N_("请按国务院办公厅的通知补上这一年的放假和调休"),
                {"year": str(year)},
            )


# -- clauses and tables ------------------------------------------------------


def _headings(folder: Path) -> dict[str, set[str]]:
    """Document file name → the clauses that have a heading in it."""
    return {
        path.stem: {
            line.removeprefix("## ").strip()
            for line in path.read_text("utf-8").splitlines()
            if line.startswith("## ")
        }
        for path in sorted(folder.glob("documents/*.md"))
    }


def _check_clauses(pack: Pack, folder: Path, base: Pack | None) -> Iterator[Complaint]:
    """Every clause named in a rule set or round stands in its document."""
    headings = _headings(folder)
    if base is not None:
        everywhere = _headings(base.folder) | headings
        rounds = [each for each in pack.rounds if each not in base.rounds]
        for each in rounds:
            for clause in each.clause.split("、"):
                if not any(clause in found for found in everywhere.values()):
                    place = f"{folder}/schemes/{each.rule_set}.yaml"
                    yield no_heading(place, clause, "*")
        return
    for rule_set in pack.rule_sets():
        yield from without_heading(
            rule_set.place, rule_set.document, _clauses(rule_set), headings
        )
    yield from _check_procedures(pack, folder, headings)


def _check_procedures(
    pack: Pack, folder: Path, headings: dict[str, set[str]]
) -> Iterator[Complaint]:
    """Steps belong to a scheme; their clauses and rule sets exist."""
    for each in pack.procedures.values():
        place = f"{folder}/procedures/{each.scheme}.yaml"
        scheme = pack.schemes.get(each.scheme)
        editions = {rule_set.id for rule_set in scheme.rule_sets} if scheme else set()
        named = {name for duties in each.after for name in duties.rule_sets}
        named |= {name for papers in each.papers for name in papers.rule_sets}
        for name in sorted(named - editions) if scheme else [each.scheme]:
            yield Complaint(
                place,
                N_("{name} 不是这一称号的标准"),
                N_("文件名用称号的编号，rule_sets 写它的某一版标准"),
                {"name": name},
            )
        steps = [step.clause for step in each.steps if step.clause]
        after = [(d, c) for d in each.after for c in d.clauses.values()]
        documents = {
            rule_set.id: rule_set.document
            for rule_set in (scheme.rule_sets if scheme else ())
        }
        wanted = [(each.document, clause) for clause in steps]
        wanted += [(documents.get(d.rule_sets[0], ""), clause) for d, clause in after]
        wanted += [(papers.document, papers.clause) for papers in each.papers]
        groups = {fact.group for fact in pack.facts.values()}
        asked = {group for papers in each.papers for group in papers.needs}
        for group in sorted(asked - groups):
            yield Complaint(
                place,
                N_("材料 {group} 不是任何一组数据"),
                N_("材料用它证明的那一组数据的名字，如 economy"),
                {"group": group},
            )
        for document, clause in dict.fromkeys(wanted):
            if clause not in headings.get(document, ()):
                yield no_heading(place, clause, document)


def _clauses(rule_set: RuleSet) -> Iterator[str]:
    """What values, criteria and score items name as their clause."""
    criteria = (*rule_set.criteria, *rule_set.advice)
    yield from (each.clause for each in rule_set.values.values())
    yield from (each.clause for top in criteria for each in top.walk())
    yield from (each.clause for each in rule_set.items)


def _check_table(table: Table, folder: Path) -> Iterator[Complaint]:
    """Codes exist in the national list; every industry finds exactly one row."""
    place = f"{folder}/tables/{table.id}.yaml"
    path = folder / "lists/gbt4754_2017.csv"
    if not path.is_file():
        yield Complaint(
            place,
            N_("没有行业代码表 lists/gbt4754_2017.csv"),
            N_("请补上这个文件"),
        )
        return
    explained = "".join(p.read_text("utf-8") for p in folder.glob("documents/*.md"))
    with path.open(encoding="utf-8", newline="") as file:
        listed = {row["code"] for row in csv.DictReader(file)}
    for code in (code for row in table.rows for code in row.codes):
        if code not in listed and f"`{code}`" not in explained:
            yield Complaint(
                place,
                N_("代码 {code} 不在 lists/gbt4754_2017.csv 中"),
                N_("请改正，或在 documents 中写明 `{code}` 的缘由"),
                {"code": code},
            )
    for code in sorted(code for code in listed if len(code) == _FULL_CODE):
        rows = table.candidates(code)
        if len(rows) != 1:
            yield Complaint(
                place,
                N_("行业 {code} 对应 {count} 行，应恰好对应一行"),
                N_("请核对各行的 codes：{rows}"),
                {
                    "code": code,
                    "count": str(len(rows)),
                    "rows": "、".join(row.id for row in rows) or "—",
                },
            )


# -- examples ----------------------------------------------------------------


def _check_examples(
    pack: Pack, base: Pack | None, examples: list[Example]
) -> Iterator[Complaint]:
    left = list(wanted(pack) if base is None else wanted_of_fills(pack, base))
    for example in examples:
        standing = stand_of(pack, example)
        for failure in compare(example, standing):
            yield Complaint(
                failure.place,
                N_("示例“{name}”的 {what} 应为 {expected}，实际为 {got}"),
                N_("请对照条款，改正写错的一方"),
                {
                    "name": failure.name,
                    "what": failure.what,
                    "expected": failure.expected,
                    "got": failure.got,
                },
            )
        for each in left:
            if standing.rule_set is each.rule_set:
                each.look(example.criteria, standing)
    for each in left:
        yield from complain_of(each)
