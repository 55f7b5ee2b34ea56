"""An officer's first page: what waits for somebody on top, then where to look."""

from __future__ import annotations

import dataclasses
import datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from tidu.accounts.actors import Actor
from tidu.accounts.enums import Role
from tidu.accounts.permissions import may_act_for_authority, may_work_for_authority
from tidu.casework.clock_jobs import open_escalations
from tidu.casework.clock_models import Escalation
from tidu.casework.clocks import day_of
from tidu.casework.enums import EscalationKind, ObjectionState, TaskState
from tidu.casework.notice_models import Objection
from tidu.casework.noticing import rounds_to_notice
from tidu.casework.serving.queries import waiting_in
from tidu.casework.title_models import DutyTask
from tidu.eligibility.enums import Answered
from tidu.eligibility.pay_list_models import EntitlementList, ListObjection
from tidu.eligibility.pool import (
    MONTHS,
    Group,
    conflicts_of,
    expiring,
    not_filed,
    sizes_of,
)
from tidu.eligibility.queries import stale_enterprises
from tidu.registry.claims import waiting_claims
from tidu.registry.collecting.queries import overdue_rounds
from tidu.registry.enums import ImportState
from tidu.registry.import_models import ImportBatch
from tidu.registry.queries import enterprises_of
from tidu.rules.ladder import RUNGS
from tidu.rules.pay_list import PUBLISHED
from tidu.web.pages import Asked, page
from tidu.web.wording import scheme_word

_WAITING = (
    ImportState.FAILED,
    ImportState.UPLOADED,
    ImportState.CHECKED,
    ImportState.UNREADABLE,
)
_POOL = tuple(scheme for rung in RUNGS[:3] for scheme in rung)


@dataclasses.dataclass(frozen=True, slots=True)
class Concern:
    """Something that waits: how many, since when the oldest, what to do, where."""

    count: int
    what: str
    todo: str
    url: str
    since: datetime.date | None = None

    @property
    def days(self) -> int:
        """Days the oldest has waited."""
        return (timezone.localdate() - self.since).days if self.since else 0


@page(may=may_act_for_authority)
def officer_home(request: Asked) -> HttpResponse:
    actor = request.actor
    context = {
        "concerns": [each for each in concerns(actor) if each.count],
        "pool": [
            (each, scheme_word(each), counts[Group.STEP], counts[Group.DATA])
            for each, counts in sizes_of(actor, _POOL).items()
        ],
        "firms": enterprises_of(actor).filter(closed_at=None).count(),
        "expiring": [
            (each, expiring(actor, timezone.localdate(), each).count())
            for each in MONTHS
        ],
        "sign_up": request.build_absolute_uri(reverse("sign_up")),
        "may": may_work_for_authority(actor),
    }
    return render(request, "officer/home.html", context)


def concerns(actor: Actor) -> list[Concern]:
    """What waits for the actor's office, the longest silence first."""
    year = timezone.localdate().year
    found = [
        *_escalated(actor),
        _imports(actor),
        Concern(
            waiting_claims(actor),
            _("份认领申请等您核实"),
            _("打电话核实身份，再确认或写明理由不通过"),
            reverse("claims"),
        ),
        Concern(
            overdue_rounds(actor).count(),
            _("次收集已过截止日期还没有结束"),
            _("看催报清单，催一催或者结束"),
            reverse("collections"),
        ),
        Concern(
            conflicts_of(actor),
            _("家企业的数据有冲突"),
            _("几个来源说法不同，请核对后更正"),
            reverse("registry") + "?conflict=yes",
        ),
        Concern(
            not_filed(actor, year).count(),
            _("家企业今年还没有填报"),
            _("请提醒企业，或导入新的摸底表"),
            reverse("silent_firms"),
        ),
        Concern(
            _stale(actor),
            _("家企业的结论还没有按新数据算完"),
            _("后台正在算；一直不减少，请告诉系统管理员"),
            reverse("registry") + "?sort=updated",
        ),
    ]
    found += [*_holding(actor), *_paying(actor), *_services(actor)]
    return sorted(found, key=lambda each: -each.days)


