"""The fictional 示范省: firms, officers and accounts to try everything on."""

from __future__ import annotations

import datetime
import sys
from collections.abc import Iterator
from typing import Any

import numpy as np
from django.db import transaction
from django.utils import timezone

from tidu.accounts.actors import SYSTEM
from tidu.accounts.enums import OrganisationKind, Role
from tidu.accounts.models import Membership, Organisation, User
from tidu.audit.actions import record
from tidu.bulk.columns import SEPARATOR, column_name
from tidu.bulk.synth import Population, row_groups
from tidu.cli.demonstration_cases import load_cases
from tidu.cli.demonstration_experts import load_reviews
from tidu.cli.demonstration_holders import load_holders
from tidu.cli.demonstration_lists import load_pay_lists
from tidu.cli.demonstration_services import load_services
from tidu.eligibility.actions import refresh_standings
from tidu.registry.enums import FilingSource
from tidu.registry.fact_values import to_json
from tidu.registry.models import CurrentFacts, Enterprise, Filing, HeldTitle
from tidu.registry.precedence import current_entries
from tidu.registry.searching import write_search_terms
from tidu.rules.divisions import COUNTY as COUNTY_LEVEL
from tidu.rules.divisions import Division, default_divisions
from tidu.rules.facts import FactType, key_of
from tidu.rules.library import default_library

PASSWORD = "Shifan-2026"  # noqa: S105 - printed for everybody, on fictional data only
PROVINCE, CITY, COUNTY, OTHER_COUNTY = "990000", "990200", "990221", "990222"
_FIRST = "华德瑞恒金科新远鼎盛博泰安信宏达立诚中天润佳万隆国兴凯越"
_SECOND = "智润通源峰创航锐联纳拓腾昊宇辰星翔睿逸铭泽骏坤达雅川维"
_TRADES = {
    "C13": "食品", "C14": "食品", "C15": "饮料", "C17": "纺织", "C18": "服装",
    "C20": "木业", "C21": "家具", "C22": "纸业", "C26": "新材料", "C27": "生物医药",
    "C28": "化纤", "C29": "橡塑", "C30": "建材", "C31": "特钢", "C32": "有色金属",
    "C33": "五金制品", "C34": "精密机械", "C35": "专用设备", "C36": "汽车零部件",
    "C37": "轨道装备", "C38": "电气", "C39": "电子", "C40": "仪器仪表",
    "I65": "软件", "I64": "信息技术", "M73": "技术研究", "M74": "检测技术",
}  # fmt: skip
_DEFAULT_TRADE = "实业"


def load_demonstration(firms: int = 2000, seed: int = 7) -> None:
    """Load 示范省 into an empty registry; a registry with firms is left as it is."""
    if Enterprise.objects.exists():
        sys.stdout.write("库里已有企业，没有再装入示范数据\n")
        return
    today = timezone.localdate()
    with transaction.atomic():
        offices = _offices()
        enterprises = _enterprises(firms, seed, today)
        _accounts(offices, enterprises)
        record(
            action="registry.demonstration_loaded",
            by=SYSTEM,
            about=offices[PROVINCE],
            territory=PROVINCE,
            data={"firms": len(enterprises), "seed": seed, "fictional": True},
        )
    loaded = Enterprise.objects.select_related("current")
    refresh_standings(loaded, on=today)
    load_cases(today)
    load_holders(today)
    load_reviews(today, PASSWORD)
    load_pay_lists(today)
    load_services(today, PASSWORD)


def print_accounts() -> None:
    """Say who can sign in, and where."""
    lines = ["示范省的账户（全部虚构，口令都是 " + PASSWORD + "）："]
    name = default_divisions().name
    for username, what in (
        ("admin", "系统管理员"),
        ("province", f"{name(PROVINCE)}主管部门 经办人"),
        ("city", f"{name(CITY)}主管部门 经办人"),
        ("county", f"{name(COUNTY)}主管部门 单位管理员"),
        ("county_b", f"{name(COUNTY)}主管部门 经办人（免申即享由他冻结、county 批准）"),
        ("county2", f"{name(OTHER_COUNTY)}主管部门 经办人"),
        ("observer", f"{name(COUNTY)}主管部门 只读人员"),
        ("owner", f"{name(COUNTY)}一家企业 负责人"),
        ("expert", f"{name(PROVINCE)}主管部门专家库 评审专家"),
        ("adviser", f"{name(COUNTY)}主管部门 服务专员"),
        ("bank", "一家银行 服务机构人员，确认服务结果"),
    ):
        lines.append(f"  {username:<10} {what}")
    sys.stdout.write("\n".join(lines) + "\n")


def _offices() -> dict[str, Organisation]:
    below = default_divisions().line(PROVINCE)[-1:] + tuple(_below(PROVINCE))
    return {
        place.code: Organisation.objects.create(
            name=f"{place.name}中小企业主管部门（虚构）",
            kind=OrganisationKind.AUTHORITY,
            territory=place.code,
        )
        for place in below
    }


def _below(code: str) -> Iterator[Division]:
    """Every division below one, cities before their counties."""
    for each in default_divisions().children(code):
        yield each
        yield from _below(each.code)


