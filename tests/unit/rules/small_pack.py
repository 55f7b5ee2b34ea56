"""A small valid pack and a province over it, as texts to be spoilt in tests."""

from collections.abc import Callable, Mapping

import pytest

from tests.packs.writing import changed
from tidu.rules.errors import PackError

NATIONAL = {
    "pack.yaml": """\
id: small
label: 小包
english: small pack
issuers: [某部]
review: {checked: 2026-01-31, every_days: 30, by: 某人}
""",
    "facts/economy.yaml": """\
revenue: {label: 营业收入, english: revenue, type: money, period: year, form_unit: 万元}
employees: {label: 从业人员, english: employees, type: count, period: year, form_unit: 人}
""",
    "facts/other.yaml": """\
industry: {label: 行业, english: industry, type: code, period: static}
own_brand: {label: 自主品牌, english: own brand, type: boolean, period: now}
local_score: {label: 地方得分, english: local score, type: number, period: now}
""",
    "tables/size.yaml": """\
by: industry
grades: [small, large]
grade_labels: [小型|small, 大型|large]
letters: {C: 13-43, K: 70}
rows:
  - id: industry
    label: 工业
    english: industry
    codes: [C]
    bounds: {employees: [300人], revenue: [2000万元]}
""",
    "schemes/medal/scheme.yaml": """\
label: 奖章
english: medal
authority: 某部
authority_english: some ministry
""",
    "schemes/medal/2020-01-01.yaml": """\
label: 奖章标准
english: medal standard
source: {document: d, number: 一号文, annex: 附件, grade: restated}
applies:
  - {kinds: [new, reverification], from: 2020-01-01}
values:
  min_revenue: {value: 100万元, clause: 第一条}
score_card:
  groups:
    all: {label: 全部, english: all}
  items:
    - {id: local, label: 地方, english: local, clause: 表一, group: all, max: 15, given: local_score}
criteria:
  - {id: income, label: 收入, english: income, clause: 第一条, require: revenue >= min_revenue}
open_to_provinces: [local]
""",
}
PROVINCE = {
    "pack.yaml": """\
id: far
label: 远省
english: far province
extends: small
prefix: far_
territory: "98"
review: {checked: 2026-01-31, every_days: 30, by: 某人}
""",
    "facts/far.yaml": """\
far_green: {label: 绿色, english: green, type: boolean, period: now}
""",
    "schemes/medal/2020-01-01.yaml": """\
fill:
  local:
    items:
      - label: 绿色
        english: green
        max: 10
        steps: [{when: far_green, points: 10}]
rounds:
  - {year: 2026, label: 一轮, english: round, opens: 2026-05-01, closes: 2026-06-01}
""",
}
RULES = "schemes/medal/2020-01-01.yaml"


def spoilt(texts: Mapping[str, str], name: str, old: str, new: str) -> dict[str, str]:
    """The texts with one piece replaced; the piece must be there."""
    return {**texts, name: changed(texts[name], old, new, name)}


def refusal(act: Callable[[], object]) -> tuple[str, str, str]:
    """What went wrong, ``file:line`` without folders, and the remedy."""
    with pytest.raises(PackError) as caught:
        act()
    error = caught.value
    return error.what, error.place.rpartition("/")[2], error.remedy
