"""Which expert must not review which case (回避), and for which reason?

Only confirmed identities bar an expert: a credit code, a person found to be that person
by somebody who may say so. What merely looks alike (a name, an unconfirmed match) is
listed apart, for a person to decide; it never bars anybody by itself.
"""

from __future__ import annotations

import dataclasses
import datetime
import enum
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from tidu.rules.language import N_, say


class TieKind(enum.StrEnum):
    """How somebody is tied to a party or a paper."""

    SELF = "self"  # is that party
    EMPLOYMENT = "employment"  # works or worked for it
    GROUP = "group"  # belongs to the same group of companies
    SHAREHOLDING = "shareholding"  # holds shares of it, or it of them
    IP = "ip"  # stands on that patent, software or design right
    DECLARED = "declared"  # declared by the expert
    PERSON = "person"  # knows an expert in person, as a firm declares


class Ground(enum.StrEnum):
    """Why an expert stays away."""

    SAME_ORGANISATION = "same_organisation"
    SHAREHOLDING = "shareholding"
    SHARED_IP = "shared_ip"
    DECLARED = "declared"
    DECLARED_BY_FIRM = "declared_by_firm"


SENTENCES = {
    Ground.SAME_ORGANISATION: N_("专家任职的单位与企业是同一单位或同一集团（{what}）"),
    Ground.SHAREHOLDING: N_("专家或其单位与企业之间有持股关系（{what}）"),
    Ground.SHARED_IP: N_("专家与企业同列一项知识产权（{what}）"),
    Ground.DECLARED: N_("专家自行申报回避（{what}）"),
    Ground.DECLARED_BY_FIRM: N_("企业申报与专家有关系（{what}）"),
}


@dataclasses.dataclass(frozen=True, slots=True)
class Tie:
    """One tie to a party (a credit code, a key such as ``name:…``) or an IP number.

    ``confirmed``: the identity behind ``party`` was confirmed, not only alike;
    ``source``: where it is known from; ``until``: when it ended, None while it lasts;
    ``shown``: what people read in place of a ``party`` that they do not know.
    """

    kind: TieKind
    party: str
    confirmed: bool
    source: str
    until: datetime.date | None = None
    shown: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Concerned:
    """An expert or the enterprise of a case, with all its ties; its own id first."""

    id: str
    ties: tuple[Tie, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Reason:
    """A ground, with the two ties that meet."""

    ground: Ground
    of_expert: Tie
    of_enterprise: Tie

    @property
    def confirmed(self) -> bool:
        """Both identities are."""
        return self.of_expert.confirmed and self.of_enterprise.confirmed

    def sentence(self, *, english: bool = False) -> str:
        """The reason with what the two have in common, and the two sources."""
        sources = dict.fromkeys((self.of_expert.source, self.of_enterprise.source))
        tie = self.of_expert
        prefix, mark, rest = tie.party.partition(":")
        shown = tie.shown or (rest if prefix == "name" else "" if mark else prefix)
        what = (shown, *sources) if shown else tuple(sources)
        return say(SENTENCES[self.ground], english, what=what)


Pair = tuple[str, str]  # case id, expert id


@dataclasses.dataclass(frozen=True)
class Conflicts:
    """``barred``: why each such pair must not be; ``hints``: what only seems so.

    A barred pair is not among the hints.
    """

    barred: Mapping[Pair, tuple[Reason, ...]]
    hints: Mapping[Pair, tuple[Reason, ...]]


# The expert's tie, the enterprise's tie → the ground
_MEETINGS: dict[tuple[TieKind, TieKind], Ground] = {
    (TieKind.EMPLOYMENT, TieKind.SELF): Ground.SAME_ORGANISATION,
    (TieKind.EMPLOYMENT, TieKind.GROUP): Ground.SAME_ORGANISATION,
    (TieKind.EMPLOYMENT, TieKind.SHAREHOLDING): Ground.SHAREHOLDING,
    (TieKind.SELF, TieKind.SHAREHOLDING): Ground.SHAREHOLDING,
    (TieKind.SHAREHOLDING, TieKind.SELF): Ground.SHAREHOLDING,
    (TieKind.SHAREHOLDING, TieKind.GROUP): Ground.SHAREHOLDING,
    (TieKind.IP, TieKind.IP): Ground.SHARED_IP,
    (TieKind.SELF, TieKind.PERSON): Ground.DECLARED_BY_FIRM,
    (TieKind.DECLARED, TieKind.SELF): Ground.DECLARED,
    (TieKind.DECLARED, TieKind.GROUP): Ground.DECLARED,
}


def find_conflicts(
    cases: Iterable[Concerned],
    experts: Iterable[Concerned],
    *,
    since: datetime.date | None = None,
) -> Conflicts:
    """Every pair with a reason; ties that ended before ``since`` no longer count.

    ``cases`` carry the case's id and the ties of its enterprise.
    """
    by_party: dict[str, list[tuple[str, Tie]]] = defaultdict(list)
    for expert in experts:
        for tie in _lasting(expert, since):
            by_party[tie.party].append((expert.id, tie))
    found: dict[Pair, list[Reason]] = defaultdict(list)
    for case in cases:
        for theirs in _lasting(case, since):
            for expert_id, tie in by_party.get(theirs.party, ()):
                ground = _MEETINGS.get((tie.kind, theirs.kind))
                if ground:
                    found[case.id, expert_id].append(Reason(ground, tie, theirs))
    barred, hints = {}, {}
    for pair, reasons in sorted(found.items()):
        certain = tuple(each for each in reasons if each.confirmed)
        if certain:
            barred[pair] = certain
        else:
            hints[pair] = tuple(reasons)
    return Conflicts(barred, hints)


def _lasting(side: Concerned, since: datetime.date | None) -> Iterator[Tie]:
    for tie in side.ties:
        if since is None or tie.until is None or tie.until >= since:
            yield tie
