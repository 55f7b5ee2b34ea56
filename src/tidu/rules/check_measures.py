"""Whether a pack's mechanisms are in order: clauses, and an example for each case."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

from tidu.rules.complaints import (
    Complaint,
    Headings,
    complain_of,
    without_heading,
)
from tidu.rules.coverage import wanted_of_rule_set
from tidu.rules.language import N_
from tidu.rules.measure_examples import (
    MechanismExample,
    compare_mechanism,
    entitlement_of,
    load_mechanism_examples,
)
from tidu.rules.measures import Mechanism
from tidu.rules.packs import Pack


def own_mechanisms(pack: Pack, base: Pack | None) -> list[Mechanism]:
    """The mechanisms a pack itself brings."""
    known = base.mechanisms if base else {}
    return [each for name, each in pack.mechanisms.items() if name not in known]


def check_mechanisms(
    pack: Pack, base: Pack | None, folder: Path, headings: Headings
) -> Iterator[Complaint]:
    """Clauses that stand nowhere, fillings that overlap in time, examples."""
    mechanisms = own_mechanisms(pack, base)
    for each in mechanisms:
        yield from _check_clauses(each, headings)
    yield from _check_overlaps(mechanisms)
    yield from _check_examples(pack, mechanisms, folder)


def _check_clauses(mechanism: Mechanism, headings: Headings) -> Iterator[Complaint]:
    rule_set = mechanism.rule_set
    named = [
        rule_set.annex,
        *(each.clause for each in rule_set.values.values()),
        *(each.clause for top in rule_set.criteria for each in top.walk()),
        *(each.clause for each in mechanism.limits.values()),
    ]
    return without_heading(mechanism.place, rule_set.document, named, headings)


def _check_overlaps(mechanisms: list[Mechanism]) -> Iterator[Complaint]:
    """Two fillings of one slot in one place and time that may both be had."""
    for one, two in itertools.combinations([m for m in mechanisms if m.fills], 2):
        if (one.fills, one.territory) != (two.fills, two.territory):
            continue
        if one.choose_one and one.choose_one == two.choose_one:
            continue
        if two.id in one.not_with or one.id in two.not_with:
            continue
        pairs = itertools.product(one.rule_set.windows, two.rule_set.windows)
        if any(a.start < b.end and b.start < a.end for a, b in pairs):
            yield Complaint(
                two.place,
                N_("{one} 和 {two} 同时填写开放项 {slot}，时间重叠"),
                N_("请让 applies 前后衔接，或写明 choose_one、not_with"),
                {"one": one.id, "two": two.id, "slot": one.fills},
            )


def _check_examples(
    pack: Pack, mechanisms: list[Mechanism], folder: Path
) -> Iterator[Complaint]:
    examples = load_mechanism_examples(pack, folder)
    left = {each.id: list(wanted_of_rule_set(each.rule_set)) for each in mechanisms}
    worked: dict[str, list[MechanismExample]] = {}
    for example in examples:
        worked.setdefault(example.mechanism, []).append(example)
        entitlement = entitlement_of(pack, example)
        for failure in compare_mechanism(example, entitlement):
            yield Complaint(
                failure.place,
                N_("示例“{name}”的 {what} 应为 {expected}，实际为 {got}"),
                N_("请对照条款，改正写错的一方"),
                {
                    "name": failure.name,
                    "what": failure.what,
                    "expected": failure.expected,
                    "got": failure.got,
                },
            )
        for each in left.get(example.mechanism, ()):
            each.look(example.expected, entitlement.standing)
    for mechanism in mechanisms:
        if mechanism.amount and not any(
            "amount" in each.expected for each in worked.get(mechanism.id, ())
        ):
            yield Complaint(
                mechanism.place,
                N_("{id} 没有算出金额的示例"),
                N_("请在 examples/mechanisms 里补一个，在 expect 中写 amount"),
                {"id": mechanism.id},
            )
        for wanted in left[mechanism.id]:
            yield from complain_of(wanted)
