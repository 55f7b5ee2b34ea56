"""One word for one concept: ids and enum members stand in docs/glossary.yaml."""

import enum
import importlib
import pkgutil
from collections import Counter

import pytest
import yaml

import tidu.rules
from tests.house.tree import ROOT, files_under

BASES = {"O", "L", "C"}
KEYS = {"zh", "id", "en", "basis"}


@pytest.fixture(scope="module")
def glossary() -> list[dict]:
    text = (ROOT / "docs/glossary.yaml").read_text(encoding="utf-8")
    return yaml.safe_load(text)["terms"]


@pytest.fixture(scope="module")
def known(glossary) -> set[str]:
    return {term["id"] for term in glossary}


def scheme_ids() -> set[str]:
    return {path.parent.name for path in files_under("packs/", "/scheme.yaml")} | {
        path.parent.name
        for path in files_under("packs/", ".yaml")
        if path.parent.parent.name == "schemes"
    }


def enum_classes() -> list[type[enum.Enum]]:
    modules = [
        importlib.import_module(module.name)
        for module in pkgutil.walk_packages(tidu.rules.__path__, "tidu.rules.")
    ]
    return sorted(
        {
            thing
            for module in modules
            for thing in vars(module).values()
            if isinstance(thing, type)
            and issubclass(thing, enum.Enum)
            and thing.__module__.startswith("tidu.")
        },
        key=lambda each: each.__qualname__,
    )


def test_each_term_has_its_four_fields(glossary):
    wrong = [
        term
        for term in glossary
        if set(term) != KEYS
        or term["basis"] not in BASES
        or not all(isinstance(term[key], str) and term[key].strip() for key in KEYS)
    ]

    assert wrong == []


def test_each_identifier_stands_once(glossary):
    counts = Counter(term["id"] for term in glossary)

    assert [name for name, count in counts.items() if count > 1] == []


def test_each_scheme_is_in_the_glossary(known):
    assert sorted(scheme_ids() - known) == []


def test_each_enum_member_of_the_rules_is_in_the_glossary(known):
    members = {
        f"{cls.__name__}.{name}": name.lower()
        for cls in enum_classes()
        for name in cls.__members__
    }

    assert members
    assert sorted(full for full, name in members.items() if name not in known) == []
