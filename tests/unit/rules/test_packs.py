"""Loading a pack: its parts, its digest, and each error with its place."""

import datetime
from decimal import Decimal

import pytest

from tests.packs.writing import write_texts
from tests.unit.rules.small_pack import NATIONAL, PROVINCE, refusal, spoilt
from tidu.rules import nodes
from tidu.rules.facts import FactType
from tidu.rules.packs import digest_of, load_pack, ordered
from tidu.rules.tables import Indicator

TABLE = "tables/size.yaml"
A = nodes.FactRef("a", FactType.NUMBER)
B = nodes.FactRef("b", FactType.NUMBER)
C = nodes.FactRef("c", FactType.NUMBER)


@pytest.fixture
def load(tmp_path):
    def load_spoilt(name: str, old: str, new: str):
        return load_pack(write_texts(tmp_path, spoilt(NATIONAL, name, old, new)))

    return load_spoilt


def test_pack_is_read_with_everything(tmp_path):
    pack = load_pack(write_texts(tmp_path, NATIONAL))

    assert (pack.id, pack.title.english, pack.folder) == (
        "small",
        "small pack",
        tmp_path,
    )
    assert pack.review.by == "某人"
    assert pack.review.due == datetime.date(2026, 3, 2)
    assert list(pack.facts) == [
        "revenue",
        "employees",
        "industry",
        "own_brand",
        "local_score",
    ]
    assert [each.name for each in pack.rule_sets()] == ["medal/2020-01-01"]
    assert (pack.territory, pack.definitions, pack.rounds) == ("", {}, ())
    assert pack.round_for("medal/2020-01-01", 2026) is None


def test_schemes_stand_in_the_order_of_their_tiers(tmp_path):
    texts = {
        name.replace("medal", scheme): text
        + (f"tier: {tier}\n" if "scheme.y" in name else "")
        for name, text in NATIONAL.items()
        for scheme, tier in (("medal", 2), ("apple", 3), ("zebra", 1))
    }
    for scheme in ("medal", "apple", "zebra"):
        name = f"schemes/{scheme}/2020-01-01.yaml"
        texts[name] = NATIONAL["schemes/medal/2020-01-01.yaml"]
    texts["tables/size.yaml"] = NATIONAL["tables/size.yaml"]
    texts |= {
        name: NATIONAL[name] for name in NATIONAL if name.startswith(("pack", "facts"))
    }

    assert list(load_pack(write_texts(tmp_path, texts)).schemes) == [
        "zebra",
        "medal",
        "apple",
    ]


def test_table_is_read_with_its_bounds(tmp_path):
    table = load_pack(write_texts(tmp_path, NATIONAL)).tables["size"]

    assert table.rows[0].indicators == (
        Indicator("employees", (Decimal(300),), "人"),
        Indicator("revenue", (Decimal(20_000_000),), "元"),
    )
    assert (table.letters, table.top) == ((("C", 13, 43), ("K", 70, 70)), 2)
    assert table.facts == ("employees", "revenue")


def test_facts_that_follow_from_a_date_are_found(load):
    pack = load(
        "facts/other.yaml",
        "own_brand: {label: 自主品牌",
        "until: {label: 至, english: until, type: date, period: now}\n"
        "own_brand: {expires: until, label: 自主品牌",
    )

    assert [each.id for each in pack.dated_facts] == ["own_brand"]


def test_quantities_are_read(tmp_path):
    texts = NATIONAL | {
        "quantities.yaml": "quantities:\n"
        "  - {expression: 'ratio(a, b)', label: 比值, english: ratio}\n"
    }

    pack = load_pack(write_texts(tmp_path, texts))

    assert pack.words.quantities["ratio(a, b)"].chinese == "比值"


