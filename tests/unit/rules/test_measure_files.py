"""Reading measures and mechanisms: what is accepted, and what is refused with its place."""

from __future__ import annotations

import datetime

import pytest

from tests.unit.rules.little_measures import MECHANISM, write_pack
from tidu.rules.entitlements import put_together
from tidu.rules.errors import PackError
from tidu.rules.facts import Facts
from tidu.rules.measures import Confidence, MechanismKind
from tidu.rules.outcomes import MET, UNKNOWN, UNMET
from tidu.rules.packs import load_pack

ON = datetime.date(2026, 6, 1)


def test_a_measure_is_read_with_its_mechanisms(tmp_path):
    pack = load_pack(write_pack(tmp_path))

    measure = pack.measures["m06"]
    assert (measure.number, measure.audience, measure.clause) == (6, "srdi", "（六）")
    assert [each.id for each in measure.mechanisms] == ["subsidy"]
    assert pack.mechanisms["subsidy"].kind is MechanismKind.GRANT


def test_further_files_add_to_their_measure(tmp_path):
    folder = write_pack(tmp_path)
    lines = MECHANISM.partition("mechanisms:\n")[2].replace("id: subsidy", "id: other")
    text = "mechanisms:\n" + lines.replace("  - id:", "  - measure: m06\n    id:")
    (folder / "mechanisms/more.yaml").write_text(text, "utf-8")

    assert list(load_pack(folder).mechanisms) == ["subsidy", "other"]


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("local: some\nwho: [{id: a, label: 甲, english: a, clause: 一, require: titled}]",
         "subsidy 是留给地方的，不能自己写条件或金额"),
        ("not_with: [subsidi]", "not_with 指向 subsidi，没有这个事项；是不是想写 subsidy"),
        ("kinds: [new]", "不认识的键 kinds"),
        ("strength: must", "strength 不能是 must"),
        ("amount: {nature: paid, per: year, lines: []}", "amount 没有一行算式"),
        ("amount: {nature: paid, per: year, lines: "
         "[{id: loan, label: 甲, english: a, formula: loan}]}", "loan 已有别的含义"),
        ("amount: {nature: paid, per: year, lines: "
         "[{id: a, label: 甲, english: a, formula: loan * loan}]}", "金额不能乘以金额"),
        ("territory: '99'", ""),
    ],
)  # fmt: skip
def test_what_is_wrong_is_refused_with_its_place(tmp_path, lines, message):
    folder = write_pack(tmp_path, lines)

    if not message:
        assert load_pack(folder).mechanisms["subsidy"].territory == "99"
        return
    with pytest.raises(PackError, match=message) as caught:
        load_pack(folder)
    assert "m06.yaml:" in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("kind: grant", "kind: gift", "kind 不能是 gift"),
        ("start: apply", "start: tax_return", "由税务机关办理，不能写成奖补"),
        ("start: apply", "start: service", "没有写 service"),
        ("    applies: [{from: 2026-01-01, until: 2027-01-01}]\n", "", "缺少 applies"),
        ("for: srdi", "for: big", "for 不能是 big"),
    ],
)
def test_a_head_that_means_nothing_is_refused(tmp_path, old, new, message):
    folder = write_pack(tmp_path, head=MECHANISM.replace(old, new))

    with pytest.raises(PackError, match=message):
        load_pack(folder)


def test_a_file_that_is_no_measure_is_refused(tmp_path):
    folder = write_pack(tmp_path)
    (folder / "measures/m27.yaml").write_text(MECHANISM, "utf-8")

    with pytest.raises(PackError, match="文件名不是措施编号"):
        load_pack(folder)


WHO = """
    who: [{id: held, label: 有称号, english: titled, clause: 一, require: titled}]
    amount:
      nature: paid
      per: year
      lines: [{id: paid, label: 贴息, english: paid, formula: loan * '1.5%'}]
"""


@pytest.mark.parametrize(
    ("facts", "outcome", "missing", "confidence"),
    [
        ({"titled": True}, MET, ["loan"], Confidence.OPEN),
        ({"titled": False}, UNMET, [], Confidence.TO_CHECK),
        ({}, UNKNOWN, ["titled", "loan"], Confidence.OPEN),
    ],
)
def test_the_four_answers_stay_apart(tmp_path, facts, outcome, missing, confidence):
    pack = load_pack(write_pack(tmp_path, WHO))

    found = put_together(pack, Facts(facts), on=ON).find("subsidy")

    assert found.outcome is outcome
    assert found.missing == missing
    assert found.confidence is confidence
    assert found.worth is None or outcome is MET
    assert found.last_day == datetime.date(2026, 12, 31)


@pytest.mark.parametrize(
    ("day", "there"),
    [("2025-12-31", False), ("2026-01-01", True), ("2026-12-31", True), ("2027-01-01", False)],
)  # fmt: skip
def test_it_applies_from_its_first_to_its_last_day(tmp_path, day, there):
    pack = load_pack(write_pack(tmp_path))
    on = datetime.date.fromisoformat(day)

    assert bool(put_together(pack, Facts({}), on=on).entitlements) is there


def test_everybody_may_have_what_asks_for_nothing(tmp_path):
    pack = load_pack(write_pack(tmp_path))

    found = put_together(pack, Facts({}), on=ON).find("subsidy")

    assert found.outcome is MET
    assert found.amount is None


def test_a_slot_depends_on_the_place(tmp_path):
    pack = load_pack(write_pack(tmp_path, "local: interest"))

    found = put_together(pack, Facts({}), on=ON).find("subsidy")

    assert found.depends
    assert found.outcome is UNKNOWN
    assert found.confidence is Confidence.PLACE
    assert found.missing == []


def test_what_another_says_in_detail_is_left_to_it(tmp_path):
    folder = write_pack(tmp_path, "detailed_by: [exact]")
    lines = MECHANISM.partition("mechanisms:\n")[2].replace("id: subsidy", "id: exact")
    text = "mechanisms:\n" + lines.replace("  - id:", "  - measure: m06\n    id:")
    (folder / "mechanisms/more.yaml").write_text(text, "utf-8")

    found = put_together(load_pack(folder), Facts({}), on=ON)

    assert [each.id for each in found.entitlements] == ["exact"]
