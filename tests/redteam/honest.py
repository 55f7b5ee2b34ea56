"""Honest situations that look odd: they stand in the set so that precision means something.

Where a person would have confirmed the reason, mostly it is confirmed; the rest stay
unconfirmed, as in life, and are counted as false alarms.
"""

import dataclasses
import datetime
import random
from collections.abc import Callable
from decimal import Decimal

from tests.redteam import firms
from tests.redteam.firms import LAST, REVENUE_BAR, RND_BAR, Firm
from tests.redteam.wording import narrative
from tidu.casework.integrity.applications import (
    Contact,
    ContactKind,
    ContactRole,
    Figure,
    FigureSource,
    Obtained,
    Right,
)
from tidu.rules.library import default_library

Maker = Callable[[random.Random], Firm]


def situations(dice: random.Random, new: Maker) -> list[Firm]:
    """About 330 honest firms in sixteen odd situations."""
    parts = (
        *(groups(dice, new, confirmed=number < 11) for number in range(13)),
        *(shared_accountant(dice, new, confirmed=number < 6) for number in range(7)),
        *(premises(dice, new, confirmed=number < 5) for number in range(6)),
        *(joint_contract(dice, new, known=number < 10) for number in range(13)),
        consultancy(dice, new),
        [renamed(dice, new, recorded=number < 16) for number in range(20)],
        [restated(dice, new, confirmed=number < 16) for number in range(20)],
        [merged_accounts(dice, new, known=number < 12) for number in range(14)],
        [wrong_unit(dice, new) for _ in range(2)],
        [grown(dice, new) for _ in range(30)],
        [contract_maker(dice, new) for _ in range(4)],
        [sprint(dice, new) for _ in range(25)],
        specialist(dice, new),
        [university_buyer(dice, new) for _ in range(12)],
        [acquired(dice, new) for _ in range(2)],
    )
    return [each for part in parts for each in part]


def _as(firm: Firm, situation: str) -> Firm:
    firm.situation = situation
    return firm


def groups(dice: random.Random, new: Maker, *, confirmed: bool) -> list[Firm]:
    found = [new(dice) for _ in range(dice.randint(3, 6))]
    rules = firms.paper(dice, "研发管理制度")
    about = narrative(dice, found[0].industry, 260)
    for each in found:
        each.phone, each.address = found[0].phone, found[0].address
        each.documents.append(rules)
        each.texts["企业概况"] = about
        each.group = f"G{found[0].case}" if confirmed else None
        _as(each, "group" if confirmed else "group, unconfirmed")
    return found


def shared_accountant(
    dice: random.Random, new: Maker, *, confirmed: bool
) -> list[Firm]:
    phone = f"1201{dice.randint(0, 9_999_999):07d}"
    role = ContactRole.ACCOUNTANT if confirmed else None
    found = [new(dice) for _ in range(dice.randint(4, 9))]
    for each in found:
        each.contacts.append(Contact(ContactKind.PHONE, phone, role))
        _as(each, "accountant" if confirmed else "accountant, unconfirmed")
    return found


def premises(dice: random.Random, new: Maker, *, confirmed: bool) -> list[Firm]:
    address = f"虚构市高新区科创路{dice.randint(1, 99)}号孵化器A座"
    role = ContactRole.PREMISES if confirmed else None
    found = [new(dice) for _ in range(dice.randint(4, 10))]
    for number, each in enumerate(found):
        each.address = address if number else f"{address} "
        each.contacts.append(Contact(ContactKind.ADDRESS, address, role))
        _as(each, "park" if confirmed else "park, unconfirmed")
    return found


def joint_contract(dice: random.Random, new: Maker, *, known: bool) -> list[Firm]:
    found = [new(dice), new(dice)]
    parties = frozenset(f"99{each.case[1:]}" for each in found)
    paper = firms.paper(dice, "双方合同")
    for each in found:
        each.documents.append(
            dataclasses.replace(paper, parties=parties if known else None)
        )
        _as(each, "joint contract" if known else "joint contract, unread")
    return found


def consultancy(dice: random.Random, new: Maker) -> list[Firm]:
    """Ten firms whose consultant wrote a third of each text from one pattern."""
    found = [new(dice) for _ in range(10)]
    pattern = narrative(dice, found[0].industry, 250)
    for each in found:
        each.texts["创新能力"] = pattern + narrative(dice, each.industry, 500)
        _as(each, "consultant's pattern")
    return found


def renamed(dice: random.Random, new: Maker, *, recorded: bool) -> Firm:
    firm = new(dice)
    former = f"虚构旧名{firm.case[1:]}有限公司"
    day = firm.filed_on - datetime.timedelta(days=dice.randint(10, 150))
    firm.rights = [
        Right(each.number, Obtained.TRANSFERRED, day, former) for each in firm.rights
    ]
    firm.former_names = (former,) if recorded else ()
    return _as(firm, "renamed" if recorded else "renamed, unrecorded")


