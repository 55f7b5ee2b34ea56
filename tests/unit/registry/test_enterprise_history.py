"""Writes to one enterprise: identity, titles, closing, merging."""

import pytest

from tests.factories import EnterpriseFactory, acting, officer, owner_of
from tests.unit.registry.firms import DAY, titled
from tests.unit.registry.importing import code, somebody
from tidu.accounts.verdicts import Refused
from tidu.audit.models import Event
from tidu.audit.queries import check_chain
from tidu.registry.actions import (
    IdentityTaken,
    change_identity,
    close_enterprise,
    file_facts,
    reopen_enterprise,
)
from tidu.registry.duplicate_models import ToldApart
from tidu.registry.duplicates import suggestions, tell_apart
from tidu.registry.enums import FilingSource, IdentityKind
from tidu.registry.mergers import merge_enterprises, undo_merger
from tidu.registry.models import CurrentFacts
from tidu.registry.queries import enterprises_of
from tidu.registry.searching import matching
from tidu.registry.titles import record_title, revoke_title

pytestmark = pytest.mark.django_db


def test_a_code_of_another_firm_is_refused():
    EnterpriseFactory(uscc=code(1))
    firm = EnterpriseFactory(uscc=code(2))

    with pytest.raises(IdentityTaken, match=code(1)):
        change_identity(
            enterprise=firm,
            kind=IdentityKind.USCC,
            value=code(1),
            source="虚构",
            by=somebody(),
        )


def test_every_write_is_refused_to_another_territory():
    firm = EnterpriseFactory(territory="990101")
    stranger = somebody("990102")
    title = titled(firm, somebody())

    for action, given in (
        (change_identity, {"kind": IdentityKind.NAME, "value": "新", "source": "虚构"}),
        (close_enterprise, {"reason": "虚构"}),
        (reopen_enterprise, {"reason": "虚构"}),
        (file_facts, {"entries": {}, "source": FilingSource.CORRECTION}),
        (
            record_title,
            {
                "scheme": "srdi_sme",
                "valid_from": DAY,
                "valid_until": None,
                "source": "虚构",
            },
        ),
    ):
        with pytest.raises(Refused):
            action(enterprise=firm, by=stranger, **given)
    with pytest.raises(Refused):
        revoke_title(title=title, on=DAY, reason="虚构", by=stranger)


def test_the_firms_own_people_do_not_close_it():
    firm = EnterpriseFactory()
    owner = acting(owner_of(firm))

    with pytest.raises(Refused):
        close_enterprise(enterprise=firm, reason="虚构", by=owner)


def test_a_title_is_revoked_for_a_reason():
    by = somebody()
    title = titled(EnterpriseFactory(), by)

    revoke_title(title=title, on=DAY, reason="数据造假（虚构）", by=by)

    title.refresh_from_db()
    assert (title.revoked_on, title.revoked_reason) == (DAY, "数据造假（虚构）")
    assert Event.objects.filter(action="registry.title_revoked").count() == 1


def test_two_entries_become_one_and_two_again():
    by = somebody()
    kept = EnterpriseFactory(name="示范虚构甲有限公司", uscc=None)
    twin = EnterpriseFactory(
        name="示范虚构乙有限公司", uscc=code(2), facts={"employees@2025": 9}
    )
    titled(kept, by)
    both = titled(twin, by)
    own = titled(twin, by, "little_giant")

    merger = merge_enterprises(kept=kept, duplicate=twin, source="核对执照", by=by)

    kept.refresh_from_db()
    twin.refresh_from_db()
    assert (kept.uscc, twin.uscc, twin.merged_into) == (code(2), None, kept)
    assert CurrentFacts.objects.get(pk=kept.pk).entries["employees@2025"]["value"] == 9
    assert CurrentFacts.objects.get(pk=twin.pk).entries == {}
    assert {t.scheme for t in kept.titles.all()} == {"srdi_sme", "little_giant"}
    assert list(twin.titles.all()) == [both]  # the kept one has the same
    assert list(matching(enterprises_of(by), "虚构乙")) == [kept]
    events = Event.objects.filter(action="registry.enterprises_merged")
    assert {e.object_id for e in events} == {str(kept.pk), str(twin.pk)}

    undo_merger(merger=merger, by=by)

    kept.refresh_from_db()
    twin.refresh_from_db()
    own.refresh_from_db()
    assert (kept.uscc, twin.uscc, twin.merged_into) == (None, code(2), None)
    assert own.enterprise == twin
    assert set(CurrentFacts.objects.get(pk=kept.pk).entries) == {"holds_srdi"}
    assert set(CurrentFacts.objects.get(pk=twin.pk).entries) == {
        *("employees@2025", "holds_srdi", "holds_little_giant")
    }
    assert not kept.former.exists()
    assert list(matching(enterprises_of(by), "虚构乙")) == [twin]
    assert check_chain().whole


def test_a_merged_or_closed_entry_is_not_merged_again():
    by = somebody()
    one, two, three = (EnterpriseFactory() for _ in range(3))
    merge_enterprises(kept=one, duplicate=two, source="虚构", by=by)
    close_enterprise(enterprise=three, reason="虚构", by=by)

    for other in (two, three, one):
        other.refresh_from_db()
        with pytest.raises(Refused):
            merge_enterprises(kept=one, duplicate=other, source="虚构", by=by)


def test_merging_needs_both_territories():
    here = EnterpriseFactory(territory="990101")
    there = EnterpriseFactory(territory="990102")

    with pytest.raises(Refused):
        merge_enterprises(kept=here, duplicate=there, source="虚构", by=somebody())
    city = acting(officer("990100"))
    assert merge_enterprises(kept=here, duplicate=there, source="虚构", by=city)


def test_suggestions_name_their_reason():
    by = somebody()
    one = EnterpriseFactory(name="示范虚构甲有限公司", uscc=code(1))
    same = EnterpriseFactory(name="示范虚构甲有限 公司", uscc=code(2))
    near = EnterpriseFactory(uscc=f"{code(1)[:-1]}?")
    EnterpriseFactory(name="示范虚构甲有限公司", territory="990102")

    found = {(s.one.pk, s.other.pk): s.reason for s in suggestions(by)}

    assert found[one.pk, same.pk] == "名称相同"
    assert found[one.pk, near.pk] == "信用代码只差一个字符"
    assert {pk for pair in found for pk in pair} <= {one.pk, same.pk, near.pk}


def test_a_pair_told_apart_does_not_come_back():
    by = somebody()
    one, two, three = (EnterpriseFactory(name="示范虚构甲有限公司") for _ in range(3))

    for _time in range(2):
        tell_apart(one=two, other=one, source="核对执照", by=by)

    found = {(s.one.pk, s.other.pk) for s in suggestions(by)}
    assert found == {(one.pk, three.pk), (two.pk, three.pk)}
    events = Event.objects.filter(action="registry.enterprises_told_apart")
    assert {e.object_id for e in events} == {str(one.pk), str(two.pk)}
    assert events.count() == 2


def test_who_does_not_answer_for_both_tells_nothing_apart():
    here, there = EnterpriseFactory(), EnterpriseFactory(territory="990102")

    with pytest.raises(Refused):
        tell_apart(one=here, other=there, source="虚构", by=somebody())
    assert not ToldApart.objects.exists()
