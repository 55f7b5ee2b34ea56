"""A collection round: who lacks what, who is silent, what comes back."""

import datetime
import io
import zipfile

import pytest
from django.utils import timezone

from tests.factories import EnterpriseFactory, acting, officer, owner_of
from tests.unit.registry.importing import code, run, somebody
from tidu.accounts.enums import Role
from tidu.accounts.verdicts import Refused
from tidu.audit.models import Event
from tidu.intake import UnreadableFile, read_file
from tidu.registry.actions import close_enterprise, file_facts
from tidu.registry.collecting import workbooks
from tidu.registry.collecting.actions import (
    RoundTooLarge,
    close_round,
    commit_clean,
    note_contacts,
    open_round,
    remind,
    take_back,
)
from tidu.registry.collecting.contact_lists import ContactRow, read_contact_list
from tidu.registry.collecting.lacking import bring_up_to_date, outdated
from tidu.registry.collecting.queries import (
    OPEN,
    chase_list,
    counts_of,
    in_state,
    rounds_of,
    state_of,
)
from tidu.registry.collection_models import CollectionRound, EnterpriseContact
from tidu.registry.enums import FilingSource, ImportState, ReturnState
from tidu.registry.imports.actions import undo_import
from tidu.registry.models import CurrentFacts
from tidu.registry.queries import enterprises_of
from tidu.rules.library import default_library

pytestmark = pytest.mark.django_db

ON = datetime.date(2026, 6, 30)


def opened_by(by, **given) -> CollectionRound:
    wanted = {
        "firms": enterprises_of(by),
        "title": "虚构摸底",
        "schemes": ["tech_sme"],
        "on": ON,
        "due": ON + datetime.timedelta(days=14),
        "hand_in": "虚构邮箱",
        "contact_name": "虚构联系人",
        "contact_phone": "0000-000000",
        **given,
    }
    opened = open_round(by=by, **wanted)
    bring_up_to_date(opened)
    return opened


def states(opened) -> dict[str, ReturnState]:
    return {each.enterprise.name: state_of(each) for each in chase_list(opened)}


def test_a_round_asks_every_firm_of_the_territory_what_it_lacks():
    by = somebody("990101")
    one = EnterpriseFactory(facts={"employees@2025": 50})
    two = EnterpriseFactory()
    EnterpriseFactory(territory="990102")

    opened = opened_by(by)

    firms = {each.enterprise_id: each for each in opened.firms.all()}
    assert set(firms) == {one.pk, two.pk}
    assert "employees@2025" in firms[two.pk].lacking
    assert "employees@2025" not in firms[one.pk].lacking
    assert firms[two.pk].lacking_count == len(firms[two.pk].lacking)
    event = Event.objects.get(action="registry.collection_opened")
    assert event.data["firms"] == 2


def test_a_round_without_firms_is_refused():
    with pytest.raises(RoundTooLarge, match="一家企业也没有"):
        opened_by(somebody())

    assert not CollectionRound.objects.exists()


def test_a_round_with_too_many_firms_is_refused(monkeypatch):
    EnterpriseFactory.create_batch(3)
    monkeypatch.setattr("tidu.registry.collecting.actions.MOST_FIRMS", 2)

    with pytest.raises(RoundTooLarge, match="超过 2 家"):
        opened_by(somebody())


@pytest.mark.parametrize("role", [Role.OBSERVER])
def test_observers_open_no_round(role):
    EnterpriseFactory()

    with pytest.raises(Refused):
        opened_by(acting(officer("990101", role)))


def test_another_office_neither_sees_nor_works_on_a_round():
    EnterpriseFactory()
    opened = opened_by(somebody("990101"))
    other = somebody("990101")

    assert list(rounds_of(other)) == []
    with pytest.raises(Refused, match="另一个单位"):
        close_round(opened=opened, by=other)


def test_firms_are_looked_at_again_when_their_figures_change():
    by = somebody()
    firm = EnterpriseFactory()
    opened = opened_by(by)
    before = opened.firms.get().lacking_count
    assert not outdated(opened).exists()

    file_facts(
        enterprise=firm,
        entries={"employees@2025": {"value": 50}},
        source=FilingSource.ENTERPRISE,
        by=by,
    )

    assert outdated(opened).count() == 1
    assert bring_up_to_date(opened) == 0
    assert opened.firms.get().lacking_count == before - 1


