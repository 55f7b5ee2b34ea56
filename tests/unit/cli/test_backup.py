"""A backup is rehearsed: made while the site writes, restored, and equal to the letter."""

import itertools
import json
import shutil
import tarfile

import psycopg
import pytest

from tests.agreement.engines import postgres_server
from tests.unit.cli.installations import FILL, Installation
from tidu.cli import archives
from tidu.cli.archives import ArchiveError, ArchiveWriter

CONSISTENT = """
from tidu.cli.site import start_django
start_django()
from tidu.audit.models import Event
from tidu.audit.queries import check_chain
from tidu.registry.models import Filing
events = Event.objects.filter(action="registry.facts_filed").count()
filings = Filing.objects.exclude(filed_by="虚构人员").count()
print(check_chain().whole, events == filings, filings > 0)
"""


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def place(request, tmp_path_factory):
    """Gives installations of one kind, each with a home and a database of its own."""
    folder = tmp_path_factory.mktemp(request.param)
    numbers = itertools.count(1)
    if request.param == "sqlite":
        yield lambda: Installation(folder / f"home{next(numbers)}")
        return
    with postgres_server(folder / "postgres") as uri:

        def make():
            name = f"home{next(numbers)}"
            with psycopg.connect(uri, autocommit=True) as connection:
                connection.execute(f"CREATE DATABASE {name}".encode())
            return Installation(folder / name, uri.replace("/postgres?", f"/{name}?"))

        yield make


@pytest.fixture(scope="module")
def filled(place):
    """An installation with firms, evidence and a person."""
    found = place()
    found.script(FILL)
    return found


@pytest.fixture(scope="module")
def archive(filled, tmp_path_factory):
    """A backup made while another process files figures."""
    path = tmp_path_factory.mktemp("backups") / "tidu.tar"
    with filled.writing():
        ran = filled.tidu("backup", "-o", path)
    assert ran.returncode == 0, ran.stderr
    return path


@pytest.fixture(scope="module")
def copy(archive, place):
    """What was restored from the backup, and how that ended."""
    return restored(archive, place)


def restored(archive, place):
    target = place()
    ran = target.tidu("restore", archive, "--into", target.home)
    return target, ran


def test_a_backup_made_while_the_site_writes_restores_to_one_moment(copy):
    target, ran = copy

    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "佐证材料：20份，齐全" in ran.stdout
    assert target.script(CONSISTENT).split() == ["True", "True", "True"]


def test_a_quiet_backup_restores_to_the_letter(filled, place, tmp_path):
    ran = filled.tidu("backup", "-o", tmp_path)
    assert ran.returncode == 0, ran.stderr
    (archive,) = tmp_path.glob("tidu-*.tar")
    target, ran = restored(archive, place)

    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert target.content() == filled.content()
    assert (target.home / "secret_key").read_text() == (
        filled.home / "secret_key"
    ).read_text()
    kept = {p.name: p.read_bytes() for p in evidence_files(filled)}
    assert {p.name: p.read_bytes() for p in evidence_files(target)} == kept
    assert target.tidu("doctor").returncode == 0
    assert archive.stat().st_mode & 0o777 == 0o600


def evidence_files(installation):
    found = [p for p in (installation.home / "evidence").rglob("*") if p.is_file()]
    return [p for p in found if not p.name.startswith(".")]


def test_the_doctor_misses_evidence_that_is_gone(copy):
    target, _ran = copy
    evidence_files(target)[0].unlink()

    ran = target.tidu("doctor")

    assert ran.returncode == 1
    assert "佐证材料：20份，缺1份" in ran.stdout


def test_a_home_with_something_in_it_is_refused(archive, place):
    target = place()
    target.home.mkdir()
    (target.home / "letter.txt").write_text("mine", encoding="utf-8")

    ran = target.tidu("restore", archive, "--into", target.home)

    assert ran.returncode == 1
    assert "不是空的" in ran.stderr
    assert [p.name for p in target.home.iterdir()] == ["letter.txt"]


def test_a_database_with_something_in_it_is_refused(archive, filled, tmp_path):
    if not filled.url:
        pytest.skip("SQLite's database is in the home")
    home = tmp_path / "home"

    ran = filled.tidu("restore", archive, "--into", home)

    assert ran.returncode == 1
    assert "不是空的" in ran.stderr
    assert list(home.iterdir()) == []


def test_a_backup_of_the_other_kind_of_database_is_refused(archive, filled, tmp_path):
    other = Installation(tmp_path / "home", "" if filled.url else "postgresql://nobody")

    ran = other.tidu("restore", archive, "--into", other.home)

    assert ran.returncode == 1
    assert "DATABASE_URL" in ran.stderr
    assert not other.home.exists()


def rewritten(archive, target, change):
    """The same archive with another manifest."""
    manifest = archives.examine(archive)
    room = target.with_suffix(".room")
    archives.unpack(archive, room)
    about = json.loads(json.dumps(manifest.about))
    change(about)
    with ArchiveWriter(target) as writer:
        for name in manifest.members:
            writer.add(name, room / name)
        writer.finish(about)
    shutil.rmtree(room)
    return target


