"""Services as data: every one is whole, and a mistake is told with file and line."""

import datetime

import pytest

from tests.packs.writing import write_texts
from tests.unit.rules.small_pack import NATIONAL, PROVINCE, refusal, spoilt
from tidu.rules.assess import assess, prepare
from tidu.rules.check_services import check_services
from tidu.rules.facts import Facts
from tidu.rules.library import default_library
from tidu.rules.outcomes import MET, UNKNOWN, UNMET
from tidu.rules.overlays import lay_over
from tidu.rules.packs import load_pack
from tidu.rules.service_files import Confirmer, refuse_same

NAME = "services/help.yaml"
SERVICE = {
    **NATIONAL,
    NAME: """\
label: 帮助
english: help
measure: m23
gives: 上门看看
gives_english: a visit
source: {document: d, number: 一号文, clause: 第二条, grade: restated}
applies: [{from: 2026-01-01}]
agency: 某部
agency_english: some ministry
level: county
who:
  - {id: brand, label: 自主品牌, english: own brand, clause: 第二条, require: own_brand}
tracks:
  - {id: fast, label: 快, english: fast}
asks:
  - {fact: revenue, required: true}
  - {id: wish, label: 想要, english: wish, type: text, required: true}
documents:
  - {id: plan, label: 计划, english: plan, required: true}
within: {days: 5, unit: working_day, clause: 第三条}
outcomes:
  - {id: done, label: 办成, english: done, good: true}
  - {id: not_done, label: 没办成, english: not done}
confirmed_by: other_side
other_side: 银行
other_side_english: the bank
effects:
  - {asked: wish}
  - {id: gain, label: 收益, english: gain, type: money, unit: 万元}
""",
}
LOCAL = {
    **PROVINCE,
    "services/far_help.yaml": SERVICE[NAME].replace(
        "label: 帮助", "label: 远省帮助", 1
    ),
}
MEASURE = "measures/m23.yaml"
MEASURES = """\
label: 管理
english: management
for: sme
clause: （二十三）
agencies: [{label: 某部, english: ministry}]
mechanisms:
  - id: own_brand_help
    kind: service
    area: management
    label: 帮助
    english: help
    gives: 帮助
    gives_english: help
    source: {document: d, number: 一号文, clause: 第二条, grade: restated}
    applies: [{from: 2026-01-01}]
    agency: 某部
    agency_english: ministry
    start: service
    service: help
"""
IDS = {
    "ip_prior_examination",
    "management_diagnosis",
    "compliance_checkup",
    "governance_checkup",
    "bridge_loan",
    "guarantee_batch",
    "title_review",
    "talent_recommendation",
    "energy_diagnosis",
    "foreign_experts",
    "metrology_visit",
    "aeo_guidance",
    "service_package",
}
ON = datetime.date(2026, 6, 1)


def load(folder, texts):
    return load_pack(write_texts(folder, texts))


def test_a_service_is_read_whole(tmp_path):
    found = load(tmp_path, SERVICE).services["help"]

    assert found.label.english == "help"
    assert found.track("fast").label.chinese == "快"
    assert found.track("slow") is None
    assert [each.key(2026) for each in found.asks] == ["revenue@2025", "wish"]
    assert [(e.own, e.required) for e in found.asks] == [(False, True), (True, True)]
    assert (found.within.days, found.within.unit) == (5, "working_day")
    assert found.within.grade == "restated"
    assert found.confirmer is Confirmer.OTHER_SIDE
    assert found.other_side.english == "the bank"
    assert found.effects[0] is found.asks[1]
    assert [each.good for each in found.outcomes] == [True, False]


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("measure: m23", "measure: m27", "没有措施 m27"),
        ("{fact: revenue,", "{fact: revenues,", "没有事实 revenues"),
        ("{id: wish,", "{id: revenue,", "revenue 是已有的事实"),
        ("type: text", "type: choice", "wish 的类型与选项不一致"),
        (", good: true", "", "help 没有一种办成的结果"),
        ("id: not_done", "id: done", "outcomes 的 id 有重复"),
        ("{asked: wish}", "{asked: hope}", "asks 里没有 hope"),
        ("level: county", "level: town", "level 不能是 town"),
        ("confirmed_by: other_side", "confirmed_by: adviser", "confirmed_by 不能是"),
        ("unit: working_day", "unit: week", "unit 不能是 week"),
        ("grade: restated}", "grade: rumour}", "grade 不能是 rumour"),
        ("agency: 某部\n", "agency: 某部\nmechanism: other\n", "没有措施事项 other"),
        ("level: county", "levels: county", "缺少 level"),
    ],
)
def test_a_mistake_is_told_with_its_file(tmp_path, old, new, what):
    said, place, _remedy = refusal(
        lambda: load(tmp_path, spoilt(SERVICE, NAME, old, new))
    )

    assert what in said
    assert place.startswith("help.yaml:")


