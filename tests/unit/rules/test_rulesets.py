"""Which rule set applies: scheme, kind and day, as contract/criteria.md fixes it."""

import datetime

import pytest

from tidu.rules.library import default_library
from tidu.rules.rulesets import Kind

PACK = default_library().national
day = datetime.date
NEW, AGAIN, CHANGE = Kind.NEW, Kind.REVERIFICATION, Kind.CHANGE
YEARLY_NOTICE = "2027年及以后的复核以当年通知为准，通知尚未发布"
STILL_63 = "2026年小巨人复核按工信厅企业函〔2026〕117号仍用63号附件3"


def which(scheme: str, kind: Kind, on: datetime.date) -> tuple[str, str] | None:
    """The rule set's id and the flag of the window it was found in."""
    found = PACK.schemes[scheme].which(kind, on)
    if found is None:
        return None
    rule_set, window = found
    return rule_set.id, window.note.chinese


@pytest.mark.parametrize(
    ("scheme", "kind", "on", "found"),
    [
        ("srdi_sme", NEW, day(2022, 7, 31), None),
        ("srdi_sme", NEW, day(2022, 8, 1), ("2022-08-01", "")),
        ("srdi_sme", NEW, day(2026, 3, 31), ("2022-08-01", "")),
        ("srdi_sme", NEW, day(2026, 4, 1), ("2026-04-01", "")),
        ("srdi_sme", AGAIN, day(2026, 3, 31), ("2022-08-01", "")),
        ("srdi_sme", AGAIN, day(2026, 4, 1), ("2026-04-01", "")),
        ("srdi_sme", CHANGE, day(2026, 3, 31), ("2022-08-01", "")),
        ("srdi_sme", CHANGE, day(2026, 4, 1), ("2026-04-01", "")),
        ("little_giant", NEW, day(2022, 7, 31), None),
        ("little_giant", NEW, day(2026, 3, 31), ("2022-08-01", "")),
        ("little_giant", NEW, day(2026, 4, 1), ("2026-04-01", "")),
        ("little_giant", AGAIN, day(2022, 7, 31), None),
        ("little_giant", AGAIN, day(2026, 3, 31), ("2022-08-01", "")),
        ("little_giant", AGAIN, day(2026, 4, 1), ("2022-08-01", STILL_63)),
        ("little_giant", AGAIN, day(2026, 12, 31), ("2022-08-01", STILL_63)),
        ("little_giant", AGAIN, day(2027, 1, 1), ("2026-04-01", YEARLY_NOTICE)),
        ("little_giant", CHANGE, day(2026, 12, 31), ("2022-08-01", STILL_63)),
        ("little_giant", CHANGE, day(2027, 1, 1), ("2026-04-01", YEARLY_NOTICE)),
        ("little_giant", NEW, day(2027, 1, 1), ("2026-04-01", "")),
    ],
)
def test_rule_set_follows_kind_and_day(scheme, kind, on, found):
    assert which(scheme, kind, on) == found


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize(
    ("scheme", "before", "first", "rule_set"),
    [
        ("tech_sme", day(2017, 5, 2), day(2017, 5, 3), "2017-05-03"),
        ("innovative_sme", day(2022, 7, 31), day(2022, 8, 1), "2022-08-01"),
        ("high_tech_enterprise", day(2015, 12, 31), day(2016, 1, 1), "2016-01-01"),
        ("manufacturing_champion", day(2022, 12, 31), day(2023, 1, 1), "2023-01-01"),
        ("sme_size", day(2017, 12, 27), day(2017, 12, 28), "2017-12-28"),
        ("digital_level", day(2024, 8, 31), day(2024, 9, 1), "2024-09-01"),
    ],
)
def test_scheme_with_one_rule_set_uses_it_for_every_kind(
    kind, scheme, before, first, rule_set
):
    found = [which(scheme, kind, on) for on in (before, first, day(2026, 3, 31))]

    assert found == [None, (rule_set, ""), (rule_set, "")]


