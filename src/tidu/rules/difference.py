"""What changed between two editions of a standard, clause by clause, for a reader.

Criteria are the same where their ids are. Where an id changed, the two that read most
of the same figures belong together (R&D of one year, R&D of each of two years), and a
criterion all of whose figures another one took over is merged into it. So no pack has
to say what replaces what, and every two editions can be compared as they stand.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from fractions import Fraction

from tidu.rules import nodes
from tidu.rules.alterations import (
    LOOSER,
    NEUTRAL,
    OTHER,
    STRICTER,
    Point,
    compare,
)
from tidu.rules.describing import Describer
from tidu.rules.language import N_
from tidu.rules.library import default_library
from tidu.rules.rulesets import Criterion, Kind, RuleSet, Scheme, ScoreItem
from tidu.rules.units import plain
from tidu.rules.vocabulary import Text, Words

ADDED = "added"
REMOVED = "removed"
MERGED = "merged"
MIXED = "mixed"
SAME = "same"

_HEADINGS = {
    STRICTER: N_("【更严】{label}"),
    LOOSER: N_("【更松】{label}"),
    MIXED: N_("【有严有松】{label}"),
    OTHER: N_("【改变】{label}"),
    ADDED: N_("【新增】{label}"),
    REMOVED: N_("【取消】{label}"),
    MERGED: N_("【并入】{label}"),
    SAME: N_("【没有变化】{label}"),
}
_LEAST_ALIKE = Fraction(
    1, 3
)  # of all the figures two criteria read, so many are common
_SCORE_CARD = Text("评分表", "Score card")


@dataclasses.dataclass(frozen=True, slots=True)
class Change:
    """What became of a criterion or a score item, or what all stayed as it was.

    ``kind`` is one of added, removed, merged, stricter, looser, mixed, other, same.
    ``earlier`` and ``later`` name document and clause, empty where it did not stand.
    """

    kind: str
    id: str
    labels: tuple[Text, ...]
    points: tuple[Point, ...]
    earlier: str
    later: str
    words: Words

    def sentence(self, *, english: bool = False) -> str:
        """A line that names the change, one for each point, one with the clauses."""
        d = Describer(self.words, english=english)
        label = d.text(N_("、")).join(each.say(english=english) for each in self.labels)
        lines = [d.text(_HEADINGS[self.kind], label=label)]
        lines += [f"  · {each.say(d)}" for each in self.points]
        clauses = " → ".join(each for each in (self.earlier, self.later) if each)
        if clauses:
            lines.append(d.text(N_("    依据：{clauses}"), clauses=clauses))
        return "\n".join(lines)


def diff(
    scheme: Scheme, earlier: RuleSet, later: RuleSet, words: Words | None = None
) -> list[Change]:
    """Every change from one edition of a scheme to another, in the later one's order.

    ``words`` names the facts; without it, those of the national pack are used.
    """
    assert {earlier.scheme, later.scheme} == {scheme.id}
    known = words or default_library().national.words
    return list(_Comparison(earlier, later, known).changes())


@dataclasses.dataclass(frozen=True, slots=True)
class _Leaf:
    """A criterion without parts: ``alternative`` if another one may stand in for it."""

    criterion: Criterion
    alternative: bool = False
    advice: bool = False

    @property
    def id(self) -> str:
        return self.criterion.id

    @property
    def tree(self) -> nodes.Node:
        return self.criterion.tree(Kind.NEW)

    @property
    def figures(self) -> frozenset[str]:
        return figures(self.tree)


def _leaves(rule_set: RuleSet) -> Iterator[_Leaf]:
    def below(criterion: Criterion, *, alternative: bool) -> Iterator[_Leaf]:
        if not criterion.parts:
            yield _Leaf(criterion, alternative)
        for part in criterion.parts:
            yield from below(part, alternative=criterion.any_of)

    for top in rule_set.criteria:
        yield from below(top, alternative=False)
    for top in rule_set.advice:
        yield _Leaf(top, advice=True)


def figures(tree: nodes.Node) -> frozenset[str]:
    """What a tree reads: facts, tables, and that it asks for growth or for points."""
    found = set()
    for node in nodes.walk(tree):
        match node:
            case nodes.FactRef(fact_id):
                found.add(fact_id)
            case nodes.Grade(table):
                found.add(f"({table.id})")
            case nodes.Growth():
                found.add("(growth)")
            case nodes.Number(_, "分"):
                found.add("(points)")
    return frozenset(found)


def _alike(one: _Leaf, other: _Leaf) -> Fraction:
    either = one.figures | other.figures
    return Fraction(len(one.figures & other.figures), max(1, len(either)))


class _Comparison:
    """Two editions side by side; a trailing ``old`` or ``new`` says which."""

    def __init__(self, earlier: RuleSet, later: RuleSet, words: Words) -> None:
        self.earlier = earlier
        self.later = later
        self.words = words
        self.old = {leaf.id: leaf for leaf in _leaves(earlier)}
        self.new = {leaf.id: leaf for leaf in _leaves(later)}
        self.partners = self._partners()  # new id → old id
        self.merged = self._merged()  # old id → new id

    def _partners(self) -> dict[str, str]:
        partners = {each: each for each in self.new if each in self.old}
        pairs = [
            (new, old)
            for new in self.new.values()
            for old in self.old.values()
            if not (new.advice or old.advice)
        ]
        for new, old in sorted(pairs, key=lambda pair: _alike(*pair), reverse=True):
            free = new.id not in partners and old.id not in partners.values()
            if free and _alike(new, old) >= _LEAST_ALIKE:
                partners[new.id] = old.id
        return partners

    def _merged(self) -> dict[str, str]:
        found = {}
        for old in self.old.values():
            if old.id in self.partners.values():
                continue
            for new_id, old_id in self.partners.items():
                before = self.old[old_id].figures
                if old.figures <= self.new[new_id].figures and old.figures - before:
                    found[old.id] = new_id
        return found

    def changes(self) -> Iterator[Change]:
        same = []
        for new in self.new.values():
            if new.id not in self.partners:
                yield self._added(new)
                continue
            change = self._changed(self.old[self.partners[new.id]], new)
            if change.points:
                yield change
            else:
                same.append(new.criterion.label)
        for old in self.old.values():
            if old.id in self.merged:
                yield self._merged_into(old, self.new[self.merged[old.id]])
            elif old.id not in self.partners.values():
                yield self._removed(old)
        yield from self._score_cards()
        if same:
            yield Change(SAME, "", tuple(same), (), "", "", self.words)

    def _change(
        self, kind: str, old: _Leaf | None, new: _Leaf | None, points: list[Point]
    ) -> Change:
        about = new or old
        assert about is not None
        return Change(
            kind,
            about.id,
            (about.criterion.label,),
            tuple(points),
            _source(self.earlier, old.criterion.clause) if old else "",
            _source(self.later, new.criterion.clause) if new else "",
            self.words,
        )

    def _added(self, new: _Leaf) -> Change:
        points = [Point(lambda d: d.condition(new.tree))]
        if new.advice:
            points.append(_plain(N_("只作参考，不影响结论")))
        elif new.alternative:
            points.append(_plain(N_("满足这一项，可以代替同组的其他条件")))
        else:
            points += self._was_scored(new)
        points += [*_kinds(None, new), *_again(None, new), *_notes(None, new)]
        return self._change(ADDED, None, new, points)

    def _was_scored(self, new: _Leaf) -> Iterator[Point]:
        """What only earned points before."""
        for item in self.earlier.items:
            if figures(item.points) == new.figures:
                yield _scored(item.clause, plain(item.max))

    def _removed(self, old: _Leaf) -> Change:
        text = N_("以前：{condition}")
        points = [Point(lambda d: d.text(text, condition=d.condition(old.tree)))]
        if old.advice:
            points.append(_plain(N_("只作参考，不影响结论")))
        elif old.alternative:
            points.append(_plain(N_("以前满足这一项，可以代替同组的其他条件")))
        return self._change(REMOVED, old, None, points)

    def _merged_into(self, old: _Leaf, new: _Leaf) -> Change:
        into = new.criterion.label
        text = N_("并入“{label}”")
        point = Point(lambda d: d.text(text, label=into.say(english=d.english)))
        change = self._change(MERGED, old, new, [point])
        return dataclasses.replace(change, id=old.id, labels=(old.criterion.label,))

    def _changed(self, old: _Leaf, new: _Leaf) -> Change:
        taken_in = [self.old[i] for i, into in self.merged.items() if into == new.id]
        points = compare([old.tree, *(leaf.tree for leaf in taken_in)], new.tree)
        points += [*_roles(old, new), *_kinds(old, new), *_again(old, new)]
        if points:
            points += _notes(old, new)
        directions = {each.direction for each in points} - {NEUTRAL}
        kind = OTHER
        if directions == {STRICTER, LOOSER}:
            kind = MIXED
        elif len(directions) == 1:
            (kind,) = directions
        return self._change(kind, old, new, points)

    # -- score cards ---------------------------------------------------------

    def _score_cards(self) -> Iterator[Change]:
        if self.earlier.score_card and self.later.score_card:
            yield from self._items()
        elif self.earlier.score_card:
            text = N_("以前按{count}项指标评分，满分{most}分")
            yield self._card(self.earlier, REMOVED, text)
        elif self.later.score_card:
            text = N_("按{count}项指标评分，满分{most}分")
            yield self._card(self.later, ADDED, text)

    def _card(self, rule_set: RuleSet, kind: str, text: str) -> Change:
        card = rule_set.score_card
        assert card is not None
        count, most = len(card.items), plain(card.max)
        point = Point(lambda d: d.text(text, count=count, most=most))
        source = _source(rule_set, rule_set.annex)
        earlier, later = (source, "") if kind == REMOVED else ("", source)
        return Change(kind, "", (_SCORE_CARD,), (point,), earlier, later, self.words)

    def _items(self) -> Iterator[Change]:
        olds = {item.id: item for item in self.earlier.items}
        news = {item.id: item for item in self.later.items}
        for item_id in dict.fromkeys((*news, *olds)):
            old, new = olds.get(item_id), news.get(item_id)
            about = new or old
            assert about is not None
            if old and new and (old.points, old.max) == (new.points, new.max):
                continue
            points = []
            if old:
                points.append(_points_of(old, N_("以前：{steps}")))
            if new:
                points.append(_points_of(new, N_("现在：{steps}")))
            yield Change(
                OTHER if old and new else ADDED if new else REMOVED,
                item_id,
                (about.label,),
                tuple(points),
                _source(self.earlier, old.clause) if old else "",
                _source(self.later, new.clause) if new else "",
                self.words,
            )


def _points_of(item: ScoreItem, text: str) -> Point:
    """How an item earns its points."""

    def say(d: Describer) -> str:
        steps = [d.step(each) for each in getattr(item.points, "steps", ())]
        most = d.text(N_("最高{most}分"), most=plain(item.max))
        return d.text(text, steps=d.text(N_("；")).join([*steps, most]))

    return Point(say)


def _scored(clause: str, most: str) -> Point:
    text = N_("以前只是评分指标（{clause}，最高{most}分），现在必须满足")
    return Point(lambda d: d.text(text, clause=clause, most=most))


def _source(rule_set: RuleSet, clause: str) -> str:
    """Number and clause: 工信部企业〔2022〕63号附件2-1."""
    numbered = clause[:1].isdigit()  # 117号-不予推荐 is of another document
    return clause if numbered else f"{rule_set.number}{clause}"


def _plain(text: str, direction: str = NEUTRAL) -> Point:
    return Point(lambda d: d.text(text), direction)


def _roles(old: _Leaf, new: _Leaf) -> Iterator[Point]:
    """Advice that became a condition, a way out that became a must, or back."""
    if old.advice and not new.advice:
        yield _plain(N_("以前只作参考，现在必须满足"), STRICTER)
    elif new.advice and not old.advice:
        yield _plain(N_("以前必须满足，现在只作参考"), LOOSER)


def _kinds(old: _Leaf | None, new: _Leaf) -> Iterator[Point]:
    """Whether a re-verification asks for it."""
    before = old is None or Kind.REVERIFICATION in old.criterion.kinds
    after = Kind.REVERIFICATION in new.criterion.kinds
    if before and not after:
        yield _plain(N_("复核不考察这一项"), LOOSER if old else NEUTRAL)
    elif after and not before:
        yield _plain(N_("复核也要考察这一项"), STRICTER)


def _again(old: _Leaf | None, new: _Leaf) -> Iterator[Point]:
    """What a re-verification asks instead."""
    again = new.criterion.again
    if again is not None and (old is None or old.criterion.again != again):
        text = N_("复核时：{condition}")
        yield Point(lambda d: d.text(text, condition=d.condition(again)))


def _notes(old: _Leaf | None, new: _Leaf) -> Iterator[Point]:
    """A note that the later edition has and the earlier one had not."""
    note = new.criterion.note
    if note and (old is None or old.criterion.note != note):
        text = N_("注：{note}")
        yield Point(lambda d: d.text(text, note=note.say(english=d.english)))
