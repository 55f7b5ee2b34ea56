"""Mutants that no row can tell from the original, and why.

First by what stands around a fault, whichever module it is in; then, module by module,
lines on which every fault of a kind is without effect. The line is the original's; the
third column, where it is given, is what the mutant puts there.
"""

import re

from tests.mutation.operators import Mutant

LABELS = {"name()", "shared()", "named()", "_named()", "subquery()"}
COMMUTATIVE = {"max()", "min()", "times()", "equal()", "multiplied()", "counted()"}
UNSEEN = {"copy=", "quoted=", "pretty=", "strict=", "ignore_nulls="}

OTHERS = "describes tables or engines to other modules; no query reads it"
ENGINES = "what other engines get; DuckDB's text stays the same"
NAMING = "how steps are named, numbered, ordered, pruned: the same columns"
WIDTHS = "how wide a type must be: wider than needed, or never asked for"
SHAPE = "the general form instead of the short one, or the other way round"
UNREACHED = "cannot happen with trees and tables as packs write them"
SAME = "says the same"

# module, line, mutant's text → reason; "" matches any text
LINES = (
    ("columns", r"美元|_COUNTED|\"1\" if|SQL_TYPES\[self|self\.fact\.id if self\.year", "", OTHERS),
    ("columns", r"FactType\.(TEXT|CODE): \"VARCHAR\"", "", OTHERS),
    ("columns", r"for fact in facts\.values|if fact\.yearly else \[None\]|latest_first|tuple\(sorted\(found", "", OTHERS),
    ("writing", r"proven", "", OTHERS),
    ("writing", r"Dialect\(\"(postgres|spark|clickhouse)|\"clickhouse\"|10\*\*76|typed_decimals|fenced", "", ENGINES),
    ("writing", r"places = max|width = max|decimal_type\(width, places\)", "", ENGINES),
    ("writing", r"found < 0", r"found <= 0|found < 1", SAME),
    ("writing", r"value < 0", r"value <= 0|value < 1", SAME),
    ("amounts", r"places: int = 0|places = max\(0|\* 10 \*\* max\(0", r"1|11|2", WIDTHS),
    ("amounts", r"places = max\(each|most = sum\(", r"min|11|\(10 \*|places \+|\+ 10", WIDTHS),
    ("amounts", r"amount\.most \* max\(1", "2", WIDTHS),
    ("amounts", r"^    _check\(most, dialect\)", "pass", SAME + ": compare() checks it again"),
    ("amounts", r"if not amount\.places|_widened\(amount, amount\.most \* by|decimal_type\(_width\(amount\.most\)", r"amount\.places|\+ by|1", WIDTHS),
    ("amounts", r"kind\), 0, amount\.most|right\.sql\), 0, most|integer\(factor\), 0", "1", WIDTHS),
    ("amounts", r"keeps_width or most <= SMALL|\(18, 38, 76", "", WIDTHS),
    ("steps", r"fenced|KEPT|if large|used = \(|level = 1|len\(self\._levels\) < level|tried|enumerate\(self\._levels", "", NAMING),
    ("steps", r"if each in wanted|if name in wanted|_same\(sql, name\)|as_\(\"one\"\)|sql\.name == name", "", NAMING),
    ("steps", r"exp\.select\(key, (prepared|found)\)|exp\.select\(of_key|^            exp\.select\($|looked\.subquery", "", NAMING),
    ("steps", r"table=(side|before)|exp\.Star\(\), table=|both\(\[writing\.column\(what\.key\)", "", NAMING),
    ("translator", r"fenced=|return self\.replaced", "", ENGINES),
    ("translator", r"if _reads_score|if most is not None and fact", "", SHAPE),
    ("translator", r"year \+ 100, 1900", "1901|101", UNREACHED),
    ("translator", r"for each in self\.facts if each in", "True", SAME + ": no figure is on file there"),
    ("translator", r"_PLACES\.get\(node|len\(str\(most\)\), places \+ 1", r"1|2", WIDTHS),
    ("translator", r"late = writing", r"<=|1", SAME),
    ("translator", r"low is None or high is None|return given", "", UNREACHED),
    ("translator", r"both\(\[absent, there, sure\]\), low", r"\.high", SAME),
    ("conditions", r"is not None\]|joined is not None and|all\(isinstance|if always|always: bool|known is None|is not None:$", "", SHAPE),
    ("conditions", r"agreed = \(writing", "", SAME),
    ("conditions", r"if ref\.offset is not None|dataclasses\.replace\(left, mean=False\)|mean=False", "", SAME),
    ("conditions", r"return Truth\(judged\)|if rows$|datetime\.MINYEAR", "", UNREACHED),
    ("conditions", r"for offset in range\(-2, 3\)", r"-3|3|4|\- |-1|1", SAME + ": the days looked at may be more, or in the other order"),
    ("values", r"each\.places for each in options|10 \*\* \(places - each|node\.table\.top\)$|power: int = 1|self\.terms > 1", "", WIDTHS),
    ("values", r"if end is not None$|is not None and found\.high is not None", "", UNREACHED),
    ("values", r"\"__\"\.join|zip\(sides, \(\"low\"", "", NAMING),
    ("values", r"is_null\(bounds\[0\]\)|OUTSIDE = -1", "1|2", SAME),
    ("points", r"each\.places? for each in|\.places for each|typed_decimals|quantize|if points == 1", "", ENGINES),
    ("points", r"most = int|int\(most\) \* 10|most = sum|known = \(\*lows|places = max", "", WIDTHS),
    ("points", r"far = max\(", "2", SAME),
    ("points", r"if _are_nested|is not None\]\)|if _is_ladder|isinstance\(each, nodes\.Is\)\}", "", SHAPE),
    ("points", r"always=True", "", NAMING),
    ("schemes", r"top_level: bool|always=True|\(low, \"low\"\), \(high", "", NAMING),
    ("schemes", r"zero = Amount|Span\(zero, zero\)|for each in spans if each|turn_to\(\{\}\)", "", SAME),
    ("schemes", r"positive = writing|_above_zero\(low\.sql, high|sure = writing", r"high, |high\.sql, low|\.high|low\.sql, high", SAME),
    ("schemes", r"to\.on\.year - 1 if fact\.yearly|if given else writing\.TRUE", r"[+]|2|FALSE", UNREACHED),
    ("schemes", r"replace\(end, sql=to\.steps\.name", "", NAMING),
)  # fmt: skip


def reason_of(mutant: Mutant, source: bytes) -> str:
    """Why a mutant is left out; empty if it is not."""
    inside, line = mutant.inside, source.decode().splitlines()[mutant.line - 1]
    if "TYPE_CHECKING" in inside:
        return "for the type checker alone"
    if "raise" in inside:
        return "the wording of an error"
    if mutant.fault == "text" and inside and inside[0] in LABELS:
        return NAMING
    if mutant.fault == "order" and inside[0] in COMMUTATIVE:
        return "arguments of a commutative call"
    if inside and inside[0] in UNSEEN:
        return "copying, quoting, layout, or a length that is always right"
    for module, pattern, text, reason in LINES:
        fits = module == mutant.module and re.search(pattern, line)
        if fits and re.search(text, mutant.text):
            return reason
    return ""
