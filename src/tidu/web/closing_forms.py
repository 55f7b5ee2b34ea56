"""Asked before an account is closed for good: the user name, copied out."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tidu.accounts.models import User
from tidu.web.plain_forms import PlainForm


class UserNameAgainForm(PlainForm):
    """Somebody else's account, by those who run the site."""

    username = forms.CharField(
        label=_("照抄这个人的用户名"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    wrong_name = _("和这个人的用户名不一样，请再看一遍")

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_username(self) -> str:
        typed: str = self.cleaned_data["username"]
        if typed != self.person.username:
            raise forms.ValidationError(self.wrong_name)
        return typed


class OwnAccountForm(UserNameAgainForm):
    """One's own account: the password too, as the screen may stand open."""

    username = forms.CharField(
        label=_("照抄您的用户名"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    password = forms.CharField(
        label=_("现在的密码"),
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    wrong_name = _("和您的用户名不一样，请再看一遍")

    def clean_password(self) -> str:
        typed: str = self.cleaned_data["password"]
        if not self.person.check_password(typed):
            raise forms.ValidationError(_("密码不对"))
        return typed
