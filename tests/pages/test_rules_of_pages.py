"""Every page says who may see it, and keeps to it for every role."""

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.factories import EnterpriseFactory, UserFactory, acting, officer, owner_of
from tests.unit.casework.reviews import expert
from tidu.accounts.actors import PUBLIC
from tidu.accounts.enums import Role

GUARDED = ("account/", "admin/", "api/")  # by libraries, or by tokens (test_api.py)


def patterns(resolver: URLResolver, prefix: str = "") -> list[tuple[str, URLPattern]]:
    found = []
    for each in resolver.url_patterns:
        address = prefix + str(each.pattern)
        if isinstance(each, URLResolver):
            found += patterns(each, address)
        else:
            found.append((address, each))
    return found


def pages() -> list[tuple[str, URLPattern]]:
    return [
        (address, each)
        for address, each in patterns(get_resolver())
        if hasattr(each.callback, "rule") or not address.startswith(GUARDED)
    ]


def plain_pages() -> list[str]:
    """Names of pages whose address takes nothing."""
    return sorted(e.name for address, e in pages() if "<" not in address)


@pytest.fixture
def people(db):
    firm = EnterpriseFactory(facts={"revenue@2025": "60000000.00"})
    return {
        "public": None,
        "nobody's": UserFactory(),
        "owner": owner_of(firm),
        "filer": owner_of(firm, Role.FILER),
        "officer": officer("990101"),
        "observer": officer("990102", Role.OBSERVER),
        "administrator": officer("990103", Role.ADMINISTRATOR),
        "expert": expert().user,
        "superuser": UserFactory(is_superuser=True, is_staff=True),
    }


def test_each_page_has_a_rule():
    found = pages()

    assert found
    assert [address for address, e in found if not hasattr(e.callback, "rule")] == []


@pytest.mark.parametrize("name", plain_pages())
def test_each_page_keeps_to_its_rule_for_every_role(name, people, client):
    url = reverse(name)
    rule = next(e.callback.rule for _address, e in pages() if e.name == name)

    for who, user in people.items():
        client.logout()
        if user:
            client.force_login(user)
        allowed = bool(rule(acting(user) if user else PUBLIC))
        answer = client.get(url)
        if allowed:
            assert answer.status_code in {200, 302, 404, 405}, (name, who)
        elif user is None:
            assert answer.status_code == 302, (name, who)
            assert "/account/login/" in answer["Location"], (name, who)
        else:
            assert answer.status_code == 403, (name, who)
