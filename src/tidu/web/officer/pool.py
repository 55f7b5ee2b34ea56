"""The cultivation pool: who is one step away, what runs out, who has not filed."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

from django.db import models
from django.db.models.functions import Cast, Length
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from tidu.accounts.actors import Actor, scope_of
from tidu.accounts.permissions import may_act_for_authority
from tidu.eligibility.models import CurrentStanding
from tidu.eligibility.pool import (
    MONTHS,
    Group,
    Step,
    criteria_of,
    expiring,
    near,
    not_filed,
    pool_of,
)
from tidu.rules.ladder import RUNGS
from tidu.web.context import speaks_english
from tidu.web.officer.exports import TakenOut, exported, firm_cells, firm_heads
from tidu.web.pages import Asked, page
from tidu.web.paging import address, leaf_through
from tidu.web.wording import asked_word, place_word, scheme_word

SCHEMES = tuple(scheme for rung in RUNGS for scheme in rung)
_DEFAULT = "srdi_sme"
_SHOWN = 3


@dataclasses.dataclass(frozen=True, slots=True)
class StepRow:
    """A step in words, with its share of the largest one for a bar, and its link."""

    label: str
    count: int
    share: int
    url: str
    chosen: bool


@dataclasses.dataclass(frozen=True, slots=True)
class NearRow:
    """A firm near a title, in words: what is unmet, what is open, figures it lacks."""

    standing: CurrentStanding
    step: str
    open: str
    missing: str
    score: str


@page(may=may_act_for_authority)
def pool(request: Asked) -> HttpResponse:
    scheme, place = _asked(request)
    labels = _labels(request.actor, scheme)
    found = pool_of(request.actor, scheme, place=scope_of(place))
    group = _group(request, found.firms)
    leaf = leaf_through(_chosen(request, scheme, group, place), request.GET)
    rows = [_row(each, labels) for each in leaf.items]
    context = {
        "schemes": [(each, scheme_word(each), each == scheme) for each in SCHEMES],
        "scheme": scheme,
        "place": place,
        "pool": found,
        "failing": _steps(request, found.failing, "step", labels),
        "open": _steps(request, found.open, "open", labels),
        "groups": _groups(request, found.firms, group),
        "group": group.value,
        "firms": {each.value: count for each, count in found.firms.items()},
        "places": [(c, place_word(c), *counts) for c, *counts in found.places],
        "leaf": leaf,
        "rows": rows,
        "scored": any(each.score for each in rows),
        "chosen": labels.get(request.GET.get("step") or request.GET.get("open", "")),
        "all": address(request.GET, step="", open="", page=""),
        "query": address(request.GET, group=group.value, page=""),
    }
    return render(request, "officer/pool.html", context)


@page(may=may_act_for_authority)
def pool_export(request: Asked, form: str) -> HttpResponseBase:
    scheme, place = _asked(request)
    rows = _chosen(request, scheme, _group(request, {}), place)
    taken = TakenOut(
        _("培育池"),
        [
            *firm_heads(),
            _("不符合的条件"),
            _("缺数据的条件"),
            _("还缺的数据"),
            _("得分"),
        ],
        _lines(request.actor, scheme, rows),
        rows.count(),
    )
    filters = request.GET.urlencode()[:500]
    return exported(request, form, taken, what="pool", filters=filters)


@page(may=may_act_for_authority)
def titles_expiring(request: Asked) -> HttpResponse:
    typed = request.GET.get("months", "")
    months = int(typed) if typed in {str(each) for each in MONTHS} else MONTHS[0]
    today = timezone.localdate()
    leaf = leaf_through(expiring(request.actor, today, months), request.GET)
    context = {"leaf": leaf, "months": months, "choices": MONTHS, "today": today}
    return render(request, "officer/expiring.html", context)


@page(may=may_act_for_authority)
def silent_firms(request: Asked) -> HttpResponse:
    year = timezone.localdate().year
    leaf = leaf_through(not_filed(request.actor, year), request.GET, full=False)
    return render(request, "officer/silent_firms.html", {"leaf": leaf, "year": year})


@page(may=may_act_for_authority)
def list_export(request: Asked, what: str, form: str) -> HttpResponseBase:
    """Titles that run out within a year, or firms that have not filed this year."""
    if what not in {"expiring", "silent"}:
        raise Http404
    today = timezone.localdate()
    columns = firm_heads()
    if what == "expiring":
        titles = expiring(request.actor, today, MONTHS[-1])
        columns += [_("称号"), _("有效期至")]
        count, name = titles.count(), _("即将到期的称号")
        rows: Iterator[list[Any]] = (
            [*firm_cells(t.enterprise), scheme_word(t.scheme), t.valid_until]
            for t in titles.iterator(chunk_size=1000)
        )
    else:
        firms = not_filed(request.actor, today.year).defer("current__entries")
        columns += [_("数据更新")]
        count, name = firms.count(), _("今年没有填报的企业")
        rows = (
            [*firm_cells(each), each.current.updated_at.date()]
            for each in firms.iterator(chunk_size=1000)
        )
    return exported(request, form, TakenOut(name, columns, rows, count), what=what)


def _asked(request: Asked) -> tuple[str, str]:
    scheme = request.GET.get("scheme", "")
    place = request.GET.get("place", "")
    fits = place.isdecimal() and len(place) == 6  # noqa: PLR2004 - a code
    return scheme if scheme in SCHEMES else _DEFAULT, place if fits else ""


def _group(request: Asked, firms: Mapping[Group, int]) -> Group:
    """The group that is listed: the one clicked on, else the nearest with any firms."""
    if request.GET.get("open"):
        return Group.DATA
    if request.GET.get("step"):
        return Group.STEP
    typed = request.GET.get("group", "")
    if typed in list(Group):
        return Group(typed)
    return next((each for each in Group if firms.get(each)), Group.STEP)


def _groups(
    request: Asked, firms: Mapping[Group, int], chosen: Group
) -> list[tuple[str, int, str, bool]]:
    """Each group in words, with its count, its address, and whether it is listed."""
    words = {
        Group.STEP: _("差一步"),
        Group.DATA: _("只缺数据"),
        Group.BOTH: _("差一项，又缺数据"),
    }
    return [
        (
            word,
            firms[each],
            address(request.GET, group=each.value, step="", open="", page=""),
            each is chosen,
        )
        for each, word in words.items()
    ]


def _chosen(
    request: Asked, scheme: str, group: Group, place: str
) -> models.QuerySet[CurrentStanding]:
    """The firms of the group, of the criterion that was clicked on; nearest first."""
    rows = near(request.actor, scheme, group, place=scope_of(place))
    if step := request.GET.get("step"):
        rows = rows.filter(failing=[step])
    elif still_open := request.GET.get("open"):
        rows = rows.filter(open__icontains=f'"{still_open}"')
    # The text of a list of keys grows with it: who lacks least comes first.
    lacking = Length(Cast("missing", models.TextField()))
    rows = rows.select_related("enterprise")
    return rows.order_by(lacking, F_SCORE, "enterprise_id")


F_SCORE = models.F("score_low").desc(nulls_last=True)


def _labels(actor: Actor, scheme: str) -> dict[str, str]:
    territory = actor.organisation.territory if actor.organisation else ""
    english = speaks_english()
    criteria = criteria_of(scheme, territory, timezone.localdate())
    return {key: each.label.say(english=english) for key, each in criteria.items()}


def _steps(
    request: Asked, steps: tuple[Step, ...], name: str, labels: dict[str, str]
) -> list[StepRow]:
    most = max((each.count for each in steps), default=1)
    other = "open" if name == "step" else "step"
    return [
        StepRow(
            labels.get(each.id, each.id),
            each.count,
            each.count * 100 // most,
            address(request.GET, **{name: each.id, other: "", "page": ""}),
            request.GET.get(name) == each.id,
        )
        for each in steps
    ]


def _row(standing: CurrentStanding, labels: dict[str, str]) -> NearRow:
    low, high = standing.score_low, standing.score_high
    score = "" if low is None else f"{low:g}" if low == high else f"{low:g}～{high:g}"
    return NearRow(
        standing,
        _some([labels.get(each, each) for each in standing.failing]),
        _some([labels.get(each, each) for each in standing.open]),
        _some([asked_word(each) for each in standing.missing]),
        score,
    )


def _some(names: list[str]) -> str:
    """The first few names, and how many there are."""
    shown = _("、").join(names[:_SHOWN])
    if len(names) <= _SHOWN:
        return shown
    return _("{names}等{count}项").format(names=shown, count=len(names))


def _lines(
    actor: Actor, scheme: str, rows: models.QuerySet[CurrentStanding]
) -> Iterator[list[Any]]:
    labels, between = _labels(actor, scheme), _("、")
    for standing in rows.iterator(chunk_size=1000):
        named = (
            [labels.get(each, each) for each in standing.failing],
            [labels.get(each, each) for each in standing.open],
            [asked_word(each) for each in standing.missing],
        )
        words = [between.join(each) for each in named]
        yield [*firm_cells(standing.enterprise), *words, _row(standing, labels).score]
