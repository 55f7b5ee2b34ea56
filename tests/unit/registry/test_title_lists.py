"""Recognition lists: matched, decided by a person, recorded, taken back."""

import datetime
import io

import pytest
from django.test import TestCase

from tests.factories import EnterpriseFactory, acting, officer
from tests.unit.registry.importing import code, run, somebody
from tidu.accounts.enums import Role
from tidu.accounts.verdicts import Refused
from tidu.audit.models import Event
from tidu.intake import UnreadableFile
from tidu.registry.actions import change_identity, close_enterprise
from tidu.registry.enums import (
    IdentityKind,
    ListedFound,
    ListState,
    SameFirm,
)
from tidu.registry.models import Enterprise, HeldTitle
from tidu.registry.title_list_models import ListedName, TitleList
from tidu.registry.title_lists.actions import (
    commit_list,
    decide_certain,
    decide_names,
    discard_list,
    undo_list,
    upload_list,
)
from tidu.registry.title_lists.jobs import resume_lists, run_list
from tidu.registry.titles import revoke_title

pytestmark = pytest.mark.django_db

START, END = datetime.date(2026, 1, 1), datetime.date(2028, 12, 31)
NAME = "示范恒智精密机械有限公司"


def upload(by, *lines: str, head: str = "企业名称") -> TitleList:
    return upload_list(
        file=io.BytesIO("\n".join([head, *lines, ""]).encode()),
        file_name="名单.csv",
        scheme="srdi_sme",
        valid_from=START,
        valid_until=END,
        source="虚构公告1号",
        by=by,
    )


def uploaded(by, *lines: str, head: str = "企业名称") -> TitleList:
    """A list with the job of comparing done."""
    with TestCase.captureOnCommitCallbacks(execute=True):
        titles = upload(by, *lines, head=head)
    titles.refresh_from_db()
    return titles


def test_certain_names_are_found_but_nothing_is_recorded_by_itself():
    by = somebody()
    firm = EnterpriseFactory(name=NAME)

    titles = uploaded(by, NAME)
    run(commit_list, titles=titles, by=by)

    each = titles.names.get()
    assert each.found == ListedFound.CERTAIN
    assert each.candidates[0]["firm"] == firm.pk
    assert (each.choice, each.done) == ("", False)
    assert not HeldTitle.objects.exists()


def test_one_click_takes_all_certain_ones_and_records_their_titles():
    by = somebody()
    firm = EnterpriseFactory(name=NAME)
    former = EnterpriseFactory(name="示范云帆软件有限公司")
    change_identity(
        enterprise=former,
        kind=IdentityKind.NAME,
        value="示范更名后软件有限公司",
        source="虚构",
        by=by,
    )
    titles = uploaded(
        by, NAME.replace("有限公司", "股份有限公司"), "示范云帆软件有限公司"
    )

    count = decide_certain(titles=titles, by=by)
    run(commit_list, titles=titles, by=by)

    assert count == 2
    titles.refresh_from_db()
    assert titles.state == ListState.COMMITTED
    held = HeldTitle.objects.get(enterprise=firm)
    assert (held.scheme, held.valid_from, held.valid_until) == ("srdi_sme", START, END)
    assert held.source == "虚构公告1号，名单.csv 第2行"
    assert HeldTitle.objects.filter(enterprise=former).exists()
    assert titles.summary["recorded"] == 2
    assert Event.objects.filter(action="registry.title_recorded").count() == 2
    assert Event.objects.get(action="registry.list_certain_taken").data["rows"] == [
        2,
        3,
    ]


def test_namesakes_are_for_a_person():
    by = somebody("990100")
    one = EnterpriseFactory(name=NAME, territory="990101")
    two = EnterpriseFactory(name=NAME, territory="990102")

    titles = uploaded(by, NAME)

    each = titles.names.get()
    assert each.found == ListedFound.CANDIDATES
    assert {c["firm"] for c in each.candidates} == {one.pk, two.pk}
    assert decide_certain(titles=titles, by=by) == 0
    decide_names(titles=titles, chosen={each.pk: (SameFirm.SAME, two.pk)}, by=by)
    run(commit_list, titles=titles, by=by)
    assert HeldTitle.objects.get().enterprise == two
    decided = Event.objects.get(action="registry.list_decided").data["decided"]
    assert decided == [{"row": 2, "choice": "same", "enterprise": two.pk}]


def test_firms_of_another_territory_are_neither_found_nor_chosen():
    by = somebody("990101")
    other = EnterpriseFactory(name=NAME, territory="990102")

    titles = uploaded(by, NAME)

    each = titles.names.get()
    assert each.found == ListedFound.NONE
    decide_names(titles=titles, chosen={each.pk: (SameFirm.SAME, other.pk)}, by=by)
    each.refresh_from_db()
    assert (each.choice, each.enterprise) == ("", None)


def test_rows_of_other_places_and_repeated_ones_are_set_apart():
    by = somebody("990102")

    titles = uploaded(
        by,
        f"{NAME},望岳市",
        "示范星河软件有限公司,启明市",
        "示范星河软件有限公司,",
        head="企业名称,地区",
    )

    assert list(titles.names.values_list("found", "choice")) == [
        (ListedFound.ELSEWHERE, ""),
        (ListedFound.NONE, ""),
        (ListedFound.TWICE, SameFirm.SKIP),
    ]


