"""What gives an enterprise away is hidden, however it is written."""

import pytest

from tidu.casework.blinding import HIDDEN, blinded, identifiers_of

NAME = "示范省华智精密机械有限公司"
KNOWN = identifiers_of(
    [NAME, "示范省旧名机械厂"], ["91330000MA27U0NW12", "虚构会计"], "990221"
)


@pytest.mark.parametrize(
    "text",
    [
        NAME,
        "华智",
        "华 智",
        "“华智”牌",
        "示范省旧名机械厂",
        "９１３３００００ＭＡ２７Ｕ０ＮＷ１２",
        "91330000ma27u0nw12",
        "联系虚构会计",
    ],
)
def test_what_gives_it_away_is_hidden(text):
    found = blinded(f"前文{text}后文", KNOWN)

    assert HIDDEN in found
    assert "华智" not in found.replace(" ", "")
    assert "91330000" not in found


@pytest.mark.parametrize(
    "text", ["13800000000", "0571-88880000", "a.b@example.com", "https://example.com/x"]
)
def test_telephones_and_addresses_are_hidden(text):
    assert blinded(f"见{text}。", ()) == f"见{HIDDEN}。"


def test_figures_stay():
    text = "2025年营业收入8000万元，研发占比9.4%，6项Ⅰ类知识产权。"

    assert HIDDEN not in blinded(text, KNOWN)


def test_an_empty_identifier_hides_nothing():
    assert identifiers_of([], ["", "a"]) == ()
    assert blinded("甲乙", identifiers_of([], [""])) == "甲乙"
