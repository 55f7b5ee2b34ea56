"""A pack with one mistake: one clear sentence with file, line and remedy."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tidu.rules.errors import PackError
from tidu.rules.library import load_library
from tidu.rules.overlays import lay_over
from tidu.rules.packs import load_pack

PACKS = Path(__file__).parents[3] / "packs"


@pytest.fixture
def packs(tmp_path) -> Path:
    """A copy of both packs, free to break."""
    for name in ("national", "demo_province"):
        shutil.copytree(
            PACKS / name, tmp_path / name, ignore=shutil.ignore_patterns("*.md")
        )
    return tmp_path


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def refusal(packs: Path) -> str:
    """Load the broken packs; the sentence, without the folder's name."""
    with pytest.raises(PackError) as error:
        load_library([packs / "national", packs / "demo_province"])
    return str(error.value).replace(f"{packs}/", "")


SRDI = "national/schemes/srdi_sme/2026-04-01.yaml"
OLD_SRDI = "national/schemes/srdi_sme/2022-08-01.yaml"
LOCAL = "demo_province/schemes/srdi_sme/2022-08-01.yaml"
ROUND = "demo_province/schemes/srdi_sme/2026-04-01.yaml"

MISTAKES = [
    (SRDI, "source: {", "origin: {", "缺少 source"),
    (SRDI, "kinds: [new, reverification]", "kinds: [renewal]", "程序种类不能是 renewal"),
    (SRDI, "id: niche_years", "id: entry_title", "条件编号 entry_title 重复"),
    (SRDI, "  min_revenue:", "  revenue:", "数值名 revenue 与事实同名"),
    (SRDI, "value: 1500万元", "value: 约1500万元", "value 读不懂：约1500万元"),
    (SRDI, "require: holds_tech_sme or", "require: holds_tech or", "不认识 holds_tech"),
    (SRDI, "niche_years >= min_niche_years", "open(niche_years)", "不能调用 open"),
    (SRDI, "    clause: 附件1-6\n", "    clause: 附件1-6\n    clauze: x\n", "不认识的键 clauze"),
    (SRDI, "criteria:", "criteria: none\nx:", "criteria 应为列表"),
    (SRDI, "grade: restated", "grade: sure", "grade 不能是 sure"),
    (OLD_SRDI, "group: specialization\n", "group: speciality\n", "没有评分组 speciality"),
    (OLD_SRDI, "      given: local_feature_score", "      given: revenue", "given 指向 revenue"),
    (OLD_SRDI, "      given: local_feature_score", "      note: x\n      note_english: y", "缺少计分办法"),
    (OLD_SRDI, "of: niche_years,", "of: niche_yearz,", "不认识 niche_yearz"),
    (OLD_SRDI, "label: 评价得分\n", "label: [评价得分]\n", "这里应为一个值"),
    ("national/schemes/sme_size/2017-12-28.yaml", "grade(sme_size, strict)", "grade(size)", "没有表 size"),
    ("national/schemes/srdi_sme/scheme.yaml", "holds_srdi", "holds_title", "title_fact 指向不存在的事实"),
    ("national/facts/economy.yaml", "revenue:\n", "Revenue:\n", "事实编号 Revenue 不合规则"),
    ("national/facts/titles.yaml", "high_tech:\n", "revenue:\n", "事实 revenue 重复定义"),
    ("national/facts/economy.yaml", "  type: money\n", "  type: choice\n", "revenue 的类型与选项不一致"),
    ("national/facts/titles.yaml", "expires: srdi_valid_until", "expires: revenue", "它不存在或类型不对"),
    ("national/tables/sme_size.yaml", "revenue: [50万元, 500万元, 20000万元]", "revenue: [50万元]", "revenue 应有 3 个下限"),
    ("national/tables/sme_size.yaml", "bounds: {revenue:", "bounds: {industry:", "industry 不是分年度的事实"),
    ("national/pack.yaml", "review: {checked: 2026-11-24, ", "review: {", "缺少 checked"),
    ("national/pack.yaml", "review: {", "revue: {", "缺少 review"),
    ("national/pack.yaml", "id: national", "id: nation", "extends 写的是 national"),
    ("national/pack.yaml", "language: zh-Hans", "language: zh-Hans\nid: x", "键 id 重复"),
    (LOCAL, "  i09:", "  i05:", "没有向地方开放 i05"),
    (LOCAL, "max: 5\n", "max: 6\n", "超过工信部企业〔2022〕63号附件2-指标9规定的 15 分"),
    (ROUND, "closes: 2026-06-12", "closes: 2026-04-12", "closes 早于 opens"),
    (ROUND, "rounds:", "criteria: [{id: class1_ip}]\nrounds:", "地方不能放宽或取消国家标准的条件 class1_ip"),
    (ROUND, "rounds:", "criteria: [{id: demo_more}]\nrounds:", "没有向地方开放 criteria"),
    (ROUND, "rounds:", "drop: [conduct]\nrounds:", "工信部企业〔2026〕2号附件3“未列入经营异常名录"),
    (ROUND, "rounds:", "values: {min_rnd_ratio: {value: 2%}}\nrounds:", "2号附件1-3规定为 3%"),
    (ROUND, "rounds:", "values: {demo_more: {value: 2%}}\nrounds:", "没有向地方开放 values"),
    (ROUND, "rounds:", "fill: {i09: {items: []}}\nrounds:", "没有向地方开放 i09；开放项：无"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "what"), MISTAKES)
