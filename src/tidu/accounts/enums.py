"""Kinds of organisations and the roles of their people."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class OrganisationKind(models.TextChoices):
    """What an organisation is in the cultivation of SMEs.

    A pool of experts is no authority: its people see their own sheets and nothing else.
    """

    ENTERPRISE = "enterprise", _("企业")
    AUTHORITY = "authority", _("主管部门")
    PROVIDER = "provider", _("服务机构")
    EXPERT_POOL = "expert_pool", _("专家库")


class Role(models.TextChoices):
    """What a person does for an organisation."""

    OWNER = "owner", _("企业负责人")
    FILER = "filer", _("填报员")
    OFFICER = "officer", _("经办人")
    OBSERVER = "observer", _("只读人员")
    ADMINISTRATOR = "administrator", _("单位管理员")
    PROVIDER_MEMBER = "provider_member", _("服务机构人员")
    ADVISER = "adviser", _("服务专员")
    EXPERT = "expert", _("评审专家")


ROLES: dict[OrganisationKind, tuple[Role, ...]] = {
    OrganisationKind.ENTERPRISE: (Role.OWNER, Role.FILER),
    OrganisationKind.AUTHORITY: (
        *(Role.OFFICER, Role.OBSERVER, Role.ADMINISTRATOR, Role.ADVISER),
    ),
    OrganisationKind.PROVIDER: (Role.PROVIDER_MEMBER, Role.ADVISER),
    OrganisationKind.EXPERT_POOL: (Role.EXPERT,),
}
"""The roles that people of an organisation of each kind can have."""


class Scope(models.TextChoices):
    """What a token may be used for."""

    READ = "read", _("查看")
    FILE = "file", _("填报")
    ASSESS = "assess", _("评估")
