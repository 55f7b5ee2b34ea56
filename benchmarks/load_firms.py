"""Fill a fresh installation with as many fictional firms as a province has.

2,000 firms are drawn and assessed by the rules, as ``tidu serve --demo`` does; the
others repeat their figures and standings under names, codes and places of their own,
so that 400,000 are there in minutes. One in eight has a former name.
"""

from __future__ import annotations

import itertools
import json
import random
import re
import sys
from collections.abc import Iterator
from typing import Any

import made_up_names

SEED = 20260901
DRAWN = 2000
FORMER = 8  # every which firm has a former name
CHUNK = 10_000
OFFICERS = ("province", "city")  # both see the firms of the city
QUESTIONS, LADDERS = 400, 5000


def main() -> None:
    """Fill the installation of ``TIDU_HOME``; write what users ask as JSON."""
    count = int(sys.argv[1])
    from tidu.cli import site  # noqa: PLC0415 - the home must be known first

    site.start_django()
    site.prepare()
    from tidu.cli import demonstration  # noqa: PLC0415 - app ready

    demonstration.load_demonstration(min(count, DRAWN))
    fill(count)
    tell_statistics()
    json.dump(questions(), sys.stdout, ensure_ascii=False)


def fill(count: int) -> None:
    """Enter firms until there are so many."""
    from django.db import transaction  # noqa: PLC0415 - app ready

    from tidu.registry.models import Enterprise  # noqa: PLC0415 - app ready
    from tidu.registry.searching import write_search_terms  # noqa: PLC0415 - app ready

    first = list(Enterprise.objects.values_list("pk", "territory", "industry"))
    dice = random.Random(SEED)  # noqa: S311 - no secret
    counties = sorted({territory for _pk, territory, _industry in first})
    made = made_up_names.made_up_firms(count - len(first), SEED)
    for chunk in iter(lambda: list(itertools.islice(made, CHUNK)), []):
        models = [dice.choice(first) for _ in chunk]
        firms = [
            Enterprise(
                name=name, uscc=code, territory=dice.choice(counties), industry=industry
            )
            for (name, code), (_pk, _territory, industry) in zip(
                chunk, models, strict=True
            )
        ]
        with transaction.atomic():
            firms = Enterprise.objects.bulk_create(firms, batch_size=500)
            remember_names(firms)
            write_search_terms(firms)
            pairs = zip(firms, models, strict=True)
            copy_figures([(firm.pk, model[0]) for firm, model in pairs])


def remember_names(firms: list[Any]) -> None:
    """Every eighth firm was called otherwise before."""
    from tidu.registry.models import FormerIdentity  # noqa: PLC0415 - app ready

    FormerIdentity.objects.bulk_create(
        FormerIdentity(
            enterprise=firm, kind="name", value=before.name, source="虚构的通知书"
        )
        for before, firm in itertools.pairwise(firms)
        if firm.pk % FORMER == 0
    )


def copy_figures(copies: list[tuple[int, int]]) -> None:
    """Filings, figures in force, standings and titles of the second for the first."""
    from django.db import connection  # noqa: PLC0415 - app ready

    from tidu.eligibility.models import CurrentStanding  # noqa: PLC0415 - app ready
    from tidu.registry.models import (  # noqa: PLC0415 - app ready
        CurrentFacts,
        Filing,
        HeldTitle,
    )

    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE copies (id bigint, model bigint)")
        cursor.executemany("INSERT INTO copies VALUES (%s, %s)", copies)
        for each in (Filing, CurrentFacts, CurrentStanding, HeldTitle):
            cursor.execute(_copying(each))
        cursor.execute("DROP TABLE copies")


def _copying(model: Any) -> str:
    columns = ", ".join(
        f'"{field.column}"'
        for field in model._meta.concrete_fields  # noqa: SLF001 - documented API
        if field.column not in {"id", "enterprise_id"}
    )
    table = model._meta.db_table  # noqa: SLF001 - documented API
    return (
        f"INSERT INTO {table} (enterprise_id, {columns}) SELECT copies.id, {columns}"
        f" FROM copies JOIN {table} ON {table}.enterprise_id = copies.model"
    )


def tell_statistics() -> None:
    """PostgreSQL's planner learns at once what its own cleaner tells it in a minute."""
    from django.db import connection  # noqa: PLC0415 - app ready

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


def questions() -> dict[str, list[Any]]:
    """What users send: sessions, addresses of firms, searches, facts to assess."""
    from django.contrib.auth import get_user_model  # noqa: PLC0415 - app ready
    from django.test import Client  # noqa: PLC0415 - app ready

    from tidu.registry.models import Enterprise  # noqa: PLC0415 - app ready

    people = []
    for number in range(50):
        client = Client()
        name = OFFICERS[number % len(OFFICERS)]
        client.force_login(
            get_user_model().objects.get(username=name),
            "allauth.account.auth_backends.AuthenticationBackend",
        )
        people.append(client.cookies["sessionid"].value)
    dice = random.Random(SEED)  # noqa: S311 - no secret
    city = list(
        Enterprise.objects.filter(territory__startswith="9902").values_list(
            "pk", flat=True
        )
    )
    most = Enterprise.objects.latest("pk").pk
    somewhere = list(
        Enterprise.objects.filter(
            pk__in=[dice.randint(1, most) for _ in range(2 * QUESTIONS)]
        ).select_related("current")[:QUESTIONS]
    )
    return {
        "people": people,
        "ladder": dice.sample(city, min(LADDERS, len(city))),
        "search": [
            query for firm in somewhere for query in searches(firm.name, firm.uscc)
        ],
        "assess": [
            {key: entry["value"] for key, entry in firm.current.entries.items()}
            for firm in somewhere
        ],
    }


def searches(name: str, code: str) -> Iterator[dict[str, str]]:
    """What an officer types to find a firm, and the filters beside it."""
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415 - slow import

    stem = re.sub("(股份|有限|责任)*公司$", "", name)
    initials = "".join(lazy_pinyin(stem, style=Style.FIRST_LETTER)).lower()
    yield {"q": name}
    yield {"q": stem[2:6]}
    yield {"q": stem[2:4]}
    yield {"q": initials[2:6]}
    yield {"q": initials[:3]}
    yield {"q": code}
    yield {"q": code[8:13]}
    yield {"q": stem[2:4], "place": "990200", "size": "small"}
    yield {"q": initials[2:4], "standing": "innovative_sme:met"}
    yield {"q": stem[3:5], "sort": "updated"}


if __name__ == "__main__":
    main()
