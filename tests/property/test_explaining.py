"""Every finding can be explained: in both languages, as JSON, with what decides it."""

import json
import re

from hypothesis import given

from tests.property.trees import PACK, conditions
from tests.property.worlds import CODES, SEEDS, complete, scope_of, seeded, thinned
from tidu.rules import evaluate, nodes
from tidu.rules.facts import Facts
from tidu.rules.findings import Basis, Finding
from tidu.rules.outcomes import NOT_APPLICABLE, UNKNOWN
from tidu.rules.records import finding_record
from tidu.rules.rulesets import Criterion, Kind, SourceGrade
from tidu.rules.sentences import requirement, what_was_found
from tidu.rules.vocabulary import NO_TEXT

CHINESE = re.compile("[\u4e00-\u9fff]")


def finding(tree: nodes.Node, seed: int) -> Finding:
    random = seeded(seed)
    facts = Facts.of(thinned(random, complete(random, CODES)))
    scope = scope_of(facts.flat())
    about = Criterion("x", NO_TEXT, "", SourceGrade.OURS, tree)
    basis = Basis(scope, facts, PACK.words, Kind.NEW)
    return Finding(about, evaluate.condition(tree)(scope), basis)


@given(conditions(), SEEDS)
def test_every_finding_is_said_in_both_languages(tree, seed):
    found = finding(tree, seed)

    chinese, english = found.sentence(), found.sentence(english=True)

    assert chinese
    assert english
    assert "{" not in chinese + english
    assert not CHINESE.search(english)


@given(conditions(), SEEDS)
def test_every_finding_is_written_as_json(tree, seed):
    found = finding(tree, seed)

    record = finding_record(found)

    assert json.loads(json.dumps(record)) == record
    assert record["outcome"] == found.outcome


@given(conditions(), SEEDS)
def test_every_finding_has_its_two_halves_for_tables(tree, seed):
    found = finding(tree, seed)

    halves = [
        half(found, english=english)
        for half in (what_was_found, requirement)
        for english in (False, True)
    ]

    assert all("{" not in each for each in halves)


@given(conditions(), SEEDS)
def test_what_decides_a_finding_has_its_outcome(tree, seed):
    """Not where it is unknown: ``ever`` shows a year in which it did not hold."""
    found = finding(tree, seed)
    if found.outcome is UNKNOWN or found.outcome is NOT_APPLICABLE:
        return

    outcomes = {each.outcome for each in found.readings}

    # at_least() fails by what does not apply, too: nothing need be unmet itself
    assert outcomes == {found.outcome} or (not outcomes and counts(tree))


def counts(tree: nodes.Node) -> bool:
    return any(isinstance(each, nodes.AtLeast) for each in nodes.walk(tree))