def test_a_province_adds_services_under_its_prefix(tmp_path):
    base = load(tmp_path / "base", SERVICE)
    pack = lay_over(base, write_texts(tmp_path / "far", LOCAL))

    assert list(pack.services) == ["help", "far_help"]
    assert pack.services["far_help"].territory == "98"
    assert pack.services["help"].territory == ""


@pytest.mark.parametrize(
    ("name", "territory", "what"),
    [
        ("services/help.yaml", "", "服务编号 help 不合规则"),
        ("services/far_help.yaml", 'territory: "97"\n', "不在本包区划 98 之内"),
    ],
)
def test_a_province_replaces_none_and_stays_at_home(tmp_path, name, territory, what):
    base = load(tmp_path / "base", SERVICE)
    texts = {**PROVINCE, name: SERVICE[NAME] + territory}
    folder = write_texts(tmp_path / "far", texts)

    said, _place, _remedy = refusal(lambda: lay_over(base, folder))

    assert what in said


def test_a_clause_without_a_heading_is_complained_of(tmp_path):
    pack = load(tmp_path, SERVICE)

    found = list(check_services(pack, None, {"d": {"第二条"}}))

    assert [each.details["clause"] for each in found] == ["第三条"]
    assert list(check_services(pack, None, {"d": {"第二条", "第三条"}})) == []


def test_the_national_services_are_those_of_the_measures():
    pack = default_library().national

    assert set(pack.services) >= IDS
    for each in pack.services.values():
        assert each.within is None, "no national text states days"
        assert each.rule_set.document == "43-2024"
        assert each.confirmer is Confirmer.FIRM or each.other_side


@pytest.mark.parametrize(
    ("service", "facts", "outcome"),
    [
        ("bridge_loan", {"holds_srdi": True, "holds_little_giant": False}, MET),
        ("bridge_loan", {"holds_srdi": False, "holds_little_giant": False}, UNMET),
        ("bridge_loan", {}, UNKNOWN),
        ("talent_recommendation", {"holds_little_giant": True}, MET),
        ("talent_recommendation", {"holds_srdi": True}, UNKNOWN),
        ("talent_recommendation", {"holds_little_giant": False}, UNMET),
    ],
)
def test_who_may_ask_follows_the_measure(service, facts, outcome):
    pack = default_library().national
    found = pack.services[service]
    prepared = prepare(Facts(facts), pack, ON)

    standing = assess(
        pack, found.rule_set, prepared, on=ON, window=found.rule_set.windows[0]
    )

    assert standing.outcome is outcome


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("source: {document: d, number: 一号文, clause: 第二条, grade: restated}\n", "", "缺少 source"),
        ("level: county\n", "level: county\nmechanism: nothing\n", "没有措施事项 nothing"),
        ("level: county\n", "level: county\nmechanism: own_brand_help\n", "who 和 mechanism 只能写一个"),
    ],
)  # fmt: skip
def test_a_service_needs_its_source_and_a_mechanism_that_exists(
    tmp_path, old, new, what
):
    texts = {**SERVICE, NAME: SERVICE[NAME].replace(old, new), MEASURE: MEASURES}

    assert refusal(lambda: load(tmp_path, texts))[0] == what


def test_a_service_has_its_own_conditions_or_those_of_a_mechanism():
    folder = default_library().national.folder
    text = (folder / "services/ip_prior_examination.yaml").read_text("utf-8")
    assert "mechanism: ip_prior_examination" in text


def test_a_province_replaces_no_service(tmp_path):
    pack = load(tmp_path, SERVICE)

    what = refusal(lambda: refuse_same(pack.services, pack.services))[0]

    assert what == "服务 help 与上级包的重复"


def test_a_mechanism_that_starts_no_service_is_told(tmp_path):
    pack = load(tmp_path, {**NATIONAL, MEASURE: MEASURES})

    (told,) = check_services(pack, None, {})

    assert "own_brand_help 指向服务 help，没有这个服务" in told.sentence()
