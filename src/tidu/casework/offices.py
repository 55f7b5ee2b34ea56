"""Which office answers for a title, and may do something about it?"""

from __future__ import annotations

from django.utils.translation import gettext as _

from tidu.accounts.actors import Actor, scope_of
from tidu.accounts.enums import OrganisationKind
from tidu.accounts.models import Organisation
from tidu.accounts.permissions import may_do_work_of
from tidu.accounts.queries import authority_over
from tidu.accounts.verdicts import Verdict, no, yes
from tidu.registry.models import Enterprise, HeldTitle
from tidu.registry.permissions import may_see_enterprise
from tidu.rules.library import default_library


def office_of(enterprise: Enterprise, scheme: str) -> Organisation | None:
    """The office of the level that decides on a scheme, else the highest below it.

    In an installation of a county there is none above it; the county's own answers.
    """
    procedure = default_library().national.procedures.get(scheme)
    territory = enterprise.territory
    if procedure is None:
        return authority_over(territory)
    codes = [
        territory[:digits].ljust(6, "0")
        for digits in (0, 2, 4, 6)
        if digits >= procedure.decided_by.digits
    ]
    offices = Organisation.objects.filter(
        territory__in=codes, kind=OrganisationKind.AUTHORITY, closed_at=None
    )
    found = min(offices, key=lambda each: codes.index(each.territory), default=None)
    return found or authority_over(territory)


def office_of_title(title: HeldTitle) -> Organisation | None:
    """The office that answers for a title."""
    return office_of(title.enterprise, title.scheme)


def is_decided_above(title: HeldTitle) -> bool:
    """Whether the office only records what a level above it has decided."""
    procedure = default_library().national.procedures.get(title.scheme)
    office = office_of_title(title)
    if procedure is None or office is None:
        return False
    return len(scope_of(office.territory)) > procedure.decided_by.digits


def may_see_title(actor: Actor, title: HeldTitle) -> Verdict:
    """The firm's own people, and the authorities of its territory."""
    return may_see_enterprise(actor, title.enterprise)


def may_manage_title(actor: Actor, title: HeldTitle) -> Verdict:
    """People of the office that answers for the title, but no observers."""
    office = office_of_title(title)
    if office is None:
        return no(_("本站没有管这个称号的主管部门"))
    if actor.system:
        return yes()
    text = _("这个称号由{office}管理")
    return may_do_work_of(actor, office.pk, text.format(office=office.name))