def test_mistake_is_one_sentence_with_its_place(packs, file, old, new, what):
    change(packs / file, old, new)
    said = refusal(packs)
    assert what in said
    assert said.splitlines() == [said]
    assert ".yaml:" in said


def test_definitions_that_need_each_other_are_refused(packs):
    facts = packs / "demo_province/facts/local.yaml"
    with facts.open("a", encoding="utf-8") as file:
        for one, other in (("demo_a", "demo_b"), ("demo_b", "demo_a")):
            file.write(
                f"\n{one}:\n  label: {one}\n  english: {one}\n  type: number\n"
                f"  period: now\n  define: {other}\n"
            )
    assert "定义循环：demo_a → demo_b → demo_a" in refusal(packs)


def test_a_fact_defined_by_others_is_computed(packs):
    facts = packs / "demo_province/facts/local.yaml"
    with facts.open("a", encoding="utf-8") as file:
        file.write("\ndemo_years:\n  label: 年\n  english: y\n  type: number\n"
                   "  period: now\n  define: niche_years\n")  # fmt: skip
    pack = load_library([packs / "national", packs / "demo_province"]).provinces["99"]
    assert "demo_years" in pack.definitions


def test_a_standard_the_base_does_not_have(packs):
    (packs / LOCAL).rename(packs / "demo_province/schemes/srdi_sme/2019-01-01.yaml")
    assert "上级包里没有标准 srdi_sme/2019-01-01" in refusal(packs)


def test_two_packs_for_one_territory(packs):
    shutil.copytree(packs / "demo_province", packs / "second")
    with pytest.raises(PackError, match="区划 99 有两个地方包"):
        load_library([packs / each for each in ("national", "demo_province", "second")])


def test_no_national_pack(packs):
    with pytest.raises(PackError, match="应恰有一个全国政策包，找到 0 个"):
        load_library([packs / "demo_province"])


def test_a_provinces_pack_alone_is_refused(packs):
    with pytest.raises(PackError, match="请与它的上级包一起载入"):
        load_pack(packs / "demo_province")


def test_a_pack_without_quantities_or_overlay_files_loads(packs):
    (packs / "national/quantities.yaml").unlink()
    shutil.rmtree(packs / "demo_province/schemes")
    national = load_pack(packs / "national")
    assert lay_over(national, packs / "demo_province").territory == "99"


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "文件是空的"),
        (b"\xff\xfe", "文件不是 UTF-8 编码"),
        (b"id: [1", "不是合法的 YAML"),
        (b"id: \x07", "含有 YAML 不允许的字符"),
        (b"- id", "这里应为“键: 值”的形式"),
        (b"label: x", "缺少"),
    ],
)
def test_file_that_is_no_pack_file(packs, content, what):
    (packs / SRDI).write_bytes(content)
    with pytest.raises(PackError) as error:
        load_pack(packs / "national")
    assert what in str(error.value)


def test_a_table_without_letters_reads_codes_as_written(packs):
    table = packs / "national/tables/sme_size.yaml"
    text = table.read_text(encoding="utf-8")
    start, end = text.index("letters:"), text.index("rows:")
    table.write_text(text[:start] + text[end:], encoding="utf-8")
    assert load_pack(packs / "national").tables["sme_size"].letters == ()


def test_missing_file(packs):
    (packs / "national/pack.yaml").unlink()
    with pytest.raises(PackError, match="读不到这个文件"):
        load_pack(packs / "national")