@pytest.mark.parametrize(
    ("name", "old", "new", "what", "line"),
    [
        ("pack.yaml", "id: small\n", "", "缺少 id", 1),
        ("pack.yaml", "review:", "revue:", "缺少 review", 1),
        ("pack.yaml", "checked: 2026-01-31", "checked: 去年", "checked 读不懂：去年", 5),
        ("pack.yaml", "every_days: 30", "every_days: 月", "every_days 读不懂：月", 5),
        ("pack.yaml", "by: 某人", "von: 某人", "缺少 by", 5),
        ("pack.yaml", "issuers:", "issuer:", "不认识的键 issuer", 4),
        ("pack.yaml", "id: small\n", "id: small\nextends: x\n", "这是叠加在全国政策包上的地方包", 1),
        (TABLE, "by: industry\n", "", "缺少 by", 1),
        (TABLE, "by: industry", "by: gone", "by 指向 gone，它不是不分年度的代码类事实", 1),
        (TABLE, "by: industry", "by: revenue", "by 指向 revenue，它不是不分年度的代码类事实", 1),
        (TABLE, "[300人]", "[300万元]", "employees 的下限单位不对", 10),
        (TABLE, "[2000万元]", "[2000人]", "revenue 的下限单位不对", 10),
        (TABLE, "K: 70", "K: 七十", "K 读不懂：七十", 4),
        (TABLE, "C: 13-43", "C: 13-", "C 读不懂：13-", 4),
        (TABLE, "大型|large", "大型", "grade_labels 与 grades 不一致", 1),
        (TABLE, "小型|small, ", "", "grade_labels 与 grades 不一致", 1),
        (TABLE, "[300人]", "[三百人]", "employees 的下限读不懂：三百人", 10),
        (TABLE, "[300人]", "[300人, 500人]", "employees 应有 1 个下限", 10),
        (TABLE, "bounds: {employees", "bounds: {own_brand", "own_brand 不是分年度的事实", 10),
        (TABLE, "bounds: {employees", "bounds: {staff", "staff 不是分年度的事实", 10),
        (TABLE, "codes:", "code:", "不认识的键 code", 9),
    ],
)  # fmt: skip
def test_error_names_file_and_line(load, name, old, new, what, line):
    found = refusal(lambda: load(name, old, new))

    assert found[:2] == (what, f"{name.rpartition('/')[2]}:{line}")
    assert found[2]


def test_provinces_pack_is_not_loaded_alone(tmp_path):
    found = refusal(lambda: load_pack(write_texts(tmp_path, PROVINCE)))

    assert found == (
        "这是叠加在全国政策包上的地方包",
        "pack.yaml:1",
        "请与它的上级包一起载入",
    )


def test_table_row_without_bounds_grades_nobody(load):
    pack = load(TABLE, "    bounds: {employees: [300人], revenue: [2000万元]}\n", "")

    assert pack.tables["size"].rows[0].indicators == ()


def test_digest_changes_with_content_and_name(tmp_path):
    folder = write_texts(tmp_path, {"a.yaml": "x: 1\n", "skip.txt": "no"})
    first = digest_of(folder)
    write_texts(folder, {"skip.txt": "other"})
    same = digest_of(folder)
    write_texts(folder, {"a.yaml": "x: 2\n"})
    changed = digest_of(folder)
    (folder / "a.yaml").rename(folder / "b.yaml")

    assert first == same
    assert len({first, changed, digest_of(folder)}) == 3


def test_definitions_are_ordered_by_what_they_need():
    found = ordered({"a": nodes.Lowest((B, C)), "b": C, "x": A}, "p")

    assert list(found) == ["b", "a", "x"]


def test_cyclic_definition_names_the_cycle():
    found = refusal(lambda: ordered({"x": A, "a": B, "b": nodes.Lowest((C, A))}, "p"))

    assert found == ("定义循环：a → b → a", "p", "请让其中一个改为填报事实")


def test_definition_by_itself_is_a_cycle():
    assert refusal(lambda: ordered({"a": A}, "p"))[0] == "定义循环：a → a"
