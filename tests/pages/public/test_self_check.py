"""The self-check by form: what it asks, says, refuses; and nothing of it stays."""

import io

import pytest
import python_calamine
from django.apps import apps
from django.core.cache import cache
from django.urls import reverse

from tidu.web.public.fact_forms import FIRST

CHECK = reverse("self_check")
ASKED = {"on": "2026-06-01", "kind": "new", "territory": ""}
FIGURES = {
    "f-revenue@2025": "6,100万元",
    "f-total_assets@2025": "8000",
    "f-employees@2025": "120人",
    "f-industry": "C3421",
}


@pytest.fixture(autouse=True)
def _new_count():
    cache.clear()


def rows_of_every_table() -> int:
    return sum(model._default_manager.count() for model in apps.get_models())


def test_the_empty_form_asks_what_decides_most_with_unit_year_and_place(client, db):
    answer = client.get(CHECK)

    assert answer.status_code == 200
    text = answer.content.decode()
    assert "不保存" in text
    form = answer.context["form"]
    keys = [name for name in form.fields if name.startswith("f-")]
    assert len(keys) == FIRST  # the industry is one of them
    revenue = next(each for each in keys if each.startswith("f-revenue@"))
    assert form.fields[revenue].unit == "万元"
    assert form.fields[revenue].help_text == "利润表：营业收入（本期金额）"


def test_the_page_needs_no_query(client, db, django_assert_num_queries):
    with django_assert_num_queries(0):
        client.get(CHECK)
    with django_assert_num_queries(0):
        client.post(CHECK, ASKED | FIGURES)


def test_figures_give_a_ladder_what_is_missing_and_keep_what_was_typed(client, db):
    answer = client.post(CHECK, ASKED | FIGURES)

    assert answer.status_code == 200
    result = answer.context["result"]
    assert result.figures == 4
    assert result.size == "小型"
    assert [len(rung.cards) for rung in result.ladder.rungs] == [2, 1, 1, 1]
    assert result.ladder.following.id == "tech_sme"
    assert len(result.questions) == 8
    assert result.plan.missing
    text = answer.content.decode()
    assert 'value="6,100万元"' in text
    assert "6,100万元" in text
    assert "来源：本次填写" in text
    assert answer.context["form"].first  # and asks for more


def test_a_known_size_is_decided_and_an_empty_figure_is_not_zero(client, db):
    answer = client.post(CHECK, ASKED | FIGURES | {"f-rnd_expense@2025": ""})

    tech = answer.context["result"].ladder.following
    points = {row.label: row.points for row in tech.rows if row.points}
    assert points["研发费用占销售收入比重，或占成本费用比重"] == "0～50分（满分50）"


def test_the_standard_of_the_day_and_the_procedure_is_used(client, db):
    facts = {"f-niche_years": "2"}

    def niche(**asked: str) -> str:
        answer = client.post(CHECK, ASKED | facts | asked)
        cards = answer.context["result"].ladder.others
        srdi = next(card for card in cards if card.id == "srdi_sme")
        return next(
            r.outcome.id for r in srdi.rows if r.label == "从事特定细分市场年限"
        )

    assert niche(on="2026-03-31") == "met"  # two years, by the edition of 2022
    assert niche(on="2026-04-01") == "unmet"  # three years, by that of 2026


def test_a_province_brings_its_own_items(client, db):
    asked = ASKED | {"territory": "99", "on": "2026-03-01"}

    local_facts = {
        "f-demo_local_chain": "是",
        "f-demo_export_share": "12",
        "f-demo_green_factory": "city",
    }
    answer = client.post(CHECK, asked | local_facts)

    cards = answer.context["result"].ladder.others
    srdi = next(card for card in cards if card.id == "srdi_sme")
    local = next(r for r in srdi.rows if r.label == "地方特色指标（省级自定）")
    assert local.points == "11分（满分15）"
    assert answer.context["result"].figures == 3


@pytest.mark.parametrize(
    ("name", "typed", "said"),
    [
        ("f-revenue@2025", "很多", "读不成金额；可写 5088、5,088万元 或 1.2亿"),
        ("f-revenue@2025", "-5", "不能为负；请核对正负号；没有数据就留空"),
        ("f-employees@2025", "12.5", "不是整数；请写整数，如 120"),
        ("f-industry", "机械", "不是国民经济行业代码"),
        ("on", "2019-01-01", "请写 2022-08-01 到"),
        ("on", "明天", "输入一个有效的日期"),
        ("kind", "old", "选择一个有效的选项"),
    ],
)
def test_what_cannot_be_read_is_refused_at_its_field_and_kept(
    name, typed, said, client, db
):
    answer = client.post(CHECK, ASKED | FIGURES | {name: typed})

    assert answer.status_code == 422
    assert said in answer.context["form"].errors[name][0]
    text = answer.content.decode()
    assert "有 1 处需要改正" in text
    assert f'href="#id_{name}"' in text
    if name.startswith("f-"):
        assert f'value="{typed}"' in text


def test_unknown_written_out_counts_as_empty(client, db):
    answer = client.post(CHECK, ASKED | {"f-revenue@2025": "不详"})

    assert answer.context["result"].figures == 0


def test_fields_no_form_of_ours_has_are_left_out(client, db):
    odd = {
        "f-nothing": "1",
        "f-revenue": "1",
        "f-name@2025": "x",
        "f-revenue@1999": "1",
    }

    answer = client.post(CHECK, ASKED | odd)

    assert answer.status_code == 200
    assert answer.context["result"].figures == 0


def test_a_fragment_is_answered_to_htmx(client, db):
    answer = client.post(CHECK, ASKED | FIGURES, headers={"HX-Request": "true"})

    text = answer.content.decode()
    assert "<html" not in text
    assert "自测结果" in text


def test_in_english(client, db):
    client.cookies["django_language"] = "en"

    text = client.post(CHECK, ASKED | FIGURES).content.decode()

    assert "Result of the self-check" in text
    assert "Technology" in text
    assert "Income statement, revenue" in text
    assert "Still to be filled in" in text
    assert "No account needed" in text


def test_the_report_is_a_workbook_of_the_same_answer(client, db):
    answer = client.post(reverse("self_check_report"), ASKED | FIGURES)

    assert answer.status_code == 200
    assert "attachment" in answer["Content-Disposition"]
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    lines = book.get_sheet_by_name("总览").to_python()
    assert lines[3][0] == "自测企业"
    assert lines[3][2] == "小型"


def test_the_report_refuses_what_the_form_refuses(client, db):
    answer = client.post(reverse("self_check_report"), ASKED | {"f-revenue@2025": "多"})

    assert answer.status_code == 422
    assert "读不成金额" in answer.content.decode()


def test_nothing_is_stored(client, db):
    before = rows_of_every_table()

    client.post(CHECK, ASKED | FIGURES)
    answer = client.post(reverse("self_check_report"), ASKED | FIGURES)

    assert rows_of_every_table() == before
    assert "sessionid" not in client.cookies
    assert "no-store" in answer["Cache-Control"]


def test_the_report_may_only_be_posted(client, db):
    assert client.get(reverse("self_check_report")).status_code == 405