def newer_program(about):
    about["tidu"] = "99.0.0"


def newer_tables(about):
    about["database"]["migrations"]["registry"].append("9999_not_yet")


def fewer_rows(about):
    about["database"]["tables"]["registry_enterprise"] += 1


def other_chain(about):
    about["database"]["chain"][1] = "0" * 64


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (newer_program, "更新的 tidu 99.0.0"),
        (newer_tables, "registry.9999_not_yet"),
        (fewer_rows, "registry_enterprise"),
        (other_chain, "审计链"),
    ],
    ids=lambda each: getattr(each, "__name__", ""),
)
def test_what_this_program_cannot_restore_leaves_nothing(
    archive, place, tmp_path, change, said
):
    target, ran = restored(rewritten(archive, tmp_path / "other.tar", change), place)

    assert ran.returncode == 1
    assert said in ran.stderr
    assert not target.home.exists() or list(target.home.iterdir()) == []


def test_a_flipped_byte_is_found_wherever_it_is(archive, tmp_path):
    damaged = tmp_path / "damaged.tar"
    with tarfile.open(archive) as tar:
        entries = [(e.offset, e.offset_data, e.size) for e in tar]
    assert entries
    for header, start, size in entries[:: max(1, len(entries) // 12)] + entries[-2:]:
        for at in {header, start, start + size // 2, start + size - 1}:
            content = bytearray(archive.read_bytes())
            content[at] ^= 0x20
            damaged.write_bytes(content)
            with pytest.raises(ArchiveError, match="请换一份备份"):
                archives.examine(damaged)


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 1.0])
def test_a_cut_end_is_found(archive, tmp_path, share):
    with tarfile.open(archive) as tar:
        *_, last = tar
    cut = tmp_path / "cut.tar"
    content = archive.read_bytes()
    end = last.offset_data + last.size - 1  # what follows is only padding
    cut.write_bytes(content[: int(end * share)])

    with pytest.raises(ArchiveError, match=r"不完整|已损坏"):
        archives.examine(cut)


def test_a_damaged_archive_leaves_nothing_behind(archive, place, tmp_path):
    cut = tmp_path / "cut.tar"
    cut.write_bytes(archive.read_bytes()[:-20_000])
    target, ran = restored(cut, place)

    assert ran.returncode == 1
    assert "Traceback" not in ran.stderr
    assert not target.home.exists()


def test_a_damaged_database_is_not_backed_up(place, tmp_path):
    target = place()
    if target.url:
        pytest.skip("PostgreSQL examines its own pages")
    target.script(FILL)
    path = target.home / "tidu.sqlite3"
    whole = path.read_bytes()
    for share in (0.02, 0.25, 0.5, 0.75):
        content = bytearray(whole)
        start = int(len(content) * share)
        content[start : start + 20_000] = b"\xff" * 20_000
        path.write_bytes(content)

        ran = target.tidu("backup", "-o", tmp_path)

        assert ran.returncode == 1
        assert "已损坏" in ran.stderr, share
        assert list(tmp_path.iterdir()) == []


def test_an_archive_is_never_written_over(archive, filled):
    before = archive.read_bytes()

    ran = filled.tidu("backup", "-o", archive)

    assert ran.returncode == 1
    assert "从不覆盖" in ran.stderr
    assert archive.read_bytes() == before


@pytest.mark.parametrize("name", ["../out.txt", "/out/out.txt", "a/../../out.txt"])
def test_an_archive_cannot_write_outside_of_its_folder(tmp_path, name):
    path = tmp_path / "trick.tar"
    with ArchiveWriter(path) as writer:
        writer.add_text(name, "trick")
        writer.finish({})

    with pytest.raises(ArchiveError, match="不该有的路径"):
        archives.unpack(path, tmp_path / "room")

    assert not (tmp_path / "out.txt").exists()


def test_an_archive_with_a_link_is_refused(tmp_path):
    path = tmp_path / "trick.tar"
    with tarfile.open(path, "w") as tar:
        entry = tarfile.TarInfo("evidence/link")
        entry.type = tarfile.SYMTYPE
        entry.linkname = "/etc/passwd"
        tar.addfile(entry)

    with pytest.raises(ArchiveError, match="不该有的内容"):
        archives.examine(path)


@pytest.mark.parametrize("content", [b"", b"not an archive", b"\0" * 2048])
def test_another_file_is_refused(tmp_path, content):
    path = tmp_path / "other.tar"
    path.write_bytes(content)

    with pytest.raises(ArchiveError, match=r"不完整|不是 tidu 的备份"):
        archives.examine(path)


def test_a_missing_home_is_told(tmp_path):
    ran = Installation(tmp_path / "nothing").tidu("backup", "-o", tmp_path)

    assert ran.returncode == 1
    assert "还没有数据库" in ran.stderr