def _paying(actor: Actor) -> list[Concern]:
    """What lists that are paid without applying ask of the office."""
    said = ListObjection.objects.filter(
        entry__pay_list__organisation=actor.organisation, state=Answered.OPEN
    ).order_by("filed_at")
    days = [timezone.localtime(each.filed_at).date() for each in said]
    over = EntitlementList.objects.filter(
        organisation=actor.organisation,
        state=PUBLISHED,
        ends_on__lt=timezone.localdate(),
    ).order_by("ends_on")
    ended = list(over.values_list("ends_on", flat=True))
    return [
        Concern(
            len(days),
            _("件对名单的异议等您答复"),
            _("核查以后写明结论和理由"),
            reverse("list_objections") + "?state=open",
            days[0] if days else None,
        ),
        Concern(
            len(ended),
            _("份免申即享名单公示完了，等批准"),
            _("异议都答复以后，由冻结人以外的人批准"),
            reverse("entitlements") + "?state=published",
            ended[0] if ended else None,
        ),
    ]


def _escalated(actor: Actor) -> list[Concern]:
    """Late cases that the office's administrators were told of."""
    today = day_of(timezone.now())
    told: dict[str, list[Escalation]] = {each: [] for each in EscalationKind}
    for each in open_escalations(actor.organisation, today).select_related("case"):
        told[each.kind].append(each)
    leads = bool(actor.role is Role.ADMINISTRATOR)
    return [
        Concern(
            len(told[kind]),
            what,
            _("请您催办") if leads else _("已提醒单位管理员，请尽快办理"),
            reverse("queue") + f"?told={kind}",
            min((day_of(e.case.state_since) for e in told[kind]), default=None),
        )
        for kind, what in (
            (EscalationKind.OVERDUE, _("份案卷超过时限还没有办完")),
            (EscalationKind.UNOPENED, _("份案卷放了很久还没有人打开")),
        )
    ]


def _imports(actor: Actor) -> Concern:
    waiting = ImportBatch.objects.filter(
        organisation=actor.organisation, state__in=_WAITING
    ).order_by("uploaded_at")
    dates = list(waiting.values_list("uploaded_at", flat=True))
    return Concern(
        len(dates),
        _("份上传的表还没有办完"),
        _("看过核对结果，确认导入或者放弃"),
        reverse("imports"),
        timezone.localtime(dates[0]).date() if dates else None,
    )


def _stale(actor: Actor) -> int:
    return stale_enterprises().filter(pk__in=enterprises_of(actor).values("pk")).count()


def _services(actor: Actor) -> list[Concern]:
    """Requests nobody has taken, and outcomes that are disputed."""
    unassigned, disputed = waiting_in(actor)
    queue = reverse("service_queue")
    return [
        Concern(
            unassigned,
            _("件服务申请等您指派专员"),
            _("看企业要什么，指派给专员或自己办"),
            f"{queue}?state=asked",
        ),
        Concern(
            disputed,
            _("件服务的结果有异议"),
            _("决定重新办理，或写明理由办结"),
            f"{queue}?state=disputed",
        ),
    ]


def _holding(actor: Actor) -> list[Concern]:
    """What titles and their notices ask of the office itself."""
    office = actor.organisation
    said = Objection.objects.filter(office=office, state=ObjectionState.OPEN)
    tasks = DutyTask.objects.filter(office=office, state=TaskState.OPEN)
    waiting = sum(count for _round, _step, count in rounds_to_notice(actor))
    days = [timezone.localtime(each.filed_at).date() for each in said[:1]]
    return [
        Concern(
            waiting,
            _("家企业等您单位公示"),
            _("写好标题和联系方式，发布公示"),
            reverse("notices"),
        ),
        Concern(
            said.count(),
            _("件异议和举报等您答复"),
            _("核查以后写明结论和理由"),
            reverse("objections") + "?state=open",
            days[0] if days else None,
        ),
        Concern(
            tasks.count(),
            _("件未按期更新的等您处置"),
            _("看条款，决定执行还是不执行"),
            reverse("duty_tasks") + "?state=open",
        ),
    ]