def test_what_is_not_looked_at_in_time_is_counted():
    EnterpriseFactory.create_batch(3)
    opened = opened_by(somebody())
    CurrentFacts.objects.update(updated_at=timezone.now())

    assert bring_up_to_date(opened, most=2) == 1
    assert bring_up_to_date(opened, most=2) == 0


def test_silent_firms_come_first_and_those_lacking_most_before_others():
    by = somebody()
    silent = EnterpriseFactory(name="示范虚构甲有限公司")
    partial = EnterpriseFactory(name="示范虚构乙有限公司")
    less = EnterpriseFactory(
        name="示范虚构丙有限公司",
        facts={"employees@2025": 50, "total_assets@2025": "1"},
    )
    opened = opened_by(by)

    file_facts(
        enterprise=partial,
        entries={"employees@2025": {"value": 9}},
        source=FilingSource.ENTERPRISE,
        by=by,
    )
    bring_up_to_date(opened)

    found = [(f.enterprise_id, state_of(f)) for f in chase_list(opened)]
    assert found == [
        (silent.pk, ReturnState.SILENT),
        (less.pk, ReturnState.SILENT),
        (partial.pk, ReturnState.INCOMPLETE),
    ]
    counts = counts_of(opened)
    assert counts[ReturnState.SILENT] == 2
    assert counts[ReturnState.INCOMPLETE] == 1
    open_ones = in_state(chase_list(opened), *OPEN)
    assert open_ones.count() == 3


def test_a_correction_of_the_office_is_no_return():
    by = somebody()
    firm = EnterpriseFactory(name="示范虚构甲有限公司")
    opened = opened_by(by)

    file_facts(
        enterprise=firm,
        entries={"employees@2025": {"value": 9}},
        source=FilingSource.CORRECTION,
        by=by,
    )

    assert states(opened) == {firm.name: ReturnState.SILENT}


def test_firms_closed_since_are_left_out():
    by = somebody()
    firm = EnterpriseFactory()
    EnterpriseFactory()
    opened = opened_by(by)

    close_enterprise(enterprise=firm, reason="注销（虚构）", by=by)

    assert chase_list(opened).count() == 1


def filled(opened, **cells) -> bytes:
    """A county form of the round, read back and given one more figure as CSV."""
    lines = ["统一社会信用代码,企业名称,2025年从业人员"]
    lines += [f"{uscc},,{value}" for uscc, value in cells.items()]
    return "\n".join([*lines, ""]).encode()


def test_a_returned_file_is_checked_committed_and_counts_as_returned():
    by = somebody()
    firm = EnterpriseFactory(uscc=code(1))
    opened = opened_by(by)

    run(
        take_back,
        opened=opened,
        file=io.BytesIO(filled(opened, **{code(1): "50"})),
        file_name="甲.csv",
        source=FilingSource.ENTERPRISE,
        by=by,
    )
    batch = opened.returns.get().batch
    assert batch.state == ImportState.CHECKED
    assert states(opened) == {firm.name: ReturnState.SILENT}

    run(commit_clean, opened=opened, by=by)
    batch.refresh_from_db()
    assert batch.state == ImportState.COMMITTED
    bring_up_to_date(opened)
    assert states(opened) == {firm.name: ReturnState.INCOMPLETE}

    run(undo_import, batch=batch, by=by)
    assert states(opened) == {firm.name: ReturnState.SILENT}


def test_files_with_errors_are_not_committed_with_the_clean_ones():
    by = somebody()
    EnterpriseFactory(uscc=code(1))
    opened = opened_by(by)
    for name, value in (("好.csv", "50"), ("坏.csv", "很多人")):
        run(
            take_back,
            opened=opened,
            file=io.BytesIO(filled(opened, **{code(1): value})),
            file_name=name,
            source=FilingSource.ENTERPRISE,
            by=by,
        )

    run(commit_clean, opened=opened, by=by)

    found = {e.batch.file_name: e.batch.state for e in opened.returns.all()}
    assert found == {"好.csv": ImportState.COMMITTED, "坏.csv": ImportState.CHECKED}