def restated(dice: random.Random, new: Maker, *, confirmed: bool) -> Firm:
    firm = new(dice)
    facts = default_library().national.facts
    factor = Decimal(str(round(dice.choice((-1, 1)) * dice.uniform(0.05, 0.3) + 1, 3)))
    firm.restated = True
    firm.elsewhere = [
        Figure(
            facts[name],
            LAST - 1,
            Decimal(round(firm.figures[name, LAST - 1] * factor)),
            FigureSource.EARLIER_FILING,
            restatement_confirmed=confirmed,
        )
        for name in ("revenue", "rnd_expense")
    ]
    return _as(firm, "restated" if confirmed else "restated, unconfirmed")


def merged_accounts(dice: random.Random, new: Maker, *, known: bool) -> Firm:
    firm = new(dice)
    facts = default_library().national.facts
    firm.merged = True if known else None
    value = round(firm.figures["revenue", LAST] * dice.uniform(0.4, 0.85))
    firm.elsewhere = [
        Figure(facts["revenue"], LAST, Decimal(value), FigureSource.TAX, merged=False)
    ]
    return _as(firm, "merged accounts" if known else "merged accounts, unsaid")


def wrong_unit(dice: random.Random, new: Maker) -> Firm:
    firm = new(dice)
    facts = default_library().national.facts
    value = Decimal(firm.figures["revenue", LAST] // 10_000)
    firm.elsewhere = [Figure(facts["revenue"], LAST, value, FigureSource.ANNUAL_REPORT)]
    return _as(firm, "annual report in the wrong unit")


def grown(dice: random.Random, new: Maker) -> Firm:
    firm = new(dice)
    factor = dice.uniform(1.8, 3.5)
    for fact in (
        "revenue",
        "main_revenue",
        "net_profit",
        "total_assets",
        "total_liabilities",
    ):
        firm.figures[fact, LAST] = round(firm.figures[fact, LAST - 1] * factor)
    firm.figures["rnd_expense", LAST] = round(
        firm.figures["rnd_expense", LAST - 1] * 1.5
    )
    firm.figures["employees", LAST] = round(firm.figures["employees", LAST - 1] * 1.3)
    firm.elsewhere = firms.elsewhere(dice, firm.figures)
    return _as(firm, "real growth")


def contract_maker(dice: random.Random, new: Maker) -> Firm:
    """Few people, others' factories: honest, and far from its peers."""
    firm = new(dice)
    for year in (LAST, LAST - 1):
        firm.figures["employees", year] = max(firm.figures["employees", year] // 6, 3)
        firm.figures["rnd_staff", year] = max(firm.figures["employees", year] // 3, 1)
    firm.elsewhere = firms.elsewhere(dice, firm.figures)
    return _as(firm, "contract maker")


def sprint(dice: random.Random, new: Maker) -> Firm:
    """Reached a bar by real work, and just so."""
    firm = new(dice)
    fact, bar = dice.choice((("revenue", REVENUE_BAR), ("rnd_expense", RND_BAR)))
    old, value = firm.figures[fact, LAST], round(bar * dice.uniform(1.0, 1.03))
    if fact == "revenue":
        for name in (*firms.MONEY, "employees", "rnd_staff"):
            firm.figures[name, LAST] = round(firm.figures[name, LAST] * value / old)
    firm.figures[fact, LAST] = value
    firm.elsewhere = firms.elsewhere(dice, firm.figures)
    return _as(firm, "just reached a bar")


def specialist(dice: random.Random, new: Maker) -> list[Firm]:
    """A good auditor of small firms: 14 clients, three of them honestly just above."""
    found = [sprint(dice, new) if number < 3 else new(dice) for number in range(14)]
    for each in found:
        each.auditor = firms.auditor(200)
        _as(each, "specialised auditor")
    return found


def university_buyer(dice: random.Random, new: Maker) -> Firm:
    firm = new(dice)
    day = firm.filed_on - datetime.timedelta(days=dice.randint(20, 170))
    seller = f"虚构第{dice.randint(1, 40)}大学"
    firm.rights.append(Right(f"ZL98{firm.case[1:]}", Obtained.TRANSFERRED, day, seller))
    return _as(firm, "bought from a university")


def acquired(dice: random.Random, new: Maker) -> Firm:
    """Took over a business with all its rights half a year ago."""
    firm = new(dice)
    day = firm.filed_on - datetime.timedelta(days=dice.randint(90, 170))
    firm.rights = [
        Right(
            each.number, Obtained.TRANSFERRED, day, f"虚构被并{firm.case[1:]}有限公司"
        )
        for each in firm.rights
    ]
    return _as(firm, "took over a business")
