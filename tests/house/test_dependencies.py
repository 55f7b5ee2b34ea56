"""Each dependency says where it is used, is used there, and is pinned with hashes."""

import ast
import re
import tomllib
from importlib.metadata import packages_distributions

import pytest

from tests.house.tree import ROOT, SOURCE, files_under

TEXT = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
PROJECT = tomllib.loads(TEXT)
RUNTIME = PROJECT["project"]["dependencies"]
DEVELOPMENT = PROJECT["dependency-groups"]["dev"]
BUILD = PROJECT["build-system"]["requires"]
PEERS = {"zen", "zen_engine", "openfisca_core"}  # measured against, never imported

PIN = re.compile(
    r"^(?P<name>[a-z0-9.-]+)==[^\s;]+(?P<rest>(?:.*\\\n)*.*)", re.MULTILINE
)


def distribution(requirement: str) -> str:
    name = re.match(r"[A-Za-z0-9._-]+", requirement).group()
    return re.sub(r"[-_.]+", "-", name).lower()


def comment_of(requirement: str) -> str:
    line = next(line for line in TEXT.splitlines() if f'"{requirement}"' in line)
    return line.partition("#")[2].strip()


def pins(name: str) -> dict[str, str]:
    """Pinned distribution → what follows its version: marker and hashes."""
    text = (ROOT / "requirements" / name).read_text(encoding="utf-8")
    return {match["name"]: match["rest"] for match in PIN.finditer(text)}


def imported_by(package: str) -> set[str]:
    """Top-level names that the modules of one of our packages import or, in Django's
    settings, name as text.
    """
    names: set[str] = set()
    for path in files_under(f"src/tidu/{package}", ".py"):
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.Import):
                names.update(alias.name.split(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names.add(node.module.split(".")[0])
            elif isinstance(node, ast.Constant) and path.name == "settings.py":
                names.add(str(node.value).partition(".")[0])
    return names


@pytest.mark.parametrize("requirement", [*RUNTIME, *DEVELOPMENT, *BUILD])
def test_each_dependency_says_where_it_is_used(requirement):
    assert comment_of(requirement)


@pytest.mark.parametrize("requirement", RUNTIME)
def test_each_runtime_dependency_is_used_where_it_says(requirement):
    package = comment_of(requirement).partition(":")[0]
    modules = {
        module
        for module, owners in packages_distributions().items()
        if distribution(requirement) in map(distribution, owners)
    }

    assert (SOURCE / package).is_dir()
    assert modules & imported_by(package)


@pytest.mark.parametrize("requirement", RUNTIME)
def test_each_runtime_dependency_is_pinned_for_use_and_for_development(requirement):
    assert distribution(requirement) in pins("runtime.txt")
    assert distribution(requirement) in pins("dev.txt")


@pytest.mark.parametrize("requirement", [*DEVELOPMENT, *BUILD])
def test_each_development_dependency_is_pinned(requirement):
    assert distribution(requirement) in pins("dev.txt")


@pytest.mark.parametrize("name", ["runtime.txt", "dev.txt", "bench.txt"])
def test_each_pin_has_hashes(name):
    found = pins(name)

    assert found
    assert [pin for pin, rest in found.items() if "--hash=sha256:" not in rest] == []


def test_benchmark_peers_are_not_imported_and_not_pinned_for_use():
    names = {"zen-engine", "openfisca-core"}

    assert imported_by("") & PEERS == set()
    assert names & {*pins("runtime.txt"), *pins("dev.txt")} == set()
    assert names <= set(pins("bench.txt"))