def test_a_file_that_is_no_table_is_refused():
    by = somebody()
    EnterpriseFactory()
    opened = opened_by(by)

    with pytest.raises(UnreadableFile, match="坏"):
        take_back(
            opened=opened,
            file=io.BytesIO(b"PK\x03\x04 broken"),
            file_name="坏.xlsx",
            source=FilingSource.ENTERPRISE,
            by=by,
        )

    assert not opened.returns.exists()


def test_reminders_are_kept_for_firms_of_the_round_only():
    by = somebody()
    EnterpriseFactory()
    opened, other = opened_by(by), opened_by(by)
    ids = [opened.firms.get().pk, other.firms.get().pk]
    firms = opened.firms.model.objects.filter(pk__in=ids)

    count = remind(opened=opened, firms=firms, on=ON, note="答应周五交", by=by)

    assert count == 1
    row = chase_list(opened).get()
    assert (row.reminded, row.reminded_on, row.reminded_note) == (1, ON, "答应周五交")
    assert chase_list(other).get().reminded == 0


def test_contacts_are_matched_by_code_or_the_very_name():
    by = somebody()
    one = EnterpriseFactory(uscc=code(1))
    two = EnterpriseFactory()
    opened = opened_by(by)

    noted, strange = note_contacts(
        opened=opened,
        rows=[
            ContactRow("旧名", code(1), "虚构甲", "1"),
            ContactRow(two.name, "", "虚构乙", "2"),
            ContactRow("谁也不是有限公司", "", "虚构丙", "3"),
        ],
        by=by,
    )

    assert (noted, strange) == (2, ["谁也不是有限公司"])
    found = dict(EnterpriseContact.objects.values_list("enterprise", "name"))
    assert found == {one.pk: "虚构甲", two.pk: "虚构乙"}


def test_a_contact_list_needs_a_column_of_contacts(tmp_path):
    path = tmp_path / "contacts.csv"
    path.write_text("企业名称,联系人,电话\n示范虚构甲有限公司,虚构甲,123456\n")
    assert read_contact_list(path, ON) == [
        ContactRow("示范虚构甲有限公司", "", "虚构甲", "123456")
    ]

    path.write_text("企业名称\n示范虚构甲有限公司\n")
    with pytest.raises(UnreadableFile, match="联系人"):
        read_contact_list(path, ON)


def test_a_closed_round_stays_as_it_was():
    by = somebody()
    firm = EnterpriseFactory()
    opened = opened_by(by)
    before = opened.firms.get().lacking_count

    close_round(opened=opened, by=by)
    file_facts(
        enterprise=firm,
        entries={"employees@2025": {"value": 9}},
        source=FilingSource.ENTERPRISE,
        by=by,
    )

    assert bring_up_to_date(opened) == 0
    assert opened.firms.get().lacking_count == before
    with pytest.raises(Refused, match="已结束"):
        remind(opened=opened, firms=opened.firms.all(), on=ON, note="", by=by)


def test_forms_carry_what_is_known_and_are_read_back(tmp_path):
    by = somebody()
    EnterpriseFactory(uscc=code(1), facts={"employees@2025": 50})
    EnterpriseFactory(uscc=code(2))
    opened = opened_by(by)
    firms = list(chase_list(opened).select_related("enterprise__current"))
    path = tmp_path / "form.xlsx"

    with workbooks.county_workbook(opened, firms) as file:
        path.write_bytes(file.read())
    county = read_file(path, default_library().facts, on=ON)

    facts = {row.uscc: row.facts for row in county.rows}
    assert facts[code(1)].get("employees@2025") == 50
    assert facts[code(2)].get("employees@2025") is None

    with (
        workbooks.enterprise_workbooks(opened, firms) as file,
        zipfile.ZipFile(file) as archive,
    ):
        names = archive.namelist()
        path.write_bytes(archive.read(next(n for n in names if code(2) in n)))
    assert len(names) == 2
    one = read_file(path, default_library().facts, on=ON)
    assert [row.uscc for row in one.rows] == [code(2)]


def test_enterprises_own_filing_on_the_web_is_a_return():
    by = somebody()
    firm = EnterpriseFactory()
    owner = acting(owner_of(firm))
    opened = opened_by(by)

    file_facts(
        enterprise=firm,
        entries={"employees@2025": {"value": 9}},
        source=FilingSource.ENTERPRISE,
        by=owner,
    )

    assert states(opened) == {firm.name: ReturnState.INCOMPLETE}
