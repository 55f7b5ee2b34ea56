"""Bad packs: each gives one clear sentence with place and remedy."""

import datetime

import pytest

from tests.unit.rules.little_pack import (
    DOCUMENT,
    EXAMPLES,
    FACTS,
    write_overlay,
    write_pack,
)
from tidu.rules import complaints as of_packs
from tidu.rules.check import check_pack

TODAY = datetime.date(2026, 6, 1)
TABLE = """
by: industry
grades: [small, large]
grade_labels: [小型|small, 大型|large]
letters: {A: 1-5, C: 13-43}
rows:
  - {id: farms, label: 农业, english: Farms, codes: [A], bounds: {staff: [10人]}}
  - {id: works, label: 工业, english: Works, codes: [C], bounds: {revenue: [10元]}}
"""
CODES = "code,name,level,parent\nA,农,1,\nA0111,稻谷,4,A\nC,工,1,\nC3912,机,4,C\n"
SIZE_CRITERION = """criteria:
  - id: staff_grade
    label: 人数
    english: Staff
    clause: 第一条
    level_of: grade(sizes, staff)
"""
SIZE_EXAMPLES = """  - name: 十人
    scheme: demo
    on: 2026-06-01
    facts: {industry: 0111, staff: 10}
    expect: {staff_grade: met}
  - name: 人数不详
    scheme: demo
    on: 2026-06-01
    facts: {industry: 0111}
    expect: {staff_grade: unknown}
"""
GRADED_EXAMPLES = EXAMPLES.replace("    outcome: met\n", "") + SIZE_EXAMPLES


def complaints(root, *, english=False):
    return [
        each.sentence(english=english).removeprefix(f"{root}/")
        for each in check_pack(root, TODAY)
    ]


def with_table(folder, *, codes=CODES, table=TABLE, **changes):
    root = write_pack(
        folder,
        **{
            "rules": ("criteria:\n", SIZE_CRITERION),
            "examples": GRADED_EXAMPLES,
        }
        | changes,
    )
    (root / "tables").mkdir()
    (root / "tables/sizes.yaml").write_text(table.lstrip("\n"), encoding="utf-8")
    if codes:
        (root / "lists").mkdir()
        (root / "lists/gbt4754_2017.csv").write_text(codes, encoding="utf-8")
    return root


def test_a_pack_in_order_is_clean(tmp_path):
    assert complaints(write_pack(tmp_path)) == []


def test_the_day_of_today_is_taken_where_none_is_given(tmp_path):
    root = write_pack(tmp_path, pack=("every_days: 365", "every_days: 99999"))

    assert check_pack(root) == []


