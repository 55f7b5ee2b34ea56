"""What exists is documented: commands, make targets, decisions."""

import re
import subprocess
import sys

import pytest
import typer

from tests.house.tree import ROOT, files_under
from tidu.cli.main import app

READMES = ["README.md", "README.zh-CN.md"]
ADR_NAME = re.compile(r"(\d{4})-[a-z0-9-]+\.md")
ADR_PARTS = ["# ", "## Context", "## Decision", "## Consequences"]
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#]+)")


def commands(command, path: str) -> list[str]:
    """Every command that does something, as it is typed."""
    inner = getattr(command, "commands", None)
    if not inner:
        return [path]
    return [
        full
        for name, each in inner.items()
        if not each.hidden
        for full in commands(each, f"{path} {name}")
    ]


def documentation() -> str:
    pages = [ROOT / name for name in READMES] + files_under("docs/", ".md")
    return "\n".join(page.read_text(encoding="utf-8") for page in pages)


def decisions() -> list[str]:
    return [
        path.name
        for path in files_under("docs/adr/", ".md")
        if path.name != "README.md"
    ]


def test_each_command_is_documented():
    found = commands(typer.main.get_command(app), "tidu")
    text = documentation()

    assert found
    assert [command for command in found if command not in text] == []


@pytest.mark.parametrize("readme", READMES)
def test_each_readme_starts_with_the_two_commands(readme):
    text = (ROOT / readme).read_text(encoding="utf-8")

    assert "make demo" in text
    assert "make test" in text


def test_the_reference_of_commands_is_up_to_date(tmp_path):
    fresh = tmp_path / "cli.md"
    typer_docs = [sys.executable, "-m", "typer", "tidu.cli.main", "utils", "docs"]
    subprocess.run(
        [*typer_docs, "--name", "tidu", "--output", str(fresh)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    written = ROOT / "docs/reference/cli.md"

    assert written.is_file(), "run make docs"
    assert written.read_text("utf-8") == fresh.read_text("utf-8"), "run make docs"


def test_each_make_target_is_explained():
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.search(r"^\.PHONY: (.*)$", text, re.MULTILINE).group(1).split()
    explained = re.findall(r"^([a-z]+):[^=\n]*## \S", text, re.MULTILINE)

    assert sorted(explained) == sorted(targets)


def test_each_make_target_is_three_lines_at_most():
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    recipes = re.findall(r"^(\S+):[^=\n]*\n((?:\t.*\n)+)", text, re.MULTILINE)

    assert [name for name, recipe in recipes if recipe.count("\n") > 3] == []


def test_decisions_are_numbered_without_a_gap():
    matches = [ADR_NAME.fullmatch(name) for name in decisions()]

    assert all(matches)
    numbers = [int(match.group(1)) for match in matches]
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize("name", decisions())
def test_each_decision_has_its_parts(name):
    lines = (ROOT / "docs/adr" / name).read_text(encoding="utf-8").splitlines()
    headings = [line for line in lines if line.startswith("#")]

    assert [any(h.startswith(part) for h in headings) for part in ADR_PARTS] == [
        True
    ] * len(ADR_PARTS)


def test_links_between_pages_lead_somewhere():
    pages = files_under("", ".md")
    broken = [
        f"{page.name}: {target}"
        for page in pages
        for target in LINK.findall(page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]

    assert broken == []
