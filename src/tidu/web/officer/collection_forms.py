"""What an officer types to run a collection round."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tidu.accounts.actors import Actor
from tidu.registry.enums import FilingSource
from tidu.registry.models import Segment
from tidu.rules.library import default_library
from tidu.rules.rulesets import Kind
from tidu.web.wording import scheme_word

RETURN_SOURCES = (FilingSource.ENTERPRISE, FilingSource.STATEMENT, FilingSource.IMPORT)
MOST_FILES = settings.DATA_UPLOAD_MAX_NUMBER_FILES or 100
ALL, FILTERED = "all", "filtered"
_WEEKS = 2


class DateInput(forms.DateInput):
    """The browser's own date field."""

    def __init__(self) -> None:
        super().__init__(
            attrs={"type": "date", "class": "form-control"}, format="%Y-%m-%d"
        )


class RoundForm(forms.Form):
    """What is asked, of whom, by when."""

    title = forms.CharField(
        label=_("标题"),
        max_length=100,
        help_text=_("企业在通知和填报表上看到的就是它。"),
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )
    schemes = forms.MultipleChoiceField(
        label=_("为哪几项认定收集"),
        help_text=_("只问这几项在那一天用得到的数；选得越少，表越短。"),
        widget=forms.CheckboxSelectMultiple(),
        error_messages={"required": _("至少选一项")},
    )
    scope = forms.ChoiceField(
        label=_("哪些企业"), widget=forms.Select(attrs={"class": "form-select"})
    )
    filters = forms.CharField(required=False, max_length=2000, widget=forms.HiddenInput)
    on = forms.DateField(
        label=_("按哪一天的标准"),
        help_text=_("“上年度”按这一天的上一年算。"),
        widget=DateInput(),
    )
    due = forms.DateField(label=_("截止日期"), widget=DateInput())
    hand_in = forms.CharField(
        label=_("交到哪里"),
        max_length=200,
        help_text=_("邮箱、网盘或办公地点，写在通知上。"),
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )
    contact_name = forms.CharField(
        label=_("本单位联系人"),
        max_length=50,
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )
    contact_phone = forms.CharField(
        label=_("联系电话"),
        max_length=30,
        widget=forms.TextInput(attrs={"class": "form-control", "type": "tel"}),
    )

    def __init__(self, actor: Actor, filters: str, *args: Any, **kwargs: Any) -> None:
        today = timezone.localdate()
        kwargs.setdefault(
            "initial",
            {
                "title": str(_("{year}年优质中小企业摸底")).format(year=today.year),
                "schemes": ["srdi_sme"],
                "scope": FILTERED if filters else ALL,
                "filters": filters,
                "on": today,
                "due": today + datetime.timedelta(weeks=_WEEKS),
                "contact_name": actor.name,
                "contact_phone": actor.user.phone if actor.user else "",
            },
        )
        super().__init__(*args, **kwargs)
        schemes = default_library().national.schemes
        self.fields["schemes"].choices = [(s, scheme_word(s)) for s in schemes]  # type: ignore[attr-defined]
        self.segments = {
            f"segment-{each.pk}": each
            for each in Segment.objects.filter(organisation=actor.organisation)
        }
        choices: list[tuple[str, Any]] = [(ALL, _("本区划内全部在库企业"))]
        if filters:
            choices.append((FILTERED, _("刚才在企业库筛选出的企业")))
        choices += [
            (key, _("常用筛选：{name}").format(name=each.name))
            for key, each in self.segments.items()
        ]
        self.fields["scope"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        on, due = given.get("on"), given.get("due")
        if due and due < timezone.localdate():
            self.add_error("due", str(_("截止日期已经过了；请写今天或以后的日期")))
        dated = [each for each in given.get("schemes", ()) if _has_standard(each, on)]
        if on and given.get("schemes") and not dated:
            self.add_error("on", str(_("选的认定在这一天都没有标准；请换一个日期")))
        return given

    def chosen_filters(self) -> str:
        """The registry's filter that chooses the firms, as an address has it."""
        scope = self.cleaned_data["scope"]
        if scope == FILTERED:
            return str(self.cleaned_data["filters"])
        return self.segments[scope].query if scope in self.segments else ""


def _has_standard(scheme: str, day: datetime.date | None) -> bool:
    """Whether a scheme has a rule set on a day."""
    found = default_library().national.schemes[scheme]
    return day is not None and found.which(Kind.NEW, day) is not None


class SeveralFiles(forms.FileField):
    """One or more files."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.ClearableFileInput()
        widget.allow_multiple_selected = True
        widget.attrs = {"multiple": True, "class": "form-control"}
        super().__init__(widget=widget, **kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = data if isinstance(data, list | tuple) else [data]
        files = files or [None]
        return [super(SeveralFiles, self).clean(each, initial) for each in files]


class ReturnForm(forms.Form):
    """Files that came back."""

    returned = SeveralFiles(
        label=_("收回的表"),
        help_text=_(
            "一次最多 {most} 个，每个最大 100 MB。总表、企业填报表、"
            "企业自己的资产负债表和利润表都可以。"
        ),
        error_messages={"required": _("请选择文件")},
    )
    source = forms.ChoiceField(
        label=_("数据来源"),
        choices=[(each.value, each.label) for each in RETURN_SOURCES],
        help_text=_("企业盖章或本人填的选“企业填报”；自己汇总的选“表格导入”。"),
        widget=forms.Select(attrs={"class": "form-select"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        files = self.fields["returned"]
        files.help_text = str(files.help_text).format(most=MOST_FILES)

    def clean_returned(self) -> list[Any]:
        files: list[Any] = self.cleaned_data["returned"]
        for each in files:
            if each.size > settings.UPLOAD_LIMIT:
                said = _("{name} 太大，超过 {most} MB；请分成几个文件")
                raise forms.ValidationError(
                    str(said).format(
                        name=each.name, most=settings.UPLOAD_LIMIT // 2**20
                    )
                )
        return files


class ReminderForm(forms.Form):
    """When firms were reminded, and with what result."""

    on = forms.DateField(label=_("催报日期"), widget=DateInput())
    note = forms.CharField(
        label=_("备注"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )

    def clean_on(self) -> datetime.date:
        day: datetime.date = self.cleaned_data["on"]
        if day > timezone.localdate():
            raise forms.ValidationError(str(_("这一天还没有到；请写催报的日期")))
        return day


class ContactForm(forms.Form):
    """Whom to call at a firm."""

    name = forms.CharField(
        label=_("联系人"),
        max_length=50,
        required=False,
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )
    phone = forms.RegexField(
        r"^[0-9+()（）\- 转]{5,30}$",
        label=_("电话"),
        required=False,
        error_messages={"invalid": _("电话写数字、空格和横线，如 0571-1234567")},
        widget=forms.TextInput(attrs={"class": "form-control", "type": "tel"}),
    )


class ContactListForm(forms.Form):
    """A list of contacts."""

    file = forms.FileField(
        label=_("联系人表"),
        help_text=_("xlsx 或 csv；要有企业名称或代码，和“联系人”“电话”两列。"),
        error_messages={"required": _("请选择一个文件")},
        widget=forms.ClearableFileInput(attrs={"class": "form-control"}),
    )
