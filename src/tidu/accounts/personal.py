"""Everything held about a person: hand it to them, and take it away when they ask.

Found by the tables themselves: every foreign key to a person, and every column that a
model names in ``PERSONAL`` (column with the person's id → columns with their name). A
table that is added is found without being told; tests check that none hides.
"""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tidu.accounts.actors import Actor
from tidu.accounts.enums import Role
from tidu.accounts.models import Membership, User
from tidu.accounts.permissions import may_run_site
from tidu.accounts.verdicts import Verdict, no, yes
from tidu.audit.actions import erase_names, record
from tidu.audit.chain import ERASED

_SECRETS = ("password", "secret", "digest", "salt", "seal", "key", "data")
_SIGN_IN = ("mfa", "socialaccount", "account")  # of the libraries: all of it goes
_LIBRARY_TABLES = {
    "account.EmailAddress": gettext_lazy("邮箱"),
    "admin.LogEntry": gettext_lazy("后台操作"),
    "axes.AccessAttempt": gettext_lazy("输错密码"),
    "axes.AccessFailureLog": gettext_lazy("登录失败"),
    "axes.AccessLog": gettext_lazy("登录记录"),
    "mfa.Authenticator": gettext_lazy("两步验证"),
    "socialaccount.SocialAccount": gettext_lazy("统一身份认证"),
}
_BY_NAME = ("axes",)  # tables of the libraries that hold the user name as text


@dataclasses.dataclass(frozen=True, slots=True)
class Holding:
    """One column of one table that leads to a person.

    ``names``: columns of the same row with the person's name; ``own``: the rows are
    about the person, not only made by them.
    """

    model: type[models.Model]
    column: str
    names: tuple[str, ...]
    own: bool

    @property
    def title(self) -> str:
        meta = self.model._meta  # noqa: SLF001 - Django's documented API
        name = str(_LIBRARY_TABLES.get(meta.label, meta.verbose_name))
        return name if self.own else _("{records}（由您经手）").format(records=name)

    def rows(self, person: User) -> models.QuerySet[Any]:
        value = person.username if self.column == "username" else person.pk
        found: models.QuerySet[Any] = self.model._default_manager.filter(  # noqa: SLF001
            **{self.column: value}
        )
        return found


def holdings() -> Iterator[Holding]:
    """Every column of every table that leads to a person."""
    for model in apps.get_models():
        meta = model._meta  # noqa: SLF001 - Django's documented API
        named: dict[str, tuple[str, ...]] = getattr(model, "PERSONAL", {})
        for field in meta.concrete_fields:
            leads = field.is_relation and field.related_model is User
            by_name = meta.app_label in _BY_NAME and field.name == "username"
            if leads or by_name or field.name in named:
                own = field.name in {"user", "username"}
                yield Holding(model, field.name, named.get(field.name, ()), own)


def held_about(person: User) -> dict[str, list[dict[str, Any]]]:
    """Everything held about a person: title of the table and column → rows.

    Rows about the person come with every column but secrets; of what the person made
    or did, a reference: what it is, and when.
    """
    found = {str(_("账户")): [_whole(person)]}
    for holding in holdings():
        show = _whole if holding.own else _reference
        if rows := [show(row) for row in holding.rows(person).iterator()]:
            found.setdefault(holding.title, []).extend(rows)
    return found


def may_erase(actor: Actor, person: User) -> Verdict:
    """Oneself, and those who run the site; never the last who runs it."""
    runs = User.objects.filter(is_superuser=True, is_active=True)
    if person.is_superuser and not runs.exclude(pk=person.pk).exists():
        return no(_("这是唯一的系统管理员，注销后就没有人能管理本站"))
    if may_run_site(actor):
        return yes()
    if actor.user_id != person.pk:
        return no(_("只有本人和系统管理员可以注销账户"))
    for membership in _leads(person):
        text = _("您是“{name}”唯一的管理人员，请先把管理交给别人，或请系统管理员注销")
        if not _other_leaders(membership):
            return no(text.format(name=membership.organisation.name))
    return yes(_("本人"))


@dataclasses.dataclass(frozen=True, slots=True)
class Erased:
    """What an erasure could not take away: events from before names were sealed."""

    old_events: int


@transaction.atomic
def erase(*, person: User, by: Actor) -> Erased:
    """Take a person's name, telephone and sign-in away; their id stays on records.

    What the person filed for an enterprise or decided for an office stays, under
    “已注销”: it is the enterprise's and the office's record. Cannot be undone.
    """
    may_erase(by, person).or_refuse()
    memberships = list(person.memberships.all())
    for holding in list(holdings()):
        rows = holding.rows(person)
        app = holding.model._meta.app_label  # noqa: SLF001 - documented API
        if holding.names:
            rows.update(**dict.fromkeys(holding.names, ERASED))
        if app in _SIGN_IN or app in _BY_NAME:
            rows.delete()
    person.memberships.filter(ended_at=None).update(
        ended_at=timezone.now(), ended_by=by.user or person
    )
    person.username = f"erased-{person.pk}"
    person.name, person.phone, person.email = ERASED, "", ""
    person.is_active = person.is_staff = person.is_superuser = False
    person.last_login = None
    person.set_unusable_password()
    person.save()
    event = record(action="accounts.person_erased", by=by, about=person)
    old = erase_names(user_id=person.pk, things=[person, *memberships])
    event.refresh_from_db()
    return Erased(old_events=old)


def is_erased(person: User) -> bool:
    """Whether a person's account was erased."""
    return not person.is_active and person.username == f"erased-{person.pk}"


def _leads(person: User) -> models.QuerySet[Membership]:
    return person.memberships.filter(
        ended_at=None, role__in=(Role.ADMINISTRATOR, Role.OWNER)
    ).select_related("organisation")


def _other_leaders(membership: Membership) -> bool:
    others = membership.organisation.memberships.filter(
        ended_at=None, role=membership.role, user__is_active=True
    )
    return others.exclude(user=membership.user_id).exists()


def _whole(row: models.Model) -> dict[str, Any]:
    """A row with every column but secrets, under the column's own words."""
    return {
        str(field.verbose_name): _plain(field.value_from_object(row))
        for field in row._meta.concrete_fields  # noqa: SLF001 - documented API
        if not any(word in field.name for word in _SECRETS)
    }


def _reference(row: models.Model) -> dict[str, Any]:
    times = [
        field.value_from_object(row)
        for field in row._meta.concrete_fields  # noqa: SLF001 - documented API
        if isinstance(field, models.DateTimeField)
    ]
    when = next((each for each in times if each), None)
    return {"id": row.pk, str(_("内容")): str(row), str(_("时间")): _plain(when)}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime.datetime):
        return timezone.localtime(value).isoformat(" ", "seconds")
    if value is None or isinstance(value, str | int | float | bool):
        return value
    return str(value)
