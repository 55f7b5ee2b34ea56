"""What is wrong with measures, their examples and local policy is told with its place."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest

from tests.unit.rules.little_measures import (
    MECHANISM,
    mechanism_of,
    pack_of,
    write_pack,
)
from tidu.rules.amounts import AmountRule, Line, Nature, Per, parse_formula, work_out
from tidu.rules.check_measures import check_mechanisms
from tidu.rules.entitlements import put_together
from tidu.rules.errors import PackError
from tidu.rules.facts import Facts
from tidu.rules.measure_examples import load_mechanism_examples
from tidu.rules.overlays import lay_over
from tidu.rules.packs import load_pack
from tidu.rules.parse import Names
from tidu.rules.scope import Scope
from tidu.rules.vocabulary import Text
from tidu.rules.working import explain_lines

ON = datetime.date(2026, 6, 1)
LINES = MECHANISM.partition("mechanisms:\n")[2]
LOCAL = """\
id: far
label: 远省
english: Far
extends: little
prefix: far_
territory: "98"
issuers: [远省]
review: {checked: 2026-01-01, every_days: 3650, by: Tidu}
"""


def add(folder, lines: str) -> None:
    """A further file of mechanisms."""
    (folder / "mechanisms/more.yaml").write_text("mechanisms:\n" + lines, "utf-8")


def of_measure(lines: str, measure: str = "m06") -> str:
    return lines.replace("  - id:", f"  - measure: {measure}\n    id:")


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (of_measure(LINES, "m07"), "没有措施 m07"),
        (of_measure(LINES), "措施事项 subsidy 重复"),
        (
            of_measure(LINES.replace("id: subsidy", "id: other")).replace(
                "    source: {document: some, number: 某发〔2026〕1号, clause: 一, "
                "grade: restated}\n",
                "",
            ),
            "缺少 source",
        ),
    ],
)
def test_a_further_file_is_refused_with_its_line(tmp_path, lines, message):
    folder = write_pack(tmp_path)
    add(folder, lines)

    with pytest.raises(PackError, match=message) as caught:
        load_pack(folder)
    assert "more.yaml:2" in str(caught.value)


def lay(tmp_path, slot: str, local: str):
    base = load_pack(write_pack(tmp_path / "little", slot))
    over = tmp_path / "far"
    (over / "mechanisms").mkdir(parents=True)
    (over / "pack.yaml").write_text(LOCAL, "utf-8")
    (over / "mechanisms/own.yaml").write_text("mechanisms:\n" + local, "utf-8")
    return lay_over(base, over)


SLOT = "local: interest\nlimits: {most_rate: {least: 1%, most: 3%, clause: 一}}"
FILLING = of_measure(LINES.replace("id: subsidy", "id: far_subsidy")).replace(
    "    start: apply", "    fills: interest\n    start: apply"
)
VALUES = "    values: {most_rate: {value: RATE, clause: 一}}\n"


@pytest.mark.parametrize("rate", ["1%", "2%", "3%"])
def test_a_filling_within_the_limits_stands_in_for_the_slot(tmp_path, rate):
    pack = lay(tmp_path, SLOT, FILLING + VALUES.replace("RATE", rate))

    here = put_together(pack, Facts({}), on=ON, territory="980101")
    assert [each.id for each in here.entitlements] == ["far_subsidy"]
    with pytest.raises(KeyError):
        here.find("subsidy")


@pytest.mark.parametrize(
    ("local", "message"),
    [
        (FILLING, "没有写 most_rate"),
        (FILLING + VALUES.replace("RATE", "0.99%"), "超出某发〔2026〕1号一的限制"),
        (FILLING + VALUES.replace("RATE", "3.01%"), "超出某发〔2026〕1号一的限制"),
        (FILLING.replace("kind: grant", "kind: terms"), "应为 grant"),
        (FILLING.replace("fills: interest", "fills: rent"), "没有开放项 rent"),
        (FILLING.replace("fills: interest", "local: more"), "不能再向下开放"),
        (FILLING.replace("far_subsidy", "subsidy2"), "不以 far_ 开头"),
        (FILLING + '    territory: "97"\n', "不在本包区划 98 之内"),
    ],
)
def test_a_filling_that_goes_too_far_is_refused(tmp_path, local, message):
    with pytest.raises(PackError, match=message):
        lay(tmp_path, SLOT, local)


def test_a_limit_may_have_one_end(tmp_path):
    slot = "local: interest\nlimits: {most_rate: {most: 3%, clause: 一}}"

    pack = lay(tmp_path, slot, FILLING + VALUES.replace("RATE", "0%"))

    assert "far_subsidy" in pack.mechanisms


EXAMPLE = """\
examples:
  - name: 甲
    mechanism: subsidy
    on: 2026-06-01
    expect: {outcome: met}
