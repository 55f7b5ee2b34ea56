"""A decision gives the same again by the packs of its day, whatever has changed since."""

import pytest

from tests.unit.casework.cases import SRDI, call, fill, firm, office
from tidu.casework.actions import start_case, submit_case
from tidu.casework.models import PackArchive
from tidu.casework.replaying import replay_case
from tidu.rules.archive import archived_files, digest_of_files, library_of
from tidu.rules.errors import PackError
from tidu.rules.library import default_library

pytestmark = pytest.mark.django_db


def other_packs(old, new):
    """Today's packs with one value written otherwise."""
    files = archived_files()
    name = next(
        n for n in files if n.endswith("national/schemes/srdi_sme/2026-04-01.yaml")
    )
    assert old in files[name]
    files[name] = files[name].replace(old, new)
    return PackArchive.objects.create(digest=digest_of_files(files), files=files)


def submit_under(packs=None):
    office("county")
    opened = call()
    if packs is not None:
        opened.packs = packs
        opened.save(update_fields=["packs"])
    enterprise, by = firm({**SRDI, "srdi_score@2026": "55"})
    case = start_case(opened=opened, enterprise=enterprise, by=by)
    fill(case, by)
    submit_case(case=case, by=by, seen=case.counter)
    return case


def test_by_the_same_packs_it_is_the_same_to_the_letter():
    found = replay_case(submit_under())

    assert found.equal
    assert not found.today_differs
    assert "也一样" in found.sentence


def test_one_value_changed_since_changes_nothing_decided_and_names_the_packs():
    packs = other_packs("50分", "60分")
    case = submit_under(packs)

    found = replay_case(case)

    assert found.equal
    assert found.today_differs
    assert (found.then["outcome"], found.now["outcome"]) == ("unmet", "manual")
    assert packs.digest[:12] in found.sentence


def test_a_record_that_was_tampered_with_is_found():
    case = submit_under()
    case.assessment.entries["srdi_score@2026"]["value"] = "99"

    found = replay_case(case)

    assert not found.equal
    assert "请报告" in found.sentence


def test_an_archive_gives_the_same_packs():
    again = library_of(archived_files())

    for place in ("", "990101"):
        known = default_library().for_territory(place)
        assert again.for_territory(place).digest == known.digest


def test_an_archive_writes_nothing_outside():
    with pytest.raises(PackError, match="不该有的路径"):
        library_of({"../national/pack.yaml": "id: x"})
