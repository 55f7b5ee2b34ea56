"""Names that hide what a module does, and traces of one machine or network."""

import re

import pytest

from tests.house.tree import ROOT, name_of, project_files

VAGUE = {"services", "utils", "helpers", "managers", "signals"}
MACHINE_FILES = {"uv.lock", "poetry.lock", "Pipfile.lock"}  # they name registry hosts

# Written in two parts, so that this file does not contain what it looks for.
TRACES = {
    "home folder": "/" + r"(home|Users)/\w",
    "root's folder": "/" + r"root\b",
    "work folder": "/" + r"work/",
    "Windows home": r"[A-Z]:\\" + r"Users\\",
    "Python registry": r"pypi\." + r"org|python" + r"hosted",
    "npm registry": r"npm" + r"js\.(org|com)|npm" + r"mirror",
    "registry mirror": r"mirrors?\.\w+\." + r"(com|edu|org)|pypi\." + r"tuna",
}
BINARY = {".xlsx", ".xls", ".png", ".parquet", ".pdf", ".zip", ".mo"}


def test_no_module_has_a_vague_name():
    vague = [
        name_of(path)
        for path in project_files()
        if path.suffix == ".py"
        and VAGUE & {path.stem, *path.relative_to(ROOT).parent.parts}
    ]

    assert vague == []


def test_no_lock_file_that_names_hosts():
    found = [path.name for path in project_files() if path.name in MACHINE_FILES]

    assert found == []


@pytest.mark.parametrize("trace", TRACES)
def test_no_file_names_a_machine_or_a_registry(trace):
    pattern = re.compile(TRACES[trace])
    found = [
        f"{name_of(path)}: {match.group()}"
        for path in project_files()
        if path.suffix not in BINARY
        for match in pattern.finditer(path.read_bytes().decode("utf-8", "replace"))
    ]

    assert found == []


def test_the_traces_are_recognised():
    samples = {
        "home folder": "/" + "home/wang/tidu",
        "root's folder": "/" + "root/.cache",
        "work folder": "/" + "work/main",
        "Windows home": "C:" + "\\Users\\wang",
        "Python registry": "https://pypi" + ".org/simple",
        "npm registry": "https://registry.npm" + "js.org",
        "registry mirror": "https://mirrors.example" + ".com/simple",
    }

    missed = [
        name for name, text in samples.items() if not re.search(TRACES[name], text)
    ]
    assert missed == []
    assert samples.keys() == TRACES.keys()


def test_the_licence_is_apache_2():
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")

    assert "Apache License" in text
    assert "Version 2.0, January 2004" in text