def test_a_code_in_the_list_wins_over_the_name():
    by = somebody()
    firm = EnterpriseFactory(name="示范完全不同有限公司", uscc=code(1))

    titles = uploaded(by, f"{NAME},{code(1)}", head="企业名称,社会信用代码")

    each = titles.names.get()
    assert each.found == ListedFound.CERTAIN
    assert each.candidates[0]["firm"] == firm.pk


def test_strangers_can_be_entered_with_their_title_and_taken_back():
    by = somebody()
    titles = uploaded(by, NAME)
    each = titles.names.get()

    decide_names(titles=titles, chosen={each.pk: (SameFirm.NEW, None)}, by=by)
    run(commit_list, titles=titles, by=by)
    firm = Enterprise.objects.get(name=NAME)
    assert firm.territory == "990101"
    assert HeldTitle.objects.get().enterprise == firm

    run(undo_list, titles=titles, by=by)
    titles.refresh_from_db()
    firm.refresh_from_db()
    assert titles.state == ListState.UNDONE
    assert not HeldTitle.objects.exists()
    assert firm.closed_reason == "撤回名单：名单.csv"
    assert Event.objects.filter(action="registry.title_withdrawn").count() == 1


def test_undoing_leaves_what_was_revoked_since_and_firms_known_before():
    by = somebody()
    firm = EnterpriseFactory(name=NAME)
    other = EnterpriseFactory(name="示范云帆软件有限公司")
    titles = uploaded(by, NAME, other.name)
    decide_certain(titles=titles, by=by)
    run(commit_list, titles=titles, by=by)
    held = HeldTitle.objects.get(enterprise=firm)
    revoke_title(title=held, on=datetime.date(2026, 6, 1), reason="虚构", by=by)

    run(undo_list, titles=titles, by=by)

    titles.refresh_from_db()
    assert titles.summary["kept"] == 1
    assert list(HeldTitle.objects.all()) == [held]
    assert Enterprise.objects.filter(closed_at=None).count() == 2


def test_a_title_recorded_before_is_not_recorded_twice():
    by = somebody()
    EnterpriseFactory(name=NAME)
    for _time in range(2):
        titles = uploaded(by, NAME)
        decide_certain(titles=titles, by=by)
        run(commit_list, titles=titles, by=by)

    titles.refresh_from_db()
    assert HeldTitle.objects.count() == 1
    assert (titles.summary["recorded"], titles.summary["there"]) == (0, 1)
    run(undo_list, titles=titles, by=by)
    assert HeldTitle.objects.count() == 1


def test_dates_of_a_row_win_over_those_of_the_list():
    by = somebody()
    EnterpriseFactory(name=NAME)

    titles = uploaded(by, f"{NAME},2025-05-01至2027-04-30", head="企业名称,有效期")
    decide_certain(titles=titles, by=by)
    run(commit_list, titles=titles, by=by)

    held = HeldTitle.objects.get()
    assert held.valid_from == datetime.date(2025, 5, 1)
    assert held.valid_until == datetime.date(2027, 4, 30)


def test_a_firm_closed_in_between_gets_no_title():
    by = somebody()
    firm = EnterpriseFactory(name=NAME)
    titles = uploaded(by, NAME)
    decide_certain(titles=titles, by=by)
    close_enterprise(enterprise=firm, reason="注销（虚构）", by=by)

    run(commit_list, titles=titles, by=by)

    assert not HeldTitle.objects.exists()


def test_a_run_that_died_goes_on_and_repeats_nothing():
    by = somebody()
    EnterpriseFactory(name=NAME)
    EnterpriseFactory(name="示范云帆软件有限公司")
    titles = uploaded(by, NAME, "示范云帆软件有限公司")
    decide_certain(titles=titles, by=by)
    commit_list(titles=titles, by=by)  # its job does not start: nobody commits
    TitleList.objects.update(
        touched_at=datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    )

    resume_lists()
    run_list(titles.pk)

    titles.refresh_from_db()
    assert titles.state == ListState.COMMITTED
    assert HeldTitle.objects.count() == 2


def test_decided_lists_are_not_decided_again():
    by = somebody()
    EnterpriseFactory(name=NAME)
    titles = uploaded(by, NAME)
    discard_list(titles=titles, by=by)

    with pytest.raises(Refused, match="已撤回"):
        decide_certain(titles=titles, by=by)


def test_observers_and_other_offices_do_not_work_on_a_list():
    by = somebody()
    titles = uploaded(by, NAME)

    for other in (somebody(), acting(officer("990101", Role.OBSERVER))):
        with pytest.raises(Refused):
            decide_certain(titles=titles, by=other)
    with pytest.raises(Refused):
        upload(acting(officer("990101", Role.OBSERVER)), NAME)


def test_a_file_without_names_is_refused_under_its_own_name():
    with pytest.raises(UnreadableFile, match=r"名单\.csv"):
        uploaded(somebody(), "1", head="甲")

    assert not ListedName.objects.exists()
    assert not TitleList.objects.exists()
