"""A small pack in order, and the same with something put out of order."""

from __future__ import annotations

from pathlib import Path

from tests.packs.writing import changed, named, write_texts

FILES = {
    "pack.yaml": """\
id: small
label: 小政策包
english: Small pack
issuers: [某部]
review: {checked: 2026-01-01, every_days: 180, by: Tidu}
""",
    "facts/all.yaml": """\
industry: {label: 行业, english: Industry, type: code, period: static}
revenue: {label: 营业收入, english: Revenue, type: money, period: year, form_unit: 万元}
rnd: {label: 研发费用, english: R&D, type: money, period: year, form_unit: 万元}
equity: {label: 融资, english: Equity, type: money, period: year, accumulates: true}
staff: {label: 人数, english: Staff, type: count, period: year, form_unit: 人}
patents: {label: 专利, english: Patents, type: count, period: now, form_unit: 项}
years: {label: 年限, english: Years, type: number, period: now, since: began}
began: {label: 进入日期, english: Began, type: date, period: static}
share: {label: 占有率, english: Share, type: ratio, period: now}
value: {label: 估值, english: Value, type: money, period: now, dollars: true}
brand: {label: 品牌, english: Brand, type: boolean, period: now}
listed: {label: 黑名单, english: Listed, type: boolean, period: now}
accepted: {label: 评审认可, english: Accepted, type: boolean, period: now}
holds: {label: 称号, english: Title, type: boolean, period: now}
local: {label: 地方分, english: Local points, type: number, period: now}
points: {label: 平台分, english: Points, type: number, period: year, undated: current}
award:
  label: 奖励
  english: Award
  type: choice
  period: now
  choices:
    none: {label: 无, english: none}
    city: {label: 市级, english: city}
    nation: {label: 国家级, english: national}
tags:
  label: 措施
  english: Measures
  type: choices
  period: now
  choices:
    one: {label: 甲, english: one}
    two: {label: 乙, english: two}
""",
    "tables/size.yaml": """\
by: industry
grades: [small, large]
grade_labels: [小型|small, 大型|large]
letters: {A: 1-5, B: 6-12}
rows:
  - id: a
    label: 农业
    english: Farming
    codes: [A]
    bounds: {staff: [10人]}
  - id: b
    label: 采矿
    english: Mining
    codes: [B]
    bounds: {revenue: [100万元]}
""",
    "lists/gbt4754_2017.csv": "code,name,level,parent\nA,农,1,\nA0111,稻,4,A\nB,矿,1,\nB0610,煤,4,B\n",
    "quantities.yaml": """\
quantities:
  - {expression: "ratio(rnd, revenue)", label: 研发占比, english: R&D share}
""",
    "documents/1-2026.md": "# 某办法\n\n## 第一条\n\n要点。\n\n## 第二条\n\n要点。\n",
    "schemes/gold/scheme.yaml": """\
label: 金牌
english: Gold
authority: 某部
authority_english: A ministry
title_fact: holds
""",
    "schemes/gold/2026-01-01.yaml": """\
label: 金牌标准
english: Gold standard
source: {document: 1-2026, number: 某1号, grade: official}
applies:
  - {kinds: [new, reverification], from: 2026-01-01}
values:
  least: {value: 100万元, clause: 第一条}
criteria:
  - id: income
    label: 营业收入
    english: Revenue
    clause: 第一条、第二条
    require: revenue >= least
""",
    "examples/gold-2026-01-01.yaml": """\
examples:
  - name: 恰为100万元，符合
    scheme: gold
    on: 2026-06-01
    facts: {revenue: 100万元}
    expect: {income: met}
    outcome: met
  - name: 差一分，不符合
    base: 恰为100万元，符合
    facts: {revenue: 999999.99元}
    expect: {income: unmet}
  - name: 不详
    base: 恰为100万元，符合
    facts: {revenue: unknown}
    expect: {income: unknown}
""",
}
EDITION = "schemes/gold/2026-01-01.yaml"
EXAMPLES = "examples/gold-2026-01-01.yaml"


def write_small(
    tmp_path: Path, *changes: tuple[str, str, str], **files: str | None
) -> Path:
    """The small pack in a folder of its name.

    ``changes``: file, old text (empty: at the end), new text. ``files``: whole files,
    with ``__`` for a slash and the suffix yaml; None leaves one out.
    """
    texts: dict[str, str | None] = {**FILES, **named(files)}
    for name, old, new in changes:
        texts[name] = changed(texts.get(name) or "", old, new, name)
    return write_texts(tmp_path / "small", texts)


OVERLAY = {
    "pack.yaml": """\
id: local
label: 某省
english: A province
extends: small
prefix: loc_
territory: "98"
issuers: [某省]
review: {checked: 2026-01-01, every_days: 180, by: Tidu}
""",
    "facts/own.yaml": """\
loc_green: {label: 绿色, english: Green, type: boolean, period: now}
""",
}


def write_overlay(tmp_path: Path, **files: str) -> Path:
    """A province's pack beside the small one."""
    return write_texts(tmp_path / "local", {**OVERLAY, **named(files)})
