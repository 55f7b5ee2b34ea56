"""A small pack in a temporary folder, in order as it stands; tests break one thing."""

from pathlib import Path

from tests.packs.writing import changed, named, write_texts

PACK = """
id: small
label: 小政策包
english: Small pack
issuers: [测试]
review: {checked: 2026-01-01, every_days: 365, by: Tidu}
"""
FACTS = """
revenue: {label: 营业收入, english: Revenue, type: money, period: year}
staff: {label: 人数, english: Staff, type: count, period: year}
industry: {label: 行业, english: Industry, type: code, period: static}
share: {label: 占有率, english: Share, type: ratio, period: now}
good: {label: 良好, english: Good, type: boolean, period: now}
since: {label: 成立日期, english: Founded, type: date, period: static}
local: {label: 地方得分, english: Local points, type: number, period: now}
mark: {label: 得分, english: Mark, type: number, period: year, undated: current}
usd: {label: 估值, english: Valuation, type: money, period: now, dollars: true}
level:
  label: 级别
  english: Level
  type: choice
  period: now
  choices:
    none: {label: 无, english: none}
    top: {label: 高, english: top}
kinds:
  label: 种类
  english: Kinds
  type: choices
  period: now
  choices:
    none: {label: 无, english: none}
    one: {label: 甲, english: one}
    two: {label: 乙, english: two}
"""
SCHEME = """
label: 好企业
english: Good firm
authority: 省里
authority_english: the province
"""
RULES = """
label: 标准
english: Standard
source: {document: doc, number: 一号, grade: restated}
applies:
  - {kinds: [new, reverification], from: 2020-01-01}
values:
  least: {value: 1000万元, clause: 第一条}
criteria:
  - id: size
    label: 营业收入
    english: Revenue
    clause: 第一条
    require: revenue >= least
score_card:
  groups: {}
  items:
    - id: local_item
      label: 地方得分
      english: Local points
      clause: 第二条
      max: 10
      given: local
open_to_provinces: [local_item]
"""
DOCUMENT = """# 文件

## 第一条

营业收入1000万元以上。

## 第二条

地方得分。
"""
EXAMPLES = """
examples:
  - name: 恰在界线上
    scheme: demo
    on: 2026-06-01
    facts: {revenue: 1000万元, local: 4}
    expect: {size: met, local_item: met}
    points: {local_item: 4}
    outcome: met
    score: 4
    rule_set: 2020-01-01
  - name: 差一点
    base: 恰在界线上
    facts: {revenue: 999.99万元, local: 0}
    expect: {size: unmet, local_item: unmet}
  - name: 不知道
    base: 恰在界线上
    facts: {revenue: unknown, local: unknown}
    expect: {size: unknown, local_item: unknown}
    points: {local_item: [0, 10]}
    score_range: [0, 10]
    value: unknown
"""
FILES = {
    "pack.yaml": PACK,
    "facts/all.yaml": FACTS,
    "schemes/demo/scheme.yaml": SCHEME,
    "schemes/demo/2020-01-01.yaml": RULES,
    "documents/doc.md": DOCUMENT,
    "examples/demo.yaml": EXAMPLES,
}


def write_pack(folder: Path, **changes: str | tuple[str, str]) -> Path:
    """Write the small pack into ``folder/small``.

    A change is named after a file (``pack``, ``facts``, ``scheme``, ``rules``,
    ``document``, ``examples``): its new text, or (old part, new part).
    """
    names = dict(
        zip(
            ("pack", "facts", "scheme", "rules", "document", "examples"),
            FILES,
            strict=True,
        )
    )
    files = dict(FILES)
    for name, change in changes.items():
        path = names[name]
        if isinstance(change, str):
            files[path] = change
        else:
            files[path] = changed(files[path], *change, name)
    return _write(folder / "small", files)


def write_overlay(folder: Path, **files: str) -> Path:
    """Write a province's pack beside the small one; ``rules`` its overlay of demo."""
    texts = {
        "pack.yaml": """
id: there
label: 那省
english: There
extends: small
prefix: there_
territory: "98"
issuers: [测试]
review: {checked: 2026-01-01, every_days: 365, by: Tidu}
""",
        "facts/local.yaml": """
there_rate: {label: 比率, english: Rate, type: ratio, period: now}
there_sum: {label: 合计, english: Sum, type: number, period: now, define: mark}
""",
        "schemes/demo/2020-01-01.yaml": """
fill:
  local_item:
    items:
      - label: 比率
        english: Rate
        max: 10
        bands: {of: there_rate, at_least: {5%: 10}}
rounds:
  - year: 2026
    label: 一轮
    english: A round
    opens: 2026-05-01
    closes: 2026-06-01
    clause: 第一条、那省通知
""",
        "documents/notice.md": "## 那省通知\n",
        "examples/demo.yaml": """
examples:
  - name: 恰为5%
    scheme: demo
    on: 2026-06-01
    facts: {there_rate: 5%}
    points: {local_item: 10}
  - name: 不到5%
    base: 恰为5%
    facts: {there_rate: 4.99%}
    points: {local_item: 0}
  - name: 不知道
    base: 恰为5%
    facts: {there_rate: unknown}
    points: {local_item: [0, 10]}
""",
    } | named(files)
    return _write(folder / "there", texts)


def _write(root: Path, texts: dict[str, str]) -> Path:
    """The texts above begin on the line below their quotes; files do not."""
    return write_texts(
        root,
        {name: text[1:] if text[:1] == "\n" else text for name, text in texts.items()},
    )
