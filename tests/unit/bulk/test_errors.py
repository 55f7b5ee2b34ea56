"""Every sentence of an error of this package can be said in Chinese and in English."""

from __future__ import annotations

import ast
import datetime
import importlib
import pkgutil
import re
import string
from pathlib import Path

import pytest

import tidu.bulk
from tests.unit.bulk.populations import DAY, LIBRARY
from tidu.bulk.manifest import SnapshotError, parse_manifest
from tidu.bulk.scenarios import ScenarioError, read_scenarios
from tidu.bulk.storing import unwritable
from tidu.bulk.sweep import read_sweep
from tidu.bulk.transition import Outlook, OutlookError
from tidu.rules.errors import TiduError
from tidu.rules.language import translate
from tidu.rules.rulesets import Kind

FOLDER = Path(tidu.bulk.__file__).parent
CHINESE = re.compile(r"[\u4e00-\u9fff]+")
UNITS = {"万元"}  # as people must write them
CHINESE_ONLY = {"amounts.py", "sql.py"}  # their errors are not translated yet
MODULES = [
    importlib.import_module(f"tidu.bulk.{each.name}")
    for each in pkgutil.iter_modules(tidu.bulk.__path__)
]
ERRORS = {
    name
    for module in MODULES
    for name, found in vars(module).items()
    if isinstance(found, type) and issubclass(found, TiduError)
}


def calls(name):
    tree = ast.parse((FOLDER / name).read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node.func.id, node.args


def marked():
    """File and msgid of every text that is marked for translation."""
    return [
        (path.name, args[0].value)
        for path in sorted(FOLDER.glob("*.py"))
        for name, args in calls(path.name)
        if name == "N_"
    ]


def places(text):
    return {field for _, field, _, _ in string.Formatter().parse(text) if field}


def is_marked(node):
    """``N_("…")``, a constant that holds one, or one of two such constants."""
    match node:
        case ast.Call(func=ast.Name(id="N_")):
            return True
        case ast.Name(id=name):
            return name.isupper()
        case ast.IfExp(body=one, orelse=other):
            return is_marked(one) and is_marked(other)
    return False


def test_every_error_is_made_from_a_text_marked_for_translation():
    unmarked = {
        path.name
        for path in FOLDER.glob("*.py")
        for name, args in calls(path.name)
        if name in ERRORS and not is_marked(args[0])
    }
    assert unmarked == CHINESE_ONLY


@pytest.mark.parametrize(("file", "msgid"), marked())
def test_every_marked_text_has_an_english_one_with_the_same_places(file, msgid):
    english = translate(msgid, english=True)
    assert english != msgid
    assert places(english) == places(msgid)
    assert set(CHINESE.findall(english)) <= UNITS


def change(text):
    return read_scenarios(LIBRARY, [text], [], on=DAY, kind=Kind.NEW)


@pytest.mark.parametrize(
    ("work", "kind", "chinese", "english"),
    [
        (
            lambda: Outlook(DAY, DAY - datetime.timedelta(days=1)),
            OutlookError,
            "--to 2026-05-31 早于 --from 2026-06-01；请把两个日期对调",
            "--to 2026-05-31 is before --from 2026-06-01; swap the two days",
        ),
        (
            lambda: parse_manifest(b"{}", "p.parquet"),
            SnapshotError,
            "p.parquet 已损坏：清单读不懂；请重新生成或重新复制这个文件",
            "p.parquet is damaged: its manifest cannot be read; make or copy the file again",
        ),
        (
            lambda: change("unicorn.max_age="),
            ScenarioError,
            "unicorn.max_age=：空白 不是带单位的数；请写法同现行的 10年",
            "unicorn.max_age=: an empty text is no number with a unit; write it like the present 10年",
        ),
        (
            lambda: change("srdi_sme.min_rnd_ratio=4"),
            ScenarioError,
            "srdi_sme.min_rnd_ratio=4：单位应是 %，写的是 无；请写法同现行的 3%",
            "srdi_sme.min_rnd_ratio=4: the unit should be %, it is none; write it like the present 3%",
        ),
        (
            lambda: read_sweep(
                LIBRARY, "unicorn.max_age=1年..9年/8", on=DAY, kind=Kind.NEW
            ),
            ScenarioError,
            "unicorn.max_age=1年..9年/8：max_age 不能一次扫过，因为它限定的是年龄或天数；请用几个 --scenario 逐个试算",
            "unicorn.max_age=1年..9年/8: max_age cannot be swept at once, because it bounds an age or a number of days; try single values with several --scenario",
        ),
    ],
)
def test_an_error_is_said_in_both_languages(work, kind, chinese, english):
    with pytest.raises(kind) as caught:
        work()
    assert str(caught.value) == caught.value.sentence() == chinese
    assert caught.value.sentence(english=True) == english


def test_what_the_operating_system_says_is_put_in_as_it_is():
    error = unwritable(Path("{odd}.parquet"), OSError("{braces}"))
    assert error.sentence(english=True) == (
        "{odd}.parquet cannot be written ({braces}); check the folder and its permissions"
    )