@pytest.mark.parametrize("kind", list(Kind))
def test_unicorn_working_definition_holds_at_any_time(kind):
    found = {which("unicorn", kind, on)[0] for on in (day(1, 1, 1), day(2026, 6, 1))}

    assert found == {"working"}


@pytest.mark.parametrize("scheme", ["tech_sme", "innovative_sme"])
def test_rule_set_kept_by_article_30_is_flagged(scheme):
    _, note = which(scheme, NEW, day(2026, 4, 1))

    assert note.startswith("2号文第三十条：合并后的科技和创新型标准公布前，继续使用")


def test_every_scheme_of_the_contract_is_there():
    assert set(PACK.schemes) == {
        "tech_sme",
        "innovative_sme",
        "srdi_sme",
        "little_giant",
        "manufacturing_champion",
        "unicorn",
        "high_tech_enterprise",
        "sme_size",
        "digital_level",
    }


def criterion_ids(scheme: str, rule_set_id: str) -> list[str]:
    found = next(r for r in PACK.schemes[scheme].rule_sets if r.id == rule_set_id)
    return [c.id for c in found.criteria] + [i.id for i in found.items]


@pytest.mark.parametrize(
    ("name", "ids"),
    [
        (
            "srdi_sme/2026-04-01",
            "entry_title niche_years revenue_or_equity main_revenue_share debt_ratio"
            " rnd_each_year class1_ip market_position srdi_score conduct sme",
        ),
        (
            "little_giant/2026-04-01",
            "entry_title niche_years revenue main_revenue_share revenue_growth"
            " debt_ratio rnd_total_and_each_year class1_ip market_position key_field"
            " srdi_score not_excluded conduct sme",
        ),
        (
            "srdi_sme/2022-08-01",
            "niche_years rnd revenue_or_equity score_or_direct conduct sme i01 i02 i03"
            " i04 i05 i06 i07 i08 i09 i10 i11 i12 i13",
        ),
        (
            "little_giant/2022-08-01",
            "niche_years main_revenue_share main_revenue_growth core_business_online"
            " certification debt_ratio market_share own_brand innovation key_link"
            " key_field conduct sme",
        ),
        (
            "innovative_sme/2022-08-01",
            "score_or_direct conduct sme i1 i2 i3 i4 i5 i6",
        ),
        (
            "tech_sme/2017-05-03",
            "resident employees revenue total_assets prohibited_product conduct"
            " score_or_direct staff rnd achievements",
        ),
        (
            "high_tech_enterprise/2016-01-01",
            "registered_days core_ip field tech_staff_share rnd_share_3y"
            " domestic_rnd_share hightech_revenue_share innovation_score conduct",
        ),
        (
            "manufacturing_champion/2023-01-01",
            "niche_years main_revenue_average global_rank quality brand innovation"
            " conduct",
        ),
        ("unicorn/working", "age unlisted valuation private_equity"),
        ("sme_size/2017-12-28", "employees revenue total_assets"),
    ],
)
def test_criterion_ids_are_those_of_the_contract(name, ids):
    assert criterion_ids(*name.split("/")) == ids.split()


def test_digital_level_criteria_are_those_of_the_contract():
    ids = criterion_ids("digital_level", "2024-09-01")

    assert ids[:3] == ["score", "scenes", "binding_scenes"]


def test_parts_of_innovation_are_those_of_the_contract():
    found = PACK.schemes["little_giant"].rule_sets[0]
    parts = [
        part.id
        for top in found.criteria
        for part in top.walk()
        if part.part_of == "innovation" and part.id
    ]

    assert parts == ["rnd_by_revenue", "rnd_institution", "class1_ip", "direct"]


def test_rule_set_knows_every_fact_it_reads():
    size = PACK.schemes["sme_size"].rule_sets[0]
    unicorn = PACK.schemes["unicorn"].rule_sets[0]

    assert size.facts == {"industry", "employees", "revenue", "total_assets"}
    assert unicorn.facts == {"established_on", "listed", "valuation_usd", "new_equity"}
