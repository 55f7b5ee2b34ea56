"""Objections to a firm's case as the firm reads and answers them."""

from __future__ import annotations

import dataclasses
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tidu.accounts.actors import Actor
from tidu.casework.models import Case
from tidu.casework.notice_models import Objection
from tidu.casework.objecting import (
    clock_of,
    may_reply,
    objections_to,
    said_to_firm,
)
from tidu.web.context import speaks_english
from tidu.web.plain_forms import PlainForm


class ReplyForm(PlainForm):
    """What the firm says to one objection."""

    text = forms.CharField(
        label=_("本企业的说明"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("写明事实和依据；只能说明一次，交上以后不能改。"),
    )

    def __init__(self, *args: Any, objection: Objection, **kwargs: Any) -> None:
        super().__init__(*args, prefix=f"objection-{objection.pk}", **kwargs)
        self.objection = objection


@dataclasses.dataclass(frozen=True, slots=True)
class Objected:
    """An objection as the firm reads it: the text without who said it, the clock, and
    the form where it may still answer.
    """

    objection: Objection
    text: str
    clock: str
    form: ReplyForm | None


def objections_shown(actor: Actor, case: Case, bad: ReplyForm | None) -> list[Objected]:
    """All of a case; ``bad``: a form that was not accepted."""
    english = speaks_english()
    found = []
    for each in objections_to(case):
        form = ReplyForm(objection=each) if may_reply(actor, each) else None
        if form and bad and bad.objection == each:
            form = bad
        clock = clock_of(each).sentence(english=english)
        found.append(Objected(each, said_to_firm(each), clock, form))
    return found
