"""The sign-in library's forms in our words and our look; their checks stay its own."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as account_forms
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.totp import forms as totp_forms
from django.utils.translation import gettext_lazy as _

from tidu.web.plain_forms import dress


class _Dressed:
    """Puts our labels and classes on a form of the library."""

    labels: dict[str, Any] = {}  # noqa: RUF012 - read only

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields  # type: ignore[attr-defined]
        for name, field in fields.items():
            field.label = self.labels.get(name, field.label)
            field.widget.attrs.pop("placeholder", None)
            dress(field)


class ChangePasswordForm(_Dressed, account_forms.ChangePasswordForm):  # type: ignore[misc]
    labels = {  # noqa: RUF012 - read only
        "oldpassword": _("现在的密码"),
        "password1": _("新密码"),
        "password2": _("再输一遍新密码"),
    }


class ReauthenticateForm(_Dressed, account_forms.ReauthenticateForm):  # type: ignore[misc]
    labels = {"password": _("密码")}  # noqa: RUF012 - read only

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""  # the library's leads to mail


class SecondFactorForm(_Dressed, mfa_forms.AuthenticateForm):  # type: ignore[misc]
    labels = {"code": _("手机上的 6 位验证码，或一个备用码")}  # noqa: RUF012 - read only


class SecondFactorAgainForm(_Dressed, mfa_forms.ReauthenticateForm):  # type: ignore[misc]
    labels = {"code": _("手机上的 6 位验证码")}  # noqa: RUF012 - read only


class ActivateSecondFactorForm(_Dressed, totp_forms.ActivateTOTPForm):  # type: ignore[misc]
    labels = {"code": _("手机上显示的 6 位验证码")}  # noqa: RUF012 - read only
