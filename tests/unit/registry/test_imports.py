"""Files into the registry: what is checked, written, refused and taken back."""

import io
import zipfile

import pytest

from tests.factories import EnterpriseFactory, acting, officer, owner_of
from tests.unit.registry.importing import (
    checked,
    code,
    committed,
    firm_line,
    run,
    somebody,
    table,
    upload,
)
from tidu.accounts.enums import Role
from tidu.accounts.verdicts import Refused
from tidu.audit.models import Event
from tidu.intake import Problem, UnreadableFile
from tidu.registry.actions import close_enterprise, file_facts
from tidu.registry.blobs import open_blob
from tidu.registry.enums import FilingSource, ImportState, SameFirm
from tidu.registry.import_models import ImportBatch
from tidu.registry.imports import jobs
from tidu.registry.imports.actions import (
    check_import,
    columns_of,
    commit_import,
    decide_rows,
    discard_import,
    resume_import,
    undo_import,
)
from tidu.registry.imports.files import fit_name, prepared_path
from tidu.registry.models import CurrentFacts, Enterprise, Filing
from tidu.registry.precedence import current_entries
from tidu.registry.queries import enterprises_of
from tidu.registry.searching import matching

pytestmark = pytest.mark.django_db


def sentences(batch: ImportBatch) -> list[str]:
    return [Problem(**each).sentence() for each in batch.summary["problems"]]


# -- upload ------------------------------------------------------------------------


def test_an_upload_keeps_the_file_and_reads_its_columns():
    by = somebody()
    content = table(firm_line(1))

    batch = upload(content, by, name="../摸底 表.csv")

    assert batch.state == ImportState.UPLOADED
    assert batch.file_name == "摸底 表.csv"
    with open_blob(batch.blob) as file:
        assert file.read() == content
    found = columns_of(batch)
    assert [each.fact for each in found] == [
        "uscc",
        "name",
        "territory",
        "revenue",
        "employees",
    ]
    assert found[3].sample == ["6000"]
    event = Event.objects.get(action="registry.import_uploaded")
    assert event.data["sha256"] == batch.blob.sha256


def test_the_same_file_twice_is_kept_once():
    by = somebody()

    one, two = upload(table(firm_line(1)), by), upload(table(firm_line(1)), by)

    assert one.blob_id == two.blob_id


def test_an_upload_that_is_no_table_is_refused_by_its_own_name():
    with pytest.raises(UnreadableFile) as caught:
        upload(b"\xd0\xcf\x11\xe0" + b"\0" * 100, somebody(), name="old.xls")

    assert str(caught.value).startswith("old.xls ")
    assert not ImportBatch.objects.exists()


def test_a_zip_bomb_is_refused():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * (60 << 20))

    with pytest.raises(UnreadableFile, match="压缩炸弹"):
        upload(packed.getvalue(), somebody(), name="bomb.xlsx")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("firms.csv", "firms.csv"),
        ("..\\..\\etc\\firms.XLSX", "firms.xlsx"),
        ("a/b\0c.csv", "b_c.csv"),
        ("", "file"),
        ("...", "file"),
    ],
)
def test_file_names_lose_what_is_dangerous(given, kept):
    assert fit_name(given) == kept


def test_observers_and_enterprises_may_not_upload():
    for user in (officer(role=Role.OBSERVER), owner_of(EnterpriseFactory())):
        with pytest.raises(Refused):
            upload(table(firm_line(1)), acting(user))


def test_rows_cannot_be_given_to_another_territory():
    with pytest.raises(Refused, match="990102"):
        upload(table(firm_line(1)), somebody("990101"), territory="990102")


# -- check -------------------------------------------------------------------------


def test_a_check_counts_and_writes_nothing():
    by = somebody()
    known = EnterpriseFactory(
        uscc=code(1),
        name="示范虚构导入1号有限公司",
        facts={"revenue@2025": "50000000.00", "employees@2025": 50},
    )

    batch = checked(table(firm_line(1), firm_line(2), firm_line(3, revenue="六千")), by)

    assert batch.state == ImportState.CHECKED, batch.message
    assert (batch.rows, batch.readable, batch.new, batch.known) == (3, 2, 1, 1)
    assert (batch.errors, batch.warnings) == (1, 0)
    assert (batch.summary["changed"], batch.summary["added"]) == (1, 0)
    assert Enterprise.objects.get() == known
    assert Filing.objects.count() == 1
    assert "第4行" in sentences(batch)[0]
    assert "2025年营业收入(万元)" in sentences(batch)[0]


