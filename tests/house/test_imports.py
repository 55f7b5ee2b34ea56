"""What may import what, and where an import may stand."""

import re

from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

from tests.house.tree import ROOT, SOURCE, files_under, name_of

REASONS = {"slow import", "optional dependency", "app ready"}
INLINE = re.compile(r"#\s*noqa:\s*PLC0415(?P<reason>.*)$")


def test_import_contracts_are_kept(capsys):
    status = lint_imports(
        config_filename=str(ROOT / "pyproject.toml"), no_cache=True, no_logo=True
    )

    assert status == EXIT_STATUS_SUCCESS, capsys.readouterr().out


def test_each_package_says_what_it_answers():
    packages = [path.parent for path in sorted(SOURCE.glob("*/__init__.py"))]
    silent = [
        path.name
        for path in packages
        if not (path / "__init__.py").read_text(encoding="utf-8").startswith('"""')
    ]

    assert packages
    assert silent == []


def test_inline_imports_give_one_of_three_reasons():
    unexplained = [
        f"{name_of(path)}:{number}: {line.strip()}"
        for path in files_under("src/tidu/", ".py")
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
        if (match := INLINE.search(line))
        and match["reason"].strip(" ()-:") not in REASONS
    ]

    assert unexplained == []
