"""Notices, certificates, objections and a revocation of the fictional 示范省.

The steps before a notice are left out: the cases are put into it as they would stand
there. What follows is done by the actions that people use. Every text says that it is
fictional. Where this installation does not certify there is nothing to show.
"""

from __future__ import annotations

import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from tidu.accounts.actors import Actor, actor_for
from tidu.accounts.models import User
from tidu.casework.certifying import certify
from tidu.casework.enums import RevocationKind
from tidu.casework.holding import Grounds, revoke
from tidu.casework.models import Case, Round
from tidu.casework.notice_models import PublicNotice
from tidu.casework.noticing import publish_notice
from tidu.casework.objecting import file_complaint, file_objection
from tidu.casework.rounds import Terms, open_round
from tidu.casework.title_jobs import care_for_titles
from tidu.eligibility.actions import assess_enterprise
from tidu.registry.models import Enterprise, HeldTitle
from tidu.registry.told import Told
from tidu.rules.case_table import CERTIFIED
from tidu.rules.rulesets import Kind

SCHEME, STEP = "srdi_sme", "province_notice"
PLACE, OWN_COUNTY = "9902", "990221"
LISTED, HOLDING = 6, 5
_DAY = datetime.timedelta(days=1)
_CONTACT = "示范省中小企业主管部门，000-0000（虚构）"
_LIE = Grounds(
    RevocationKind.FALSIFICATION,
    "虚构：审计报告与备案的不一致，企业没有说明",
    "工信部企业〔2026〕2号 动态管理",
)


@transaction.atomic
def load_holders(today: datetime.date) -> None:
    """Load a notice that stands, one that is over, holders, and one revoked."""
    if SCHEME not in settings.CERTIFIES:
        return
    by = actor_for(User.objects.get(username="province"))
    opened = _round(today, by)
    firms = _firms()
    _over(opened, firms[:HOLDING], today, by)
    _standing(opened, firms[HOLDING:], today, by)
    _owing(today)
    care_for_titles(today)


def _round(today: datetime.date, by: Actor) -> Round:
    return open_round(
        scheme=SCHEME,
        kind=Kind.NEW,
        terms=Terms(
            title=f"示范省{today.year}年第二批专精特新中小企业认定（虚构）",
            opens_on=today - 90 * _DAY,
            closes_on=today - 60 * _DAY,
            on=today,
            notice_days=5,
            appeal_days=15,
            limits={"objection_check": {"days": 15, "kind": "working"}},
        ),
        by=by,
    )


def _firms() -> list[Enterprise]:
    """The firm of ``owner`` first, then others of its city."""
    rows = Enterprise.objects.select_related("current").exclude(uscc=None)
    own = list(rows.filter(organisation__memberships__user__username="owner"))
    others = rows.filter(territory__startswith=PLACE, organisation=None)
    others = others.exclude(titles__scheme=SCHEME).order_by("-pk")
    return [*own, *others[: HOLDING + LISTED - len(own)]]


def _case(opened: Round, firm: Enterprise, today: datetime.date, by: Actor) -> Case:
    """A case as it stands in the step of notice."""
    frozen = assess_enterprise(enterprise=firm, on=today, kind=Kind.NEW, by=by)
    now = timezone.now()
    case = Case.objects.create(
        round=opened,
        enterprise=firm,
        state=STEP,
        step=STEP,
        office=opened.organisation,
        state_since=now,
        assessment=frozen,
        submitted_at=now - 60 * _DAY,
    )
    case.number = f"{opened.on:%Y}-{opened.pk:03d}-{case.pk:06d}"
    case.save(update_fields=["number"])
    return case


def _publish(
    opened: Round, cases: list[Case], today: datetime.date, by: Actor
) -> PublicNotice:
    return publish_notice(
        opened=opened,
        step=STEP,
        title=f"关于{opened.on:%Y}年拟认定专精特新中小企业名单的公示（虚构）",
        contact=_CONTACT,
        opens_on=today,
        by=by,
        cases=[each.pk for each in cases],
    )


def _over(
    opened: Round, firms: list[Enterprise], today: datetime.date, by: Actor
) -> None:
    """A notice that is over: its firms are certified, the last one revoked again."""
    cases = [_case(opened, each, today, by) for each in firms]
    notice = _publish(opened, cases, today, by)
    PublicNotice.objects.filter(pk=notice.pk).update(
        opens_on=today - 20 * _DAY, ends_on=today - 13 * _DAY
    )
    titles = []
    for case in cases:
        Case.objects.filter(pk=case.pk).update(state=CERTIFIED, office=None)
        titles.append(certify(case=case, on=today, by=by))
    file_complaint(
        title=titles[1],
        told=Told(
            "虚构举报人甲",
            "000-00000001",
            "虚构：企业申报的发明专利已经转让给他人，请核查专利登记簿。",
        ),
    )
    revoke(title=titles[-1], grounds=_LIE, by=by)


def _standing(
    opened: Round, firms: list[Enterprise], today: datetime.date, by: Actor
) -> None:
    """A notice that stands, with an objection to its last firm; one firm waits."""
    cases = [_case(opened, each, today, by) for each in firms]
    notice = _publish(opened, cases[:-1], today, by)
    entry = notice.entries.select_related("case", "notice").last()
    assert entry is not None
    file_objection(
        entry=entry,
        told=Told(
            "虚构异议人乙",
            "000-00000002",
            "虚构：企业去年的研发费用里有不属于研发的设备采购，请核对辅助账。",
        ),
    )


def _owing(today: datetime.date) -> None:
    """Let some titles of a county have been entered earlier, so that years count."""
    old = HeldTitle.objects.filter(
        enterprise__territory=OWN_COUNTY,
        valid_from__year__lt=today.year,
        valid_until__gte=today,
    )
    moment = timezone.now() - 365 * _DAY
    HeldTitle.objects.filter(pk__in=[each.pk for each in old[:3]]).update(
        recorded_at=moment
    )