def test_a_row_outside_the_territory_is_an_error_at_its_cell():
    batch = checked(table(firm_line(1, territory="990102")), somebody("990101"))

    assert (batch.readable, batch.errors) == (0, 1)
    assert sentences(batch) == [
        "错误：firms.csv 第2行 “行政区划代码”列：“990102”不在本单位的区划内；"
        "没有导入；请改正区划代码，或请所在地导入。"
    ]


def test_a_city_takes_the_rows_of_its_counties():
    lines = firm_line(1, territory="990102"), firm_line(2, territory="990103")

    batch = committed(table(*lines), somebody("990100"))

    assert batch.summary["entered"] == 2


def test_a_firm_known_in_another_county_is_an_error():
    EnterpriseFactory(uscc=code(1), territory="990102")

    batch = checked(table(firm_line(1)), somebody("990101"))

    assert (batch.readable, batch.known) == (0, 0)
    assert "已由别的区划入库" in sentences(batch)[0]


def test_another_name_under_a_known_code_is_told_and_not_taken():
    firm = EnterpriseFactory(uscc=code(1), name="示范虚构旧名有限公司")

    batch = committed(table(firm_line(1)), somebody())

    assert batch.warnings == 1
    assert "库里的名称是“示范虚构旧名有限公司”" in sentences(batch)[0]
    firm.refresh_from_db()
    assert firm.name == "示范虚构旧名有限公司"
    assert firm.current.entries["revenue@2025"]["value"] == "60000000.00"


def test_a_closed_firm_is_an_error_with_the_reason():
    by = somebody()
    firm = EnterpriseFactory(uscc=code(1))
    close_enterprise(enterprise=firm, reason="已注销", by=by)

    batch = checked(table(firm_line(1)), by)

    assert batch.readable == 0
    assert "已出库（已注销）" in sentences(batch)[0]


def test_namesakes_without_a_code_are_an_error():
    lines = [",示范虚构甲有限公司,990101,1,1", ",示范虚构甲有限公司,990101,2,2"]

    batch = checked(table(*lines), somebody())

    assert (batch.new, batch.readable) == (1, 1)
    assert any("与第2行同名" in each for each in sentences(batch))


def test_a_row_without_name_and_known_code_is_an_error():
    batch = checked(table(f"{code(1)},,990101,1,1"), somebody())

    assert "表里也没有名称" in sentences(batch)[0]


def test_a_file_without_a_known_column_can_be_mapped_by_a_person():
    by = somebody()
    content = f"代号,叫什么,卖了多少\n{code(1)},示范虚构甲有限公司,60\n".encode()
    batch = upload(content, by)
    assert [each.fact for each in columns_of(batch)] == ["", "", ""]
    choices = {
        "代号": {"fact": "uscc", "year": None, "unit": ""},
        "叫什么": {"fact": "name", "year": None, "unit": ""},
        "卖了多少": {"fact": "revenue", "year": 2024, "unit": "亿元"},
    }

    run(check_import, batch=batch, choices=choices, by=by)
    batch.refresh_from_db()
    run(commit_import, batch=batch, by=by)

    entries = CurrentFacts.objects.get().entries
    assert entries["revenue@2024"]["value"] == "6000000000.00"
    again = upload(content.replace(b"60", b"70"), by)
    assert again.columns == choices  # remembered for this header
    assert upload(content, somebody()).columns is None  # but not for others


def test_an_import_is_checked_by_its_own_office_only():
    batch = upload(table(firm_line(1)), somebody())

    with pytest.raises(Refused, match="另一个单位"):
        check_import(batch=batch, choices={}, by=somebody())


# -- who is meant ------------------------------------------------------------------


def test_a_known_name_waits_for_a_person_and_is_left_out_until_then():
    by = somebody()
    firm = EnterpriseFactory(name="示范虚构甲（集团）有限公司", uscc=None)
    line = f"{code(9)},示范虚构甲(集团)有限公司,990101,6000,50"

    batch = committed(table(line, firm_line(2)), by)

    assert batch.summary["waiting"] == 1
    assert (batch.summary["entered"], batch.summary["left"]) == (1, 1)
    assert not Filing.objects.filter(enterprise=firm).exists()