BAD = {
    "duplicate key": (
        {"facts": FACTS + "revenue: {label: 甲}\n"},
        "facts/all.yaml:27: 键 revenue 重复；请合并或删去其中一个",
    ),
    "unknown fact": (
        {"rules": ("revenue >= least", "revnue >= least")},
        "schemes/demo/2020-01-01.yaml:13: require: revnue >= least 第 1 个字符处："
        "不认识 revnue；是不是想写 revenue",
    ),
    "forbidden call": (
        {"rules": ("revenue >= least", "open(revenue)")},
        "schemes/demo/2020-01-01.yaml:13: require: open(revenue) 第 1 个字符处："
        "不能调用 open；可用的函数：",
    ),
    "broken example": (
        {"examples": ("revenue: 1000万元", "revenue: 很多")},
        "examples/demo.yaml:5: revenue 读不懂：很多；应写成带单位的金额，如 1500万元",
    ),
    "missing outcome": (
        {"examples": ("size: unmet, ", "")},
        "schemes/demo/2020-01-01.yaml: 条件 size 没有“不符合”的示例；"
        "请在 examples 里补一个，并在 expect 中写上 size",
    ),
    "missing border": (
        {"examples": ("revenue: 1000万元", "revenue: 1001万元")},
        "schemes/demo/2020-01-01.yaml: 条件 size 没有恰好在界线上的示例："
        "revenue = 1000万元；请在 examples 里补一个，并在 expect 中写上 size",
    ),
    "wrong example": (
        {"examples": ("    score: 4", "    score: 5")},
        "examples/demo.yaml:2: 示例“恰在界线上”的 score 应为 5，实际为 4；"
        "请对照条款，改正写错的一方",
    ),
    "no heading": (
        {"document": DOCUMENT.replace("## 第二条", "第二条")},
        "schemes/demo/2020-01-01.yaml: 条款“第二条”在 documents/doc.md 中没有标题；"
        "请在文件里写一节“## 第二条”，用自己的话复述条款",
    ),
    "numbered clause": (
        {"rules": ("clause: 第二条", "clause: 7号-材料")},
        "schemes/demo/2020-01-01.yaml: 条款“7号-材料”在 documents/7-.md 中没有标题；"
        "请在文件里写一节“## 7号-材料”，用自己的话复述条款",
    ),
    "review overdue": (
        {"pack": ("2026-01-01", "2025-01-01")},
        "pack.yaml: 应在 2026-01-01 前再与官方文本核对，已过期；"
        "核对后请更新 review 的 checked",
    ),
    "pack id": (
        {"pack": ("id: small", "id: big")},
        "pack.yaml: 政策包编号 big 与文件夹名 small 不同；请改成同一个名字",
    ),
    "criterion id": (
        {
            "rules": ("id: size", "id: Size"),
            "examples": EXAMPLES.replace("size", "Size"),
        },
        "schemes/demo/2020-01-01.yaml: 编号 Size 不合规则；"
        "只用小写字母、数字和下划线，并以字母开头",
    ),
    "file name": (
        {"rules": ("from: 2020-01-01", "from: 2020-02-01")},
        "schemes/demo/2020-01-01.yaml: 文件名 2020-01-01 与最早的适用日期 2020-02-01 "
        "不同；文件名请用标准开始适用的日期",
    ),
    "title fact": (
        {"scheme": ("label:", "title_fact: revenue\nlabel:")},
        "schemes/demo/scheme.yaml: title_fact 指向的 revenue 不是是否类事实；"
        "请写表示“持有这一称号”的事实",
    ),
    "english missing": (
        {"scheme": ("english: Good firm", "english: 好企业")},
        "schemes/demo/scheme.yaml:1: “好企业”没有英文；请在旁边写 english",
    ),
    "note without english": (
        {
            "facts": FACTS,
            "rules": (
                "label: 标准\n",
                "label: 标准\nnotes:\n  - {text: 说明, english: ''}\n",
            ),
        },
        "schemes/demo/2020-01-01.yaml:3: “说明”没有英文；请在旁边写 english",
    ),
    "no window for a kind": (
        {"rules": ("[new, reverification]", "[new]")},
        "schemes/demo: 没有用于复核的标准；请在某一版标准的 applies 中写上这种程序",
    ),
    "gap": (
        {
            "rules": (
                "from: 2020-01-01}",
                "from: 2020-01-01, until: 2021-01-01}\n"
                "  - {kinds: [new], from: 2021-01-01}\n"
                "  - {kinds: [reverification], from: 2021-03-01}",
            )
        },
        "schemes/demo/2020-01-01.yaml: 复核在 2021-01-01 至 2021-03-01 没有标准可用；"
        "请让前一版的 until 等于后一版的 from",
    ),
    "overlap": (
        {
            "rules": (
                "from: 2020-01-01}",
                "from: 2020-01-01}\n  - {kinds: [new], from: 2021-03-01}",
            )
        },
        "schemes/demo/2020-01-01.yaml: 新申报在 2021-03-01 至 9999-12-31 有两版标准；"
        "请让前一版的 until 等于后一版的 from",
    ),
}


@pytest.mark.parametrize(("changes", "sentence"), BAD.values(), ids=BAD.keys())
def test_a_bad_pack_gives_one_clear_sentence(tmp_path, changes, sentence):
    [found] = complaints(write_pack(tmp_path, **changes))

    assert found.startswith(sentence)


def test_a_scheme_that_holds_a_title_and_an_edition_without_date(tmp_path):
    root = write_pack(tmp_path, scheme=("label:", "title_fact: good\nlabel:"))
    edition = root / "schemes/demo/2020-01-01.yaml"
    edition.rename(edition.with_name("working.yaml"))
    examples = root / "examples/demo.yaml"
    examples.write_text(
        examples.read_text("utf-8").replace(
            "rule_set: 2020-01-01", "rule_set: working"
        ),
        encoding="utf-8",
    )

    assert complaints(root) == []


def test_a_pack_file_that_is_not_there(tmp_path):
    [found] = check_pack(tmp_path / "nothing")

    assert (
        found.sentence()
        == f"{tmp_path}/nothing/pack.yaml: 读不到这个文件；请检查路径和权限"
    )


