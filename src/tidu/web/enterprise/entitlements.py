"""What my enterprise has without applying, and the account it is paid to."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from tidu.eligibility.bank_accounts import (
    AccountWrong,
    account_of,
    account_to_confirm,
    confirm_account,
    enter_account,
)
from tidu.eligibility.enums import EntryState
from tidu.eligibility.pay_list_queries import listed, today
from tidu.web.context import speaks_english
from tidu.web.enterprise.firm import Firm
from tidu.web.pages import Asked
from tidu.web.plain_forms import PlainForm

_NUMBER = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})


class AccountForm(PlainForm):
    """The account as it stands on the account permit."""

    holder = forms.CharField(
        label=gettext_lazy("户名"),
        max_length=200,
        help_text=gettext_lazy("与企业名称一致；奖补只发到本企业的账户。"),
    )
    bank = forms.CharField(
        label=gettext_lazy("开户银行"),
        max_length=120,
        help_text=gettext_lazy("写到支行，如“某某银行启明支行”。"),
    )
    number = forms.CharField(
        label=gettext_lazy("账号"),
        max_length=40,
        widget=_NUMBER,
        help_text=gettext_lazy("8 到 32 位数字；保存以后只显示末四位。"),
    )


class AgainForm(PlainForm):
    """The number a second time, so that a slip is not paid to somebody else."""

    again = forms.CharField(
        label=gettext_lazy("再填一遍账号"), max_length=40, widget=_NUMBER
    )


def my_entitlements(request: Asked, firm: Firm) -> HttpResponse:
    """The lists the firm is on, and its account."""
    return _page(request, firm)


@require_POST
def account_enter(request: Asked, firm: Firm) -> HttpResponse:
    """Keep an account; it counts once its number was typed again."""
    form = AccountForm(request.POST)
    if form.is_valid():
        try:
            enter_account(
                enterprise=firm.enterprise, by=request.actor, **form.cleaned_data
            )
        except AccountWrong as error:
            form.add_error(None, error.sentence(english=speaks_english()))
        else:
            messages.success(request, _("已保存；请再填一遍账号，确认以后才生效"))
            return redirect("my_entitlements")
    return _page(request, firm, account_form=form)


@require_POST
def account_confirm(request: Asked, firm: Firm) -> HttpResponse:
    """Type the number again; where both agree it counts."""
    form = AgainForm(request.POST)
    if form.is_valid():
        number = form.cleaned_data["again"]
        try:
            confirm_account(enterprise=firm.enterprise, number=number, by=request.actor)
        except AccountWrong as error:
            form.add_error("again", error.sentence(english=speaks_english()))
        else:
            messages.success(request, _("账户已确认"))
            return redirect("my_entitlements")
    return _page(request, firm, again_form=form)


def listed_now(firm: Firm) -> list[tuple[str, str]]:
    """What the firm's first page says: you are on a list, nothing to apply for."""
    found = []
    account = None
    for entry in listed(firm.enterprise).filter(
        state__in=(EntryState.KEPT, EntryState.RETURNED)
    )[:3]:
        account = account or account_of(firm.enterprise)
        what = _("“{title}”名单上有您，不用申请").format(title=entry.pay_list.title)
        if account is None:
            why = _("请填写并确认收款账户，否则发不出去")
        elif entry.state == EntryState.RETURNED:
            why = _("银行退回了，请核对账户：{reason}").format(reason=entry.reason)
        else:
            why = _("{amount} 元，发到账户 {account}").format(
                amount=f"{entry.amount:,.2f}", account=account.masked
            )
        found.append((what, why))
    return found


def _page(
    request: Asked,
    firm: Firm,
    *,
    account_form: AccountForm | None = None,
    again_form: AgainForm | None = None,
) -> HttpResponse:
    shown = account_form or again_form
    first = {"holder": firm.enterprise.name}
    context = {
        "firm": firm,
        "entries": list(listed(firm.enterprise)[:50]),
        "account": account_of(firm.enterprise),
        "to_confirm": account_to_confirm(firm.enterprise),
        "account_form": account_form or AccountForm(initial=first),
        "again_form": again_form or AgainForm(),
        "enter_url": reverse("account_enter"),
        "on": today(),
        "tab": "entitlements",
    }
    status = 422 if shown and shown.errors else 200
    return render(request, "enterprise/entitlements.html", context, status=status)
