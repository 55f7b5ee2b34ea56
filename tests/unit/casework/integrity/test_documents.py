"""Equal files at unrelated firms, and files that everybody may have."""

import pytest

from tests.unit.casework.integrity.applying import application, cases
from tidu.casework.integrity.applications import FiledDocument
from tidu.casework.integrity.documents import reused_documents
from tidu.casework.integrity.limits import DEFAULT

TEST = FiledDocument("a" * 64, "检测报告")


def holding(*documents, count=2, **parts):
    return [
        application(f"C{n:02d}", documents=documents, **parts) for n in range(count)
    ]


def found(applications):
    return list(reused_documents(applications, DEFAULT))


def test_one_file_at_two_unrelated_firms_is_told_at_both():
    signals = found(holding(TEST))

    assert cases(signals) == ["C00", "C01"]
    assert signals[0].related == ("C01",)
    assert signals[0].seen.sentence() == (
        "文件“检测报告”与另外1家互无关联的企业所交文件逐字节相同"
    )
    assert signals[0].places[0].where == f"documents/{TEST.sha256}"


def test_different_files_and_one_firms_own_are_not():
    alone = application("C09", documents=(FiledDocument("b" * 64, "检测报告"), TEST))

    assert found([alone, *holding(FiledDocument("c" * 64, "检测报告"), count=1)]) == []


def test_a_confirmed_group_shares_its_papers():
    assert found(holding(TEST, group="G")) == []


def test_a_text_confirmed_as_public_in_one_case_is_so_in_all():
    public = FiledDocument(TEST.sha256, "公开标准", public=True)

    assert found([*holding(TEST), application("C09", documents=(public,))]) == []


@pytest.mark.parametrize(
    ("parties", "told"),
    [
        (frozenset({"EC00", "EC01"}), False),
        (frozenset({"EC00", "another"}), True),
        (frozenset(), True),
        (None, True),
    ],
)
def test_a_contract_that_names_both_firms_is_common_to_them(parties, told):
    contract = FiledDocument("d" * 64, "合同", parties=parties)

    assert bool(found(holding(contract))) is told


def test_a_file_that_very_many_have_is_told_last():
    wide = found(holding(TEST, count=25))

    assert len(wide) == 25
    assert "与另外24家" in wide[0].seen.sentence()
    assert wide[0].related == ()
    assert wide[0].tie is None
    assert wide[0].strength < 0.1 < found(holding(TEST, count=24))[0].strength


def test_more_files_in_common_are_stronger():
    more = holding(
        TEST, FiledDocument("b" * 64, "合同"), FiledDocument("c" * 64, "专利")
    )

    assert found(more)[0].strength > found(holding(TEST))[0].strength
    assert all(
        word in found(more)[0].seen.sentence() for word in ("合同", "专利", "检测报告")
    )