def _enterprises(count: int, seed: int, today: datetime.date) -> list[Enterprise]:
    """Enter the firms, each with one filing."""
    random = np.random.default_rng(seed)
    rows = _able_rows(count, seed, today)
    counties = [each.code for each in _below(PROVINCE) if each.level == COUNTY_LEVEL]
    firms: list[Enterprise] = []
    filings: list[Filing] = []
    names: set[str] = set()
    for at, row in enumerate(rows):
        name = _name(row, random, names)
        firm = Enterprise(
            name=name,
            uscc=row.pop("uscc"),
            territory=counties[int(random.integers(len(counties)))],
            industry=row["industry"],
        )
        firms.append(firm)
        filings.append(_filing(firm, row, at))
    Enterprise.objects.bulk_create(firms, batch_size=500)
    ids = [each.pk for each in firms]
    Enterprise.objects.filter(pk__in=ids).update(created_at=_entered())
    Filing.objects.bulk_create(filings, batch_size=500)
    CurrentFacts.objects.bulk_create(
        (
            CurrentFacts(
                enterprise=filing.enterprise,
                entries=current_entries([filing]),
                updated_at=filing.filed_at,
            )
            for filing in filings
        ),
        batch_size=500,
    )
    HeldTitle.objects.bulk_create(_titles(filings), batch_size=500)
    write_search_terms(firms)
    return firms


def _titles(filings: list[Filing]) -> Iterator[HeldTitle]:
    """The titles that the filings say are held, until their last day."""
    pack = default_library().national
    held = [
        (s.id, pack.facts[s.title_fact]) for s in pack.schemes.values() if s.title_fact
    ]
    for filing in filings:
        for scheme, title in held:
            until = filing.entries.get(title.expires, {}).get("value")
            if filing.entries.get(title.id, {}).get("value") is not True or not until:
                continue
            last = datetime.date.fromisoformat(until)
            yield HeldTitle(
                enterprise=filing.enterprise,
                scheme=scheme,
                valid_from=last.replace(year=last.year - 3, day=1),
                valid_until=last,
                batch_name="虚构批次",
                source="虚构的示范数据",
            )


def _able_rows(count: int, seed: int, today: datetime.date) -> list[dict[str, Any]]:
    """Rows of a synthetic population that a bureau would look at: with R&D known."""
    library = default_library()
    population = Population(count * 12, seed, today, library)
    last = column_name("rnd_expense", today.year - 1)
    rows: list[dict[str, Any]] = []
    for table in row_groups(population, 1):
        for row in table.to_pylist():
            if row.get(last) or len(rows) % 10 == 0:
                rows.append(row)
            if len(rows) == count:
                return rows
    return rows


def _name(row: dict[str, Any], random: np.random.Generator, used: set[str]) -> str:
    trade = _TRADES.get(str(row["industry"])[:3], _DEFAULT_TRADE)
    while True:
        first, second = random.choice(list(_FIRST)), random.choice(list(_SECOND))
        name = f"示范{first}{second}{trade}有限公司"
        if name in used:
            name = f"示范{first}{second}{random.choice(list(_SECOND))}{trade}有限公司"
        if name not in used:
            used.add(name)
            return name


def _filing(firm: Enterprise, row: dict[str, Any], at: int) -> Filing:
    facts = default_library().facts
    entries: dict[str, dict[str, Any]] = {}
    for column, value in row.items():
        fact_id, _, year = column.rpartition("_")
        yearly = fact_id in facts and facts[fact_id].yearly and year.isdigit()
        key = key_of(fact_id, int(year)) if yearly else column
        fact = facts.get(key.partition("@")[0])
        if value is None or fact is None or fact.id in {"name", "territory", "uscc"}:
            continue
        if fact.type is FactType.CHOICES and isinstance(value, str):
            value = frozenset(filter(None, value.split(SEPARATOR)))  # noqa: PLW2901
        entries[key] = {"value": to_json(value), "place": f"虚构数据，第{at + 1}家"}
    return Filing(
        enterprise=firm,
        source=FilingSource.ENTERPRISE,
        entries=entries,
        reason="虚构的示范数据",
        filed_by="系统",
        filed_at=_entered(),
    )


def _entered() -> datetime.datetime:
    """When the firms came in: some months ago, so that a month's table has them."""
    now = timezone.now()
    return max(now - datetime.timedelta(days=90), now.replace(month=1, day=1))


def _accounts(offices: dict[str, Organisation], firms: list[Enterprise]) -> None:
    _person("admin", "系统管理员", superuser=True)
    for username, name, code, role in (
        ("province", "省经办（虚构）", PROVINCE, Role.OFFICER),
        ("city", "市经办（虚构）", CITY, Role.OFFICER),
        ("county", "县经办（虚构）", COUNTY, Role.ADMINISTRATOR),
        ("county2", "区经办（虚构）", OTHER_COUNTY, Role.OFFICER),
        ("county_b", "县经办乙（虚构）", COUNTY, Role.OFFICER),
        ("observer", "县只读（虚构）", COUNTY, Role.OBSERVER),
    ):
        person = _person(username, name)
        Membership.objects.create(user=person, organisation=offices[code], role=role)
    firm = next(each for each in firms if each.territory == COUNTY)
    account = Organisation.objects.create(
        name=firm.name, kind=OrganisationKind.ENTERPRISE, territory=firm.territory
    )
    firm.organisation = account
    firm.save(update_fields=["organisation"])
    owner = _person("owner", "企业负责人（虚构）")
    Membership.objects.create(user=owner, organisation=account, role=Role.OWNER)


def _person(username: str, name: str, *, superuser: bool = False) -> User:
    return User.objects.create_user(
        username,
        password=PASSWORD,
        name=name,
        is_staff=superuser,
        is_superuser=superuser,
    )