@pytest.mark.parametrize("choice", [SameFirm.SAME, SameFirm.NEW, SameFirm.SKIP])
def test_a_person_decides_who_a_row_is(choice):
    by = somebody()
    firm = EnterpriseFactory(name="示范虚构甲有限公司", uscc=None)
    batch = checked(table(f"{code(9)},示范虚构甲有限公司,990101,6000,50"), by)
    waiting = batch.decisions.get()
    assert waiting.candidate == firm

    decide_rows(batch=batch, decided={waiting.line: choice}, by=by)
    run(commit_import, batch=batch, by=by)

    firm.refresh_from_db()
    filed = Filing.objects.filter(enterprise=firm).count()
    expected = {SameFirm.SAME: (1, 1), SameFirm.NEW: (0, 2), SameFirm.SKIP: (0, 1)}
    assert (filed, Enterprise.objects.count()) == expected[choice]
    assert firm.uscc == (code(9) if choice == SameFirm.SAME else None)


def test_a_firm_of_that_name_elsewhere_is_not_offered():
    EnterpriseFactory(name="示范虚构甲有限公司", uscc=None, territory="990102")

    batch = checked(table(",示范虚构甲有限公司,990101,6000,50"), somebody("990101"))

    assert (batch.summary["waiting"], batch.new) == (0, 1)


# -- commit ------------------------------------------------------------------------


def test_a_commit_writes_firms_filings_and_what_is_in_force():
    by = somebody()

    batch = committed(table(*(firm_line(n) for n in range(1, 6))), by)

    assert batch.state == ImportState.COMMITTED, batch.message
    assert (batch.done, batch.summary["entered"]) == (5, 5)
    firm = Enterprise.objects.get(uscc=code(3))
    assert (firm.territory, firm.entered_with) == ("990101", batch)
    filing = firm.filings.get()
    assert filing.entries["revenue@2025"] == {
        "value": "60000000.00",
        "place": "firms.csv 第4行",
    }
    assert filing.filed_by == by.name
    assert firm.current.entries == current_entries([filing])
    assert list(matching(enterprises_of(by), "导入3号")) == [firm]
    assert Event.objects.filter(action="registry.import_committed").count() == 1


def test_a_commit_obeys_precedence_and_counts_conflicts():
    by = somebody()
    firm = EnterpriseFactory(uscc=code(1), facts={"revenue@2025": "50000000.00"})

    committed(table(firm_line(1)), by)

    current = CurrentFacts.objects.get(enterprise=firm)
    assert current.entries["revenue@2025"]["value"] == "50000000.00"
    assert current.entries["revenue@2025"]["conflict"] is True
    assert current.entries["employees@2025"]["value"] == 50
    assert current.conflicts == 1


def test_the_same_amount_written_otherwise_is_no_conflict():
    firm = EnterpriseFactory(uscc=code(1), facts={"revenue@2025": "60000000"})

    batch = committed(table(firm_line(1)), somebody())

    assert batch.summary["changed"] == 0
    assert CurrentFacts.objects.get(enterprise=firm).conflicts == 0


def test_a_commit_that_stopped_goes_on_from_its_last_chunk(monkeypatch):
    by = somebody()
    monkeypatch.setattr(jobs, "CHUNK", 2)
    batch = checked(table(*(firm_line(n) for n in range(1, 8))), by)
    whole = prepared_path(batch).read_text()
    lines = whole.splitlines()
    prepared_path(batch).write_text("\n".join([*lines[:5], lines[5][:9]]))
    run(commit_import, batch=batch, by=by)
    batch.refresh_from_db()
    assert (batch.state, batch.done) == (ImportState.FAILED, 4)
    assert "JSONDecodeError" in batch.message
    assert Enterprise.objects.count() == 4
    prepared_path(batch).write_text(whole)

    run(resume_import, batch=batch, by=by)

    batch.refresh_from_db()
    assert (batch.state, batch.done) == (ImportState.COMMITTED, 7)
    assert batch.summary["entered"] == 7
    assert Enterprise.objects.count() == Filing.objects.count() == 7


