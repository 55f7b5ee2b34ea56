"""A folder of files takes its place as a whole or not at all."""

from __future__ import annotations

import pytest

from tidu.bulk.manifest import SnapshotError
from tidu.bulk.storing import whole_folder


def fill(part, text):
    part.mkdir()
    (part / "part-0").write_text(text, encoding="utf-8")


def test_a_new_folder_takes_its_place(tmp_path):
    out = tmp_path / "out"
    with whole_folder(out) as part:
        fill(part, "new")
        assert not out.exists()
    assert (out / "part-0").read_text(encoding="utf-8") == "new"
    assert list(tmp_path.iterdir()) == [out]


def test_an_earlier_folder_is_replaced_whole(tmp_path):
    out = tmp_path / "out"
    fill(out, "old")
    (out / "part-1").write_text("old", encoding="utf-8")
    with whole_folder(out) as part:
        fill(part, "new")
    assert [each.name for each in out.iterdir()] == ["part-0"]
    assert list(tmp_path.iterdir()) == [out]


def test_an_earlier_file_is_replaced_too(tmp_path):
    out = tmp_path / "out"
    out.write_text("old", encoding="utf-8")
    with whole_folder(out) as part:
        fill(part, "new")
    assert (out / "part-0").read_text(encoding="utf-8") == "new"
    assert list(tmp_path.iterdir()) == [out]


def test_an_error_leaves_the_earlier_folder_and_nothing_else(tmp_path):
    out = tmp_path / "out"
    fill(out, "old")

    def fail():
        with whole_folder(out) as part:
            fill(part, "half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert (out / "part-0").read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [out]


def test_a_folder_that_cannot_be_moved_is_one_sentence(tmp_path):
    out = tmp_path / "none" / "out"
    with pytest.raises(SnapshotError) as caught, whole_folder(out):
        pass
    assert str(caught.value) == (
        f"写不出 {out}（No such file or directory）；请检查文件夹和权限"
    )
