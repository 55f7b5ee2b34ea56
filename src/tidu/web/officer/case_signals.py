"""The signals of a case on its file: each in full, and the form to note a look."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tidu.accounts.actors import Actor
from tidu.casework.enums import KnownAs, LookOutcome
from tidu.casework.integrity.applications import FigureSource
from tidu.casework.integrity.kinds import SignalKind
from tidu.casework.looking import reasons_for
from tidu.casework.models import Case
from tidu.casework.permissions import may_run_round
from tidu.casework.queries import Flag
from tidu.casework.signal_lists import seen_by
from tidu.casework.signal_models import CaseSignal
from tidu.casework.signal_permissions import may_look_into
from tidu.registry.enums import FilingSource
from tidu.rules.facts import split_key
from tidu.rules.naming import name_key
from tidu.rules.packs import Pack
from tidu.web.context import speaks_english
from tidu.web.plain_forms import PlainForm

LISTED = 12  # related cases named on a file


class LookForm(PlainForm):
    """What a look found, and whether the thing in common has a good reason."""

    outcome = forms.ChoiceField(
        label=_("看的结果"), choices=LookOutcome.choices, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=_("说明"),
        max_length=500,
        help_text=_("看了什么、问了谁、结论凭什么。企业看不到。"),
    )
    known_as = forms.ChoiceField(
        label=_("以后不再提示"),
        required=False,
        help_text=_("共用的东西有正常原因的才选；本单位的批次都不再为它提示。"),
    )

    def __init__(
        self, *args: Any, reasons: Sequence[KnownAs] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("不登记")), *((each.value, each.label) for each in reasons)]
        self.fields["known_as"].choices = choices  # type: ignore[attr-defined]
        if not reasons:
            del self.fields["known_as"]

    def given(self) -> dict[str, Any]:
        """As ``note_look`` takes it."""
        known = self.cleaned_data.get("known_as")
        return {
            "outcome": LookOutcome(self.cleaned_data["outcome"]),
            "note": self.cleaned_data["note"],
            "known_as": KnownAs(known) if known else None,
        }


@dataclasses.dataclass(frozen=True, slots=True)
class Block:
    """A signal on the file. ``related``: cases of the reader's territory with the same
    thing, at most LISTED of them; ``more``: how many others there are here;
    ``elsewhere``: how many are in other territories; ``evidence``: what it rests on in
    this case, named.
    """

    flag: Flag
    related: tuple[Case, ...]
    more: int
    elsewhere: int
    evidence: tuple[tuple[str, str], ...]
    form: LookForm | None


def blocks_of(
    actor: Actor,
    case: Case,
    flags: Sequence[Flag],
    pack: Pack,
    bad: Mapping[str, Any],
) -> list[Block]:
    """The signals of a file; ``bad``: forms that were not accepted. Three queries."""
    numbers = {pk for each in flags for pk in each.related}
    known = {each.pk: each for each in seen_by(actor, list(numbers))} if numbers else {}
    may = bool(may_look_into(actor, case))
    kept = {each.pk: each for each in case.signals.all()} if may and flags else {}
    found = []
    for flag in flags:
        here = [known[pk] for pk in flag.related if pk in known]
        form = None
        if flag.signal in kept:
            form = bad.get(f"look-{flag.signal}") or look_form(
                actor, case, kept[flag.signal]
            )
        found.append(
            Block(
                flag=flag,
                related=tuple(here[:LISTED]),
                more=max(len(here) - LISTED, 0),
                elsewhere=len(flag.related) - len(here),
                evidence=tuple(_evidence(flag, pack)),
                form=form,
            )
        )
    return found


def _evidence(flag: Flag, pack: Pack) -> Iterator[tuple[str, str]]:
    """Figures, rights and texts by name; the sentence has said the others.

    What is said of a ratio is the ratio itself, which is neither of its figures.
    """
    if flag.kind == SignalKind.FAR_FROM_PEERS:
        return
    sources = {
        FigureSource.EARLIER_FILING: str(_("以前提交的")),
        FigureSource.TAX: FilingSource.TAX.label,
        FigureSource.ANNUAL_REPORT: FilingSource.ANNUAL_REPORT.label,
    }
    for where, shown in flag.places[:LISTED]:
        field, _slash, rest = where.partition("/")
        if field == "figures":
            key, _slash, source = rest.partition("/")
            if split_key(key)[0] not in pack.facts:
                continue
            name = name_key(key, pack.words, english=speaks_english())
            said = sources.get(FigureSource(source)) if source else None
            yield (f"{name}（{said}）" if said else name), shown
        elif field in {"rights", "narratives"}:
            yield rest, shown


def look_form(
    actor: Actor, case: Case, signal: CaseSignal, data: Any = None
) -> LookForm:
    """The form of one signal; good reasons are offered to who runs the round."""
    reasons = reasons_for(signal) if may_run_round(actor, case.round) else ()
    return LookForm(data, prefix=f"look-{signal.pk}", reasons=reasons)