def test_prepared_lines_that_were_lost_are_made_again():
    by = somebody()
    batch = checked(table(firm_line(1), firm_line(2)), by)
    prepared_path(batch).unlink()

    run(commit_import, batch=batch, by=by)

    assert Enterprise.objects.count() == 2


def test_a_run_that_lost_its_job_is_refused():
    by = somebody()
    batch = checked(table(firm_line(1)), by)
    ImportBatch.objects.filter(pk=batch.pk).update(
        state=ImportState.COMMITTING, worker="another"
    )
    batch.refresh_from_db()

    with pytest.raises(jobs.Superseded):
        jobs.commit(batch, "mine")

    assert not Enterprise.objects.exists()


def test_only_silent_imports_are_taken_up(django_capture_on_commit_callbacks):
    by = somebody()
    batch = checked(table(firm_line(1)), by)
    commit_import(batch=batch, by=by)  # its job never starts
    assert jobs.stalled_imports() == []
    ImportBatch.objects.filter(pk=batch.pk).update(touched_at=None)

    jobs.resume_imports.call_local()

    batch.refresh_from_db()
    assert batch.state == ImportState.COMMITTED


def test_nothing_is_committed_before_it_is_checked_or_twice():
    by = somebody()
    batch = upload(table(firm_line(1)), by)
    with pytest.raises(Refused, match="已上传"):
        commit_import(batch=batch, by=by)
    batch = committed(table(firm_line(1)), by)
    with pytest.raises(Refused, match="已导入"):
        commit_import(batch=batch, by=by)


def test_a_discarded_import_can_do_nothing_more():
    by = somebody()
    batch = checked(table(firm_line(1)), by)

    run(discard_import, batch=batch, by=by)

    assert not prepared_path(batch).exists()
    with pytest.raises(Refused, match="已放弃"):
        commit_import(batch=batch, by=by)


# -- undo --------------------------------------------------------------------------


def test_an_undone_import_leaves_what_was_there_before():
    by = somebody()
    firm = EnterpriseFactory(uscc=code(1), facts={"employees@2025": 40})
    before = CurrentFacts.objects.get(enterprise=firm).entries
    batch = committed(table(firm_line(1), firm_line(2), firm_line(3)), by)
    with_account = Enterprise.objects.get(uscc=code(2))
    owner_of(with_account)
    later = Enterprise.objects.get(uscc=code(3))
    file_facts(
        enterprise=later,
        entries={"employees@2025": {"value": 60}},
        source=FilingSource.CORRECTION,
        by=by,
    )

    run(undo_import, batch=batch, by=by)

    batch.refresh_from_db()
    assert batch.state == ImportState.UNDONE, batch.message
    assert CurrentFacts.objects.get(enterprise=firm).entries == before
    assert Filing.objects.filter(batch=batch, withdrawn_at=None).count() == 0
    with_account.refresh_from_db()
    later.refresh_from_db()
    assert (with_account.closed_at, later.closed_at) == (None, None)
    assert list(later.current.entries) == ["employees@2025"]
    assert Event.objects.filter(action="registry.import_undone").count() == 1


def test_firms_that_only_the_import_entered_are_closed_and_come_back():
    by = somebody()
    batch = committed(table(firm_line(1)), by)
    run(undo_import, batch=batch, by=by)
    firm = Enterprise.objects.get()
    assert firm.closed_reason == "撤回导入：firms.csv"
    assert firm.current.entries == {}

    again = committed(table(firm_line(1, revenue="7000")), by)

    firm.refresh_from_db()
    assert (firm.closed_at, firm.entered_with) == (None, again)
    assert firm.current.entries["revenue@2025"]["value"] == "70000000.00"


def test_a_firm_somebody_closed_does_not_come_back_by_itself():
    by = somebody()
    batch = committed(table(firm_line(1)), by)
    firm = Enterprise.objects.get()
    close_enterprise(enterprise=firm, reason="已注销", by=by)
    run(undo_import, batch=batch, by=by)

    again = checked(table(firm_line(1)), by)

    assert again.readable == 0


def test_only_a_committed_import_is_undone():
    by = somebody()
    batch = checked(table(firm_line(1)), by)

    with pytest.raises(Refused, match="待确认"):
        undo_import(batch=batch, by=by)
