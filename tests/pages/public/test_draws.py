"""Draws before everybody: promised, held, countable, and nobody named."""

import hashlib
import json

import pytest

from tests.unit.casework.cases import call, desk
from tests.unit.casework.reviews import plan_for, pool, reach
from tidu.casework.deciding import pass_case
from tidu.casework.draw import Announcement, Draw, Drawable, DrawRule, check_draw
from tidu.casework.inspecting import announce_inspections, hold_inspections
from tidu.casework.review_planning import announce_draw, do_elsewhere, hold_draw

pytestmark = pytest.mark.django_db


@pytest.fixture
def case():
    return reach("province_review")


def text_of(client, case):
    return client.get(f"/notices/draws/{case.round_id}/").content.decode()


def inspected(case, count=1):
    by = desk("province")
    do_elsewhere(opened=case.round, step=case.current_step, reason="虚构会评", by=by)
    pass_case(case=case, by=by, seen=case.counter)
    return announce_inspections(
        opened=case.round, step=case.current_step, rule={"count": count}, by=by
    )


def test_without_a_draw_the_list_is_empty_and_says_so(client):
    assert "还没有抽取过" in client.get("/notices/draws/").content.decode()


def test_a_promise_shows_its_commitment_and_keeps_the_secret(client, case):
    experts = pool(3)
    draw = announce_draw(plan=plan_for(case), by=desk("province"))

    text = text_of(client, case)

    assert case.round.title in client.get("/notices/draws/").content.decode()
    assert draw.commitment in text
    assert draw.inputs_digest in text
    assert draw.secret not in text
    assert "1 件案卷，3 位专家，0 对须回避" in text
    for each in (case.enterprise.name, case.number, experts[0].name, experts[0].key):
        assert each not in text
    assert experts[0].organisation_name not in text


def test_what_was_held_shows_secret_and_seed(client, case):
    experts = pool(3)
    draw = announce_draw(plan=plan_for(case), by=desk("province"))
    hold_draw(draw=draw, by=desk("province"), public="07 12 33")

    text = text_of(client, case)

    assert draw.secret in text
    assert draw.seed in text
    assert "07 12 33" in text
    assert "分出 2 份评审表" in text
    assert not [each for each in experts if each.name in text or each.key in text]


def test_a_promise_that_was_dropped_stays_without_its_secret(client, case):
    pool(3)
    plan = plan_for(case)
    first = announce_draw(plan=plan, by=desk("province"))
    second = announce_draw(plan=plan, by=desk("province"))
    hold_draw(draw=second, by=desk("province"))

    text = text_of(client, case)

    assert "作废" in text
    assert first.commitment in text
    assert first.secret not in text


def test_the_list_of_an_inspection_repeats_the_draw(client, case):
    draw = inspected(case)
    listed = client.get(f"/notices/draws/inspections/{draw.pk}.txt").content
    assert hashlib.sha256(listed).hexdigest() == draw.list_digest
    before = json.loads(
        client.get(f"/notices/draws/inspections/{draw.pk}.json").content
    )
    assert before["secret"] == before["seed"] == ""

    hold_inspections(draw=draw, by=desk("province"), public="9")

    kept = json.loads(client.get(f"/notices/draws/inspections/{draw.pk}.json").content)
    said = Announcement(
        kept["list_sha256"], kept["commitment"], DrawRule(**kept["rule"])
    )
    cases = [Drawable(number, place) for number, place in kept["cases"]]
    drawn = {cases[0].stratum: tuple(kept["drawn"])}
    assert check_draw(Draw(kept["secret"], "9", said, drawn), cases) == []
    text = text_of(client, case)
    assert "抽中 1 家" in text
    assert case.enterprise.name not in text


def test_pages_ask_the_same_of_one_draw_and_of_three(
    client, case, django_assert_num_queries
):
    pool(3)
    plan = plan_for(case)
    announce_draw(plan=plan, by=desk("province"))
    with django_assert_num_queries(4):
        text_of(client, case)
    announce_draw(plan=plan, by=desk("province"))
    announce_draw(plan=plan, by=desk("province"))

    with django_assert_num_queries(4):
        text_of(client, case)


def test_a_round_without_draws_says_so(client):
    opened = call()

    text = client.get(f"/notices/draws/{opened.pk}/").content.decode()

    assert "没有抽取过专家" in text
    assert client.get("/notices/draws/999/").status_code == 404