def test_a_quantity_that_is_no_expression(tmp_path):
    root = write_pack(tmp_path)
    text = (
        "quantities:\n"
        "  - {expression: 'ratio(revenue,revenue)', label: 甲, english: a}\n"
        "  - {expression: 'share()', label: 乙, english: b}\n"
        "  - {expression: 'ratio(staff, staff)', label: 丙, english: c}\n"
    )
    (root / "quantities.yaml").write_text(text, encoding="utf-8")

    first, second = complaints(root)

    assert (
        "ratio(revenue,revenue) 不是规则语言里的写法：ratio(revenue, revenue)" in first
    )
    assert "share() 不是规则语言里的写法：不能调用 share" in second


def test_a_clause_of_a_notice_stands_in_the_notice(tmp_path):
    root = write_pack(tmp_path, rules=("clause: 第二条", "clause: 7号-材料、第二条"))
    (root / "documents/7-2026.md").write_text("## 7号-材料\n", encoding="utf-8")

    assert complaints(root) == []


def test_an_example_before_the_first_edition_shows_nothing(tmp_path):
    early = (
        "  - {name: 早, base: 恰在界线上, on: 2019-01-01, outcome: not_applicable}\n"
    )

    assert complaints(write_pack(tmp_path, examples=EXAMPLES + early)) == []


def test_a_condition_of_its_own_on_reverification_needs_its_own_examples(tmp_path):
    again = "    on_reverification: revenue >= '900万元'\n"
    old = "    require: revenue >= least\n"
    root = write_pack(tmp_path, rules=(old, old + again))
    small = "schemes/demo/2020-01-01.yaml: 条件 size[reverification] 没有"

    found = complaints(root)

    assert [each.partition("；")[0] for each in found] == [
        f"{small}“符合”的示例",
        f"{small}“不符合”的示例",
        f"{small}“缺数据”的示例",
        f"{small}恰好在界线上的示例：revenue = 900万元",
    ]


# -- tables ------------------------------------------------------------------


def test_a_table_in_order_is_clean(tmp_path):
    assert complaints(with_table(tmp_path)) == []


def test_a_border_of_a_table_needs_an_example(tmp_path):
    root = with_table(
        tmp_path, examples=GRADED_EXAMPLES.replace("staff: 10", "staff: 11")
    )

    assert complaints(root) == [
        "schemes/demo/2020-01-01.yaml: 条件 staff_grade 没有恰好在界线上的示例："
        "农业 staff = 10人；请在 examples 里补一个，并在 expect 中写上 staff_grade"
    ]


def test_a_table_without_the_national_list(tmp_path):
    [found] = complaints(with_table(tmp_path, codes=""))

    said = "tables/sizes.yaml: 没有行业代码表 lists/gbt4754_2017.csv；请补上这个文件"
    assert found == said


def test_a_code_that_does_not_exist_must_be_explained(tmp_path):
    table = TABLE.replace("codes: [C]", "codes: [C, C99]")
    root = with_table(tmp_path, table=table)
    explained = with_table(
        tmp_path / "other", table=table, document=DOCUMENT + "\n`C99` 是旧代码。\n"
    )

    assert complaints(root) == [
        "tables/sizes.yaml: 代码 C99 不在 lists/gbt4754_2017.csv 中；"
        "请改正，或在 documents 中写明 `C99` 的缘由"
    ]
    assert complaints(explained) == []


def test_an_industry_without_a_row(tmp_path):
    [found] = complaints(with_table(tmp_path, codes=CODES + "T9700,国际,4,T\n"))

    assert found == (
        "tables/sizes.yaml: 行业 T9700 对应 0 行，应恰好对应一行；请核对各行的 codes：—"
    )


# -- overlays ----------------------------------------------------------------


def test_an_overlay_in_order_is_clean(tmp_path):
    write_pack(tmp_path)

    assert complaints(write_overlay(tmp_path)) == []


def test_an_overlay_without_its_base_beside_it_takes_the_installation(
    tmp_path,
):
    root = write_overlay(tmp_path, pack="id: there\nextends: nowhere\nprefix: there_\n")

    [found] = complaints(root)

    assert found.startswith(
        "pack.yaml:1: extends 写的是 nowhere，载入的上级包是 national"
    )


