"""The jobs of recognition lists: compare names, record titles, take them back.

Every chunk is one transaction that locks the list and marks its rows as done, so that a
run that dies loses nothing, and two runs at once repeat nothing.
"""

from __future__ import annotations

import datetime
import logging

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from huey import crontab
from huey.contrib.djhuey import db_periodic_task, db_task

from tidu.accounts.actors import SYSTEM, Actor, scope_of
from tidu.accounts.models import Membership
from tidu.audit.actions import record
from tidu.intake.name_lists import NameList, read_name_list
from tidu.registry.actions import enter_enterprise
from tidu.registry.asked_language import language_of
from tidu.registry.enums import ListState, SameFirm
from tidu.registry.imports.files import named_file
from tidu.registry.models import Enterprise, HeldTitle
from tidu.registry.queries import figures_filed
from tidu.registry.title_list_models import ListedName, TitleList
from tidu.registry.title_lists.matching import names_of
from tidu.registry.titles import record_title, withdraw_title

SILENCE = datetime.timedelta(minutes=2)
RUNNING = (ListState.MATCHING, ListState.COMMITTING, ListState.UNDOING)
UNDO_REASON = "撤回名单：{file}"
_CHUNK = 100
_log = logging.getLogger(__name__)


@db_task()  # type: ignore[untyped-decorator]
def run_list(pk: int) -> None:
    """Do what the list's state asks for, until it is done."""
    summary = TitleList.objects.values_list("summary", flat=True).get(pk=pk)
    with language_of(summary):
        _run(pk)


def _run(pk: int) -> None:
    try:
        while _step(pk):
            pass
    except Exception as error:  # noqa: BLE001 - the page must not say that it runs
        _log.exception("list %s", pk)
        said = _("程序出错，没有完成（{error}）；已登记的已保存，两分钟后自动接着做")
        TitleList.objects.filter(pk=pk).update(
            message=said.format(error=type(error).__name__)
        )


@db_periodic_task(crontab(minute="*"))  # type: ignore[untyped-decorator]
def resume_lists() -> None:
    """Take up lists of which nothing has been heard."""
    silent = timezone.now() - SILENCE
    found = TitleList.objects.filter(state__in=RUNNING, touched_at__lt=silent)
    for pk in found.values_list("pk", flat=True):
        run_list(pk)


def read_names(titles: TitleList) -> NameList:
    """The lines of the kept file. Raises UnreadableFile."""
    with named_file(titles.blob, titles.file_name) as path:
        return read_name_list(path)


@transaction.atomic
def _step(pk: int) -> bool:
    """One chunk; whether there is another."""
    rows = TitleList.objects.select_for_update(of=("self",))
    titles = rows.select_related("organisation", "blob").get(pk=pk)
    titles.touched_at = timezone.now()
    match titles.state:
        case ListState.MATCHING:
            _match(titles)
            more = False
        case ListState.COMMITTING:
            more = _commit(titles)
        case ListState.UNDOING:
            more = _undo(titles)
        case _:
            return False
    titles.save()
    return more


def _match(titles: TitleList) -> None:
    found = read_names(titles)
    titles.names.all().delete()
    ListedName.objects.bulk_create(names_of(titles, found.rows), batch_size=500)
    titles.summary["doubts"] = [list(each) for each in found.doubts[:50]]
    titles.state = ListState.OPEN


def _commit(titles: TitleList) -> bool:
    by = actor_of(titles)
    waiting = titles.names.filter(done=False).exclude(choice__in=["", SameFirm.SKIP])
    some = list(waiting.select_related("enterprise")[:_CHUNK])
    for each in some:
        if each.choice == SameFirm.NEW:
            each.enterprise = _enter(titles, each, by)
            each.entered = True
        each.title = _record(titles, each, by)
        each.done = True
        each.save(update_fields=["enterprise", "entered", "title", "done"])
    if some:
        return True
    titles.state, titles.committed_at = ListState.COMMITTED, timezone.now()
    names = titles.names
    titles.summary |= {
        "recorded": names.filter(title__isnull=False).count(),
        "entered": names.filter(entered=True).count(),
        "there": names.filter(done=True, title=None).count(),
        "left": names.filter(done=False).count(),
    }
    _tell("committed", titles, by, "recorded", "entered", "there", "left")
    return False


def _enter(titles: TitleList, each: ListedName, by: Actor) -> Enterprise:
    """Enter a firm that the registry does not know, where the list puts it."""
    own = titles.organisation.territory
    place = (
        each.division if len(each.division.rstrip("0")) > len(own.rstrip("0")) else own
    )
    code = each.uscc or None
    if code and Enterprise.objects.filter(uscc=code).exists():
        code = None  # another territory's firm: for a person to clear up
    return enter_enterprise(name=each.name, uscc=code, territory=place, by=by)


def _record(titles: TitleList, each: ListedName, by: Actor) -> HeldTitle | None:
    """The title of a row; none where it is recorded already, or the firm has left."""
    firm = each.enterprise
    assert firm is not None
    inside = firm.territory.startswith(scope_of(titles.organisation.territory))
    if firm.closed_at or firm.merged_into_id or not inside:
        return None
    start = each.valid_from or titles.valid_from
    end = each.valid_until or titles.valid_until
    if end and end < start:
        end = titles.valid_until
    if HeldTitle.objects.filter(
        enterprise=firm, scheme=titles.scheme, valid_from=start
    ).exists():
        return None
    return record_title(
        enterprise=firm,
        scheme=titles.scheme,
        valid_from=start,
        valid_until=end,
        source=f"{titles.source}，{titles.file_name} 第{each.row}行"[:300],
        batch_name=titles.batch_name,
        by=by,
    )


def _undo(titles: TitleList) -> bool:
    """Take titles back; one that was revoked since stays, with its firm."""
    by = actor_of(titles)
    taken = titles.names.filter(title__isnull=False, title__revoked_on=None)
    some = list(taken.select_related("title", "enterprise")[:_CHUNK])
    for each in some:
        title = each.title
        assert title is not None
        each.title = None
        each.save(update_fields=["title"])
        withdraw_title(title=title, by=by, list=titles.pk)
    if some:
        return True
    entered = titles.names.filter(entered=True).values("enterprise")
    bare = Enterprise.objects.filter(
        pk__in=entered, closed_at=None, organisation=None, titles=None, evidence=None
    ).exclude(pk__in=figures_filed().filter(withdrawn_at=None).values("enterprise"))
    titles.summary["closed"] = bare.update(
        closed_at=titles.undone_at,
        closed_reason=UNDO_REASON.format(file=titles.file_name)[:200],
    )
    titles.summary["kept"] = titles.names.filter(title__isnull=False).count()
    titles.state = ListState.UNDONE
    _tell("undone", titles, by, "closed", "kept")
    return False


def actor_of(titles: TitleList) -> Actor:
    """Who asked for the job that runs."""
    number = titles.summary.get("membership")
    members = Membership.objects.select_related("user", "organisation")
    found = members.filter(pk=number).first() if number else None
    return Actor(found.user, found) if found else SYSTEM


def _tell(what: str, titles: TitleList, by: Actor, *figures: str) -> None:
    record(
        action=f"registry.list_{what}",
        by=by,
        about=titles,
        territory=titles.organisation.territory,
        data={"file": titles.file_name, **{f: titles.summary[f] for f in figures}},
    )