"""


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("  - name: 甲\n", "  - name: 甲\n    base: 乙\n", "没有示例“乙”"),
        ("2026-06-01", "2027-06-01", "subsidy 在 2027-06-01 不适用"),
        ("    expect: {outcome: met}\n", "", "没有写结论"),
        ("outcome: met", "income: met", "subsidy 没有 income"),
        ("{outcome: met}\n", "{outcome: met}\n" + EXAMPLE[10:], "重名"),
    ],
)
def test_an_example_that_means_nothing_is_refused(tmp_path, old, new, message):
    folder = write_pack(tmp_path)
    (folder / "examples/mechanisms").mkdir(parents=True)
    path = folder / "examples/mechanisms/own.yaml"
    path.write_text(EXAMPLE.replace(old, new, 1), "utf-8")

    with pytest.raises(PackError, match=message):
        load_mechanism_examples(load_pack(folder), folder)


AMOUNT = """
amount:
  nature: paid
  per: year
  lines: [{id: paid, label: 贴息, english: paid, formula: "loan * '1.5%'"}]
"""


def complaints(folder, pack=None, **headings) -> list[str]:
    found = check_mechanisms(
        pack or load_pack(folder), None, folder, headings or {"some": {"一"}}
    )
    return [each.sentence() for each in found]


def test_a_clause_without_a_heading_is_complained_of(tmp_path):
    folder = write_pack(tmp_path)

    (text,) = complaints(folder, some={"二"})
    assert "条款“一”在 documents/some.md 中没有标题" in text


def test_a_clause_of_another_document_is_looked_for_there(tmp_path):
    head = MECHANISM.replace("clause: 一,", "clause: 43号-一,")
    folder = write_pack(tmp_path, head=head)

    assert complaints(folder, **{"43-2024": {"43号-一"}}) == []
    (text,) = complaints(folder, some={"43号-一"})
    assert "documents/43-.md" in text


def test_an_amount_wants_an_example(tmp_path):
    folder = write_pack(tmp_path, AMOUNT)

    (text,) = complaints(folder)
    assert "subsidy 没有算出金额的示例" in text


def test_an_answer_that_does_not_come_out_is_complained_of(tmp_path):
    folder = write_pack(tmp_path, AMOUNT)
    (folder / "examples/mechanisms").mkdir(parents=True)
    text = EXAMPLE.replace("{outcome: met}", "{amount: 2元}").replace(
        "    expect", "    facts: {loan: 100元}\n    expect"
    )
    (folder / "examples/mechanisms/own.yaml").write_text(text, "utf-8")

    (said,) = complaints(folder)
    assert "应为 2，实际为 1.5" in said


@pytest.mark.parametrize(
    ("more", "overlaps"),
    [
        ("", True),
        ("    choose_one: rate\n", False),
        ("    not_with: [far_other]\n", False),
        ('    territory: "9801"\n', False),
    ],
)
def test_fillings_that_overlap_are_complained_of(tmp_path, more, overlaps):
    first = FILLING + VALUES.replace("RATE", "2%")
    second = first.replace("far_subsidy", "far_other")
    if "choose_one" in more:
        second += more
    pack = lay(tmp_path, SLOT, first + more + second)

    found = check_mechanisms(pack, None, tmp_path / "far", {"some": {"一"}})
    said = [each.sentence() for each in found if "时间重叠" in each.sentence()]

    assert bool(said) is overlaps


def test_fillings_one_after_the_other_are_in_order(tmp_path):
    first = FILLING + VALUES.replace("RATE", "2%")
    second = first.replace("far_subsidy", "far_later").replace(
        "{from: 2026-01-01, until: 2027-01-01}", "{from: 2027-01-01}"
    )
    pack = lay(tmp_path, SLOT, first + second)

    found = check_mechanisms(pack, None, tmp_path / "far", {"some": {"一"}})

    assert not [each for each in found if "时间重叠" in each.sentence()]


QUESTIONNAIRE = """\
label: 问卷
english: questions
measure: m06
source: {document: some, number: 某发, clause: 一, grade: ours}
sections: [{label: 甲, english: a, facts: [titled]}]
checks: [{id: a, label: 甲, english: a, clause: 一, require: titled}]
"""


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("facts: [titled]", "facts: [title]", "不认识的事实 title"),
        ("checks:", "scheme: some\nchecks:", "结果只能来自一处"),
        (
            "source: {document: some, number: 某发, clause: 一, grade: ours}\n",
            "",
            "缺少 source",
        ),
    ],
)
def test_a_questionnaire_that_means_nothing_is_refused(tmp_path, old, new, message):
    folder = write_pack(tmp_path)
    (folder / "questionnaires").mkdir()
    path = folder / "questionnaires/own.yaml"
    path.write_text(QUESTIONNAIRE.replace(old, new), "utf-8")

    with pytest.raises(PackError, match=message):
        load_pack(folder)


def test_the_working_names_sums_of_years(tmp_path):
    pack = load_pack(write_pack(tmp_path))
    formula, unit = parse_formula("sum_years(2, profit) * 2", Names(pack.facts), {})
    line = Line("a", Text("甲", "a"), formula, unit)
    rule = AmountRule(Nature.PAID, Per.YEAR, (line,))
    profits = {2025: Decimal(3), 2024: Decimal(4)}

    amount = work_out(rule, Scope({"profit": profits}, ON, 2026))

    assert explain_lines(amount, pack.words) == ["甲 ＝ 近2年利润合计7元 × 2 ＝ 14元"]


def test_a_mechanism_outside_its_windows_has_none():
    found = mechanism_of("a", None)

    assert found.window(ON) is not None
    assert (
        pack_of().mechanisms["small_profit_cit"].window(datetime.date(2022, 1, 1))
        is None
    )
