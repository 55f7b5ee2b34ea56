"""What is wrong with a pack, said with its place and a remedy."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping

from tidu.rules.coverage import Wanted
from tidu.rules.documents import NUMBERED_CLAUSE
from tidu.rules.language import N_, translate
from tidu.rules.outcomes import MANUAL, MET, UNKNOWN, UNMET

Headings = Mapping[str, set[str]]
"""Document → the clauses that have a heading in it."""

_OUTCOME_WORDS = {
    MET: N_("符合"),
    UNMET: N_("不符合"),
    UNKNOWN: N_("缺数据"),
    MANUAL: N_("待人工认定"),
}


@dataclasses.dataclass(frozen=True, slots=True)
class Complaint:
    """One thing to mend in a pack: where, what, and the remedy.

    ``what`` and ``remedy`` are texts to translate, with ``details`` put in; a detail
    of ``words`` is a text to translate itself.
    """

    place: str
    what: str
    remedy: str = ""
    details: Mapping[str, str] = dataclasses.field(default_factory=dict)
    words: Mapping[str, str] = dataclasses.field(default_factory=dict)

    def sentence(self, *, english: bool = False) -> str:
        """``place: what；remedy``, as errors of a pack are written."""
        details = dict(self.details)
        details |= {key: translate(msgid, english) for key, msgid in self.words.items()}
        parts = [
            translate(each, english).format_map(details) if details else each
            for each in (self.what, self.remedy)
            if each
        ]
        return f"{self.place}: {translate(N_('；'), english).join(parts)}"


def complain_of(left: Wanted) -> Iterator[Complaint]:
    """What is still wanted when all examples have been looked at."""
    place = left.place
    remedy = N_("请在 examples 里补一个，并在 expect 中写上 {owner}")
    names = {"id": left.name, "owner": left.owner}
    for outcome, word in _OUTCOME_WORDS.items():
        if outcome in left.outcomes:
            what = N_("条件 {id} 没有“{outcome}”的示例")
            yield Complaint(place, what, remedy, names, {"outcome": word})
    for border in left.borders:
        what = N_("条件 {id} 没有恰好在界线上的示例：{border}")
        yield Complaint(place, what, remedy, names | {"border": border})


def without_heading(
    place: str, document: str, clauses: Iterable[str], headings: Headings
) -> Iterator[Complaint]:
    """Clauses that have no heading in their document, each once.

    A clause that names another document by its number is looked for there.
    """
    for clause in dict.fromkeys(c for text in clauses for c in text.split("、") if c):
        holder = document
        if numbered := NUMBERED_CLAUSE.match(clause):
            start = f"{numbered[1]}-"
            holder = next((d for d in headings if d.startswith(start)), start)
        if clause not in headings.get(holder, ()):
            yield no_heading(place, clause, holder)


def no_heading(place: str, clause: str, document: str) -> Complaint:
    """What is said of a clause that stands nowhere."""
    return Complaint(
        place,
        N_("条款“{clause}”在 documents/{document}.md 中没有标题"),
        N_("请在文件里写一节“## {clause}”，用自己的话复述条款"),
        {"clause": clause, "document": document},
    )
