"""A sheet of experts: every cell that is wrong is named, and all is written or nothing."""

import csv

import pytest
from xlsxwriter import Workbook

from tests.factories import PASSWORD, UserFactory
from tests.unit.casework.cases import desk, office
from tests.unit.casework.reviews import CODE, acting_expert, expert
from tidu.accounts.models import Membership, User
from tidu.accounts.verdicts import Refused
from tidu.audit.models import Event
from tidu.casework.experts import ExpertError
from tidu.casework.pool_sheets import (
    COLUMNS,
    Effect,
    check_pool,
    commit_pool,
    read_pool,
)
from tidu.casework.review_models import Expert
from tidu.intake.problems import UnreadableFile

FIELDS = {"通用设备制造业": "34", "计算机、通信和其他电子设备制造业": "39"}
HEADS = [heads[0] for heads in COLUMNS.values()]
ROW = ["xuni1", "虚构甲", "虚构大学", CODE, "34", 12, "是"]


def book(folder, *rows, heads=HEADS):
    path = folder / "pool.xlsx"
    with Workbook(path) as made:
        sheet = made.add_worksheet("专家")
        for at, row in enumerate((heads, *rows)):
            sheet.write_row(at, 0, row)
    return path


def read(path):
    return read_pool(path, path.name, FIELDS)


def checked(path):
    rows, problems = read(path)
    return check_pool(rows, path.name, office("province"), problems)


def commit(check, by=None):
    by = by or desk("province")
    return commit_pool(check=check, file="pool.xlsx", digest="0" * 64, by=by)


def changed(**given):
    at = {kind: place for place, kind in enumerate(COLUMNS)}
    row = list(ROW)
    for kind, value in given.items():
        row[at[kind]] = value
    return row


def test_a_row_is_read_with_what_may_be_left_out(tmp_path):
    rows, problems = read(book(tmp_path, ["xuni1", "虚构甲", "虚构大学"]))

    assert problems == []
    (row,) = rows
    assert (row.row, row.cell) == (2, "A2")
    assert row.about().limit == 20
    assert (row.organisation_code, row.fields, row.active) == ("", [], True)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("34", ["34"]),
        ("C34、39", ["34", "39"]),
        ("通用设备制造业", ["34"]),
        ("39 计算机、通信和其他电子设备制造业；通用设备制造业", ["34", "39"]),
        ("C34 通用设备制造业", ["34"]),
    ],
)
def test_fields_are_codes_or_whole_names(tmp_path, text, codes):
    rows, problems = read(book(tmp_path, changed(fields=text)))

    assert problems == []
    assert rows[0].fields == codes


@pytest.mark.parametrize(
    ("given", "cell", "says"),
    [
        ({"username": ""}, "A2", "没有填写"),
        ({"username": "a b"}, "A2", "不能作用户名"),
        ({"name": "长" * 51}, "B2", "太长"),
        ({"organisation_name": ""}, "C2", "没有填写"),
        ({"organisation_code": CODE[:-1] + "0"}, "D2", "校验位不对"),
        ({"organisation_code": "330100000012345"}, "D2", "旧的注册号"),
        ({"fields": "炼金术"}, "E2", "不是国民经济行业大类"),
        ({"fields": "99"}, "E2", "不是国民经济行业大类"),
        ({"limit": 0}, "F2", "不是份数"),
        ({"limit": "许多"}, "F2", "不是份数"),
        ({"active": "也许"}, "G2", "看不懂"),
    ],
)
def test_a_wrong_cell_is_named_and_its_row_left_out(tmp_path, given, cell, says):
    rows, (problem,) = read(book(tmp_path, changed(**given)))

    assert rows == []
    assert problem.cell == cell
    assert says in problem.sentence()
    assert cell in problem.sentence(english=True)


def test_a_csv_and_english_heads_are_read_alike(tmp_path):
    path = tmp_path / "pool.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        heads = [said[-1] for said in COLUMNS.values()]
        csv.writer(file).writerows([["虚构名单"], heads, changed(active="No")])

    rows, problems = read(path)

    assert problems == []
    assert (rows[0].row, rows[0].active) == (3, False)


@pytest.mark.parametrize(
    ("heads", "rows", "says"),
    [
        (["姓名", "工作单位"], [["虚构甲", "虚构大学"]], "用户名"),
        (HEADS, [], "没有专家"),
    ],
)
def test_a_file_without_heads_or_rows_is_told(tmp_path, heads, rows, says):
    with pytest.raises(UnreadableFile, match=says):
        read(book(tmp_path, *rows, heads=heads))


@pytest.mark.django_db
def test_new_changed_and_unchanged_experts_are_told_apart(tmp_path):
    old, same = expert("虚构旧人", limit=5), expert("虚构同人", limit=6)
    rows = [
        ROW,
        [old.user.username.upper(), "虚构旧人", old.organisation_name, "", "34", 9],
        [same.user.username, "虚构同人", same.organisation_name, "", "34", 6, "是"],
    ]

    check = checked(book(tmp_path, *rows))

    assert [e.effect for e in check.rows] == [Effect.NEW, Effect.CHANGED, Effect.SAME]
    assert check.rows[1].changes == ("limit",)
    assert check.ready
    assert Expert.objects.count() == 2


@pytest.mark.django_db
def test_what_was_checked_is_written_at_once_and_audited(tmp_path):
    old = expert("虚构旧人", limit=5)
    rows = [ROW, [old.user.username, "虚构旧人", "虚构新单位", "", "34", 5, "否"]]
    check = checked(book(tmp_path, *rows))

    ((entered, password),) = commit(check)

    assert entered.confirmed_by
    assert entered.user.check_password(password)
    old.refresh_from_db()
    assert (old.organisation_name, old.active) == ("虚构新单位", False)
    event = Event.objects.get(action="casework.pool_imported")
    assert event.data["new"] == event.data["changed"] == 1
    assert checked(book(tmp_path, *rows)).count(Effect.SAME) == 2


@pytest.mark.django_db
def test_names_used_elsewhere_or_twice_stop_the_whole_file(tmp_path):
    UserFactory(username="Xuni9")
    rows = [ROW, changed(username="xuni9"), changed(username="XUNI1")]

    check = checked(book(tmp_path, *rows))

    assert [each.cell for each in check.problems] == ["A3", "A4"]
    assert "第2行" in check.problems[1].sentence()
    assert not check.ready
    with pytest.raises(ExpertError, match="重新上传"):
        commit(check)
    assert not Expert.objects.exists()


@pytest.mark.django_db
def test_one_row_that_fails_leaves_nothing_written(tmp_path):
    check = checked(book(tmp_path, ROW, changed(username="xuni2")))
    UserFactory(username="xuni2")  # somebody else came first

    with pytest.raises(Exception, match="已有人用"):
        commit(check)

    assert not Expert.objects.exists()
    assert not User.objects.filter(username="xuni1").exists()
    assert not Event.objects.filter(action="casework.pool_imported").exists()


@pytest.mark.django_db
def test_only_the_pool_s_office_imports(tmp_path):
    check = checked(book(tmp_path, ROW))
    one = expert()

    with pytest.raises(Refused):
        commit(check, by=acting_expert(one))


@pytest.mark.django_db
def test_a_one_time_password_must_be_changed(tmp_path):
    commit(checked(book(tmp_path, ROW)))

    user = User.objects.get(username="xuni1")
    assert user.must_change_password
    assert not user.check_password(PASSWORD)
    assert Membership.objects.filter(user=user).count() == 1