EDITION = "schemes__demo__2020-01-01"
BAD_OVERLAYS = {
    "weakened value": (
        {EDITION: "values:\n  least: {value: 1万元}\n"},
        "schemes/demo/2020-01-01.yaml:2: 地方不能修改国家标准的数值 least："
        "一号第一条规定为 1000万元；请删去这一项",
    ),
    "dropped criterion": (
        {EDITION: "drop: [size]\n"},
        "schemes/demo/2020-01-01.yaml:1: 地方不能放宽或取消国家标准的条件 size："
        "一号第一条“营业收入”；请删去这一项",
    ),
    "cyclic definition": (
        {
            "facts__cycle": "there_a: {label: 甲, english: a, type: number, "
            "period: now, define: there_b}\n"
            "there_b: {label: 乙, english: b, type: number, period: now, "
            "define: there_a}\n"
        },
        ": 定义循环：there_a → there_b → there_a；请让其中一个改为填报事实",
    ),
}


@pytest.mark.parametrize(
    ("files", "sentence"), BAD_OVERLAYS.values(), ids=BAD_OVERLAYS.keys()
)
def test_a_bad_overlay_gives_one_clear_sentence(tmp_path, files, sentence):
    write_pack(tmp_path)

    [found] = complaints(write_overlay(tmp_path, **files))

    assert sentence in found


def test_a_round_whose_notice_is_not_there(tmp_path):
    write_pack(tmp_path)
    root = write_overlay(tmp_path)
    (root / "documents/notice.md").unlink()

    assert complaints(root) == [
        "schemes/demo/2020-01-01.yaml: 条款“那省通知”在 documents/*.md 中没有标题；"
        "请在文件里写一节“## 那省通知”，用自己的话复述条款"
    ]


def test_items_of_a_province_need_examples_too(tmp_path):
    write_pack(tmp_path)
    root = write_overlay(tmp_path)
    (root / "examples/demo.yaml").unlink()

    found = complaints(root)

    assert len(found) == 4
    assert found[-1] == (
        "schemes/demo/2020-01-01.yaml: 条件 local_item/1 没有恰好在界线上的示例："
        "there_rate = 5%；请在 examples 里补一个，并在 expect 中写上 local_item"
    )


def test_an_overlay_that_fills_nothing_needs_no_examples(tmp_path):
    write_pack(tmp_path)
    root = write_overlay(tmp_path, **{EDITION: "rounds: []\n"})
    (root / "examples/demo.yaml").unlink()

    assert complaints(root) == []


def test_a_complaint_speaks_english(tmp_path, monkeypatch):
    words = {
        "没有用于{kind}的标准": "no standard for {kind}",
        "复核": "re-verification",
        "；": "; ",
    }
    monkeypatch.setattr(
        of_packs, "translate", lambda text, english: words.get(text, text)
    )
    root = write_pack(tmp_path, rules=("[new, reverification]", "[new]"))

    [found] = complaints(root, english=True)

    assert found.startswith("schemes/demo: no standard for re-verification; ")


# -- working days ----------------------------------------------------------------


HEAD = "year,from,to,kind,holiday,document,grade\n"


def holidays(root, *years, rows=""):
    (root / "lists").mkdir(exist_ok=True)
    text = HEAD + rows
    for year in years:
        text += f"{year},{year}-01-01,{year}-01-01,off,元旦,某通知,unverified\n"
    (root / "lists/working_days.csv").write_text(text, encoding="utf-8")
    return root


def test_holidays_of_all_years_are_in_order(tmp_path):
    assert complaints(holidays(write_pack(tmp_path), 2024, 2025, 2026, 2027)) == []


@pytest.mark.parametrize(
    ("years", "missing"),
    [((2024, 2026), [2025]), ((2024,), [2025, 2026]), ((), [2026])],
)
def test_a_year_without_holidays_is_complained_of(tmp_path, years, missing):
    found = complaints(holidays(write_pack(tmp_path), *years))

    assert found == [
        f"lists/working_days.csv:1: 没有 {year} 年的放假安排，这一年的期限只能暂定；"
        "请按国务院办公厅的通知补上这一年的放假和调休"
        for year in missing
    ]


def test_a_bad_row_of_holidays_is_complained_of_with_its_line(tmp_path):
    rows = "2026,2026-01-03,2026-01-01,off,元旦,某通知,unverified\n"

    (found,) = complaints(holidays(write_pack(tmp_path), rows=rows))

    assert found.startswith("lists/working_days.csv:2: 读不懂这一行：2026,2026-01-03")
    assert "写年份、当年的起止日" in found


def test_an_overlay_adds_a_year_to_its_base(tmp_path):
    holidays(write_pack(tmp_path), 2025)
    there = holidays(write_overlay(tmp_path), 2026)
    assert complaints(there) == []

    holidays(there, 2025)

    (found,) = complaints(there)
    assert "2025年已由某通知安排；每年只列一份通知" in found
