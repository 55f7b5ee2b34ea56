"""Forms of accounts: sign up an enterprise, join by invitation, invite, decide."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tidu.accounts.enums import ROLES, OrganisationKind, Role
from tidu.accounts.models import Organisation, User
from tidu.accounts.queries import lowest_authorities
from tidu.intake.credit_codes import read_code
from tidu.intake.problems import CellError
from tidu.registry.claims import FIRM_ROLES
from tidu.rules.language import translate
from tidu.web.context import speaks_english
from tidu.web.plain_forms import PlainForm

_USERNAME = RegexValidator(
    r"^[A-Za-z0-9_.@+\-]{3,50}$",
    gettext_lazy("用户名是 3 到 50 个字母、数字或 . _ - @ +，不用汉字和空格"),
)
_PHONE = RegexValidator(
    r"^[0-9+\- ]{6,20}$", gettext_lazy("电话只写数字和短横线，如 010-12345678")
)


class PersonForm(PlainForm):
    """Who signs up: name, user name, password."""

    person = forms.CharField(label=gettext_lazy("您的姓名"), max_length=50)
    phone = forms.CharField(
        label=gettext_lazy("您的电话"),
        max_length=20,
        required=False,
        validators=[_PHONE],
        help_text=gettext_lazy("核实身份时用，不公开。"),
    )
    username = forms.CharField(
        label=gettext_lazy("用户名"),
        max_length=50,
        validators=[_USERNAME],
        widget=forms.TextInput(attrs={"autocomplete": "username"}),
        help_text=gettext_lazy("以后用它登录；字母、数字都可以，不用汉字。"),
    )
    password = forms.CharField(
        label=gettext_lazy("密码"),
        widget=forms.PasswordInput(
            attrs={"autocomplete": "new-password"}, render_value=True
        ),
        help_text=gettext_lazy("至少 10 个字符，不要全是数字，也不要用常见密码。"),
    )

    def clean_username(self) -> str:
        username = str(self.cleaned_data["username"])
        if User.objects.filter(username__iexact=username).exists():
            raise ValidationError(_("这个用户名已有人用，请换一个"))
        return username

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if password := cleaned.get("password"):
            user = User(
                username=cleaned.get("username", ""), name=cleaned.get("person", "")
            )
            try:
                validate_password(password, user)
            except ValidationError as error:
                self.add_error("password", error)
        return cleaned

    def account(self) -> dict[str, str]:
        """What ``accounts.actions.open_account`` takes."""
        found = self.cleaned_data
        return {
            "username": found["username"],
            "name": found["person"],
            "password": found["password"],
            "phone": found["phone"],
        }


class EnterpriseForm(PlainForm):
    """Which enterprise somebody acts for."""

    name = forms.CharField(
        label=gettext_lazy("企业名称"),
        max_length=200,
        help_text=gettext_lazy("与营业执照一致。"),
    )
    uscc = forms.CharField(
        label=gettext_lazy("统一社会信用代码"),
        max_length=40,
        help_text=gettext_lazy("营业执照上的 18 位代码。"),
    )
    territory = forms.ChoiceField(
        label=gettext_lazy("所在地主管部门"),
        help_text=gettext_lazy("企业注册地的区县；由它核实和受理。"),
    )
    note = forms.CharField(
        label=gettext_lazy("说明"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("您在企业的职务；企业已在库时，方便主管部门核实。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        options = [
            (each.territory, f"{each.name}（{each.territory}）")
            for each in lowest_authorities()
        ]
        self.fields["territory"].choices = [("", _("请选择")), *options]  # type: ignore[attr-defined]

    def clean_uscc(self) -> str:
        english = speaks_english()
        try:
            code = read_code(self.cleaned_data["uscc"])
        except CellError as error:
            what, remedy = (
                translate(each, english).format(**error.values)
                for each in (error.what, error.accepted)
            )
            raise ValidationError(f"{what}{_('；')}{remedy}") from error
        if code is None:
            raise ValidationError(_("这是旧的注册号；请填营业执照上的 18 位代码"))
        return code


class SignUpForm(PersonForm, EnterpriseForm):
    """A newcomer with their enterprise."""

    field_order = (
        "name", "uscc", "territory", "person", "phone", "note", "username", "password",
    )  # fmt: skip


def role_choices(organisation: Organisation) -> list[tuple[str, str]]:
    """The roles that an organisation's people can have."""
    roles = ROLES[OrganisationKind(organisation.kind)]
    return [(each.value, str(each.label)) for each in roles]


class InviteForm(PlainForm):
    """Whom to invite, and as what."""

    name = forms.CharField(label=gettext_lazy("对方姓名"), max_length=50)
    role = forms.ChoiceField(label=gettext_lazy("角色"))

    def __init__(self, organisation: Organisation, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = role_choices(organisation)
        self.fields["role"].choices = choices  # type: ignore[attr-defined]
        if OrganisationKind(organisation.kind) is OrganisationKind.ENTERPRISE:
            self.initial["role"] = Role.FILER  # an owner can manage the others


class DecisionForm(PlainForm):
    """An officer's word on a claim."""

    role = forms.ChoiceField(
        label=gettext_lazy("确认后的角色"),
        choices=[(each.value, each.label) for each in FIRM_ROLES],
        help_text=gettext_lazy("负责人可以邀请和管理本企业的其他人员。"),
    )
    reason = forms.CharField(
        label=gettext_lazy("不通过的理由"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("不通过时必填，申请人会看到。"),
    )

    def cleaned_role(self) -> Role:
        return Role(self.cleaned_data["role"])
