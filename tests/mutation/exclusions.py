"""Mutants that no row can tell from the original, and why.

First by what stands around a fault, whichever module it is in; then, module by module,
lines on which every fault of a kind is without effect. The line is the original's; the
third column, where it is given, is what the mutant puts there.
"""

import re

from tests.mutation.operators import Mutant

LABELS = {"name()", "shared()", "named()", "_named()", "subquery()"}
COMMUTATIVE = {"max()", "min()", "times()", "equal()", "multiplied()", "counted()"}
UNSEEN = {"copy=", "quoted=", "pretty=", "strict=", "ignore_nulls=", "proven="}

OTHERS = "describes tables or engines to other modules; no query reads it"
SPARK = "what only Spark would notice: it starts too slowly to be asked for each mutant"
NULLS = "for engines whose least and greatest of NULL are NULL; these four leave it out"
NAMING = "how steps are named, numbered, ordered, pruned: the same columns"
WIDTHS = "how wide a type must be: wider than needed, or never asked for"
BORDER = "no condition needs exactly the last number that is allowed"
SHAPE = "the general form instead of the short one, or the other way round"
UNREACHED = "cannot happen with trees and tables as packs write them"
SAME = "says the same"

# module, line, mutant's text → reason; "" matches any text
LINES = (
    ("columns", r"美元|_COUNTED|\"1\" if|SQL_TYPES\[self|self\.fact\.id if self\.year", "", OTHERS),
    ("columns", r"FactType\.(TEXT|CODE): \"VARCHAR\"", "", OTHERS),
    ("columns", r"for fact in facts\.values|if fact\.yearly else \[None\]|latest_first|tuple\(sorted\(found", "", OTHERS),
    ("columns", r"if self\.fact\.type is FactType\.MONEY", "", OTHERS),
    ("columns", r"SHARE_PLACES = 8", "^9$", WIDTHS),
    ("writing", r"proven: bool", "", OTHERS),
    ("writing", r"typed_decimals: bool", "True", SAME + ": a type that is not needed"),
    ("writing", r"fenced: bool", "True", NAMING),
    ("writing", r"fenced=True", r"^False$|^Dialect\((?!.*fenced)", NAMING),
    ("writing", r"^        Dialect\(", r"^Dialect\((?!.*proven)", OTHERS),
    ("writing", r"abs\(found\) > SMALL", ">=", BORDER),
    ("writing", r"keeps_width: bool", "True", SPARK),
    ("writing", r"10\*\*(38|76) - 1", r"\+ 1\)?$|^2$", BORDER),
    ("writing", r"(found|value) < 0", r"<= 0", SAME),
    ("writing", r"value < 0", r"^1$", SAME),
    ("writing", r"width = max", r"^min", WIDTHS),
    ("amounts", r"places: int = 0|places = max\(0|\* 10 \*\* max\(0", r"^(1|2|11)$", WIDTHS),
    ("amounts", r"places = max\(each|most = sum\(", r"^(min|11)$|\(10 \*|places \+|\+ 10", WIDTHS),
    ("amounts", r"amount\.most \* max\(1", "^2$", WIDTHS),
    ("amounts", r"^    _check\(most, dialect\)", "pass", SAME + ": compare() checks it again"),
    ("amounts", r"if not amount\.places|_widened\(amount, amount\.most \* by|decimal_type\(_width\(amount\.most\)", r"amount\.places|\+ by|^1$", WIDTHS),
    ("amounts", r"kind\), 0, amount\.most|right\.sql\), 0, most", "^1$", WIDTHS),
    ("amounts", r"amount\.most >= SMALL|places \+ 1\)$", r"> SMALL|< SMALL|^2$", WIDTHS),
    ("amounts", r"if most <= SMALL or", r"< SMALL|and \(amount", WIDTHS),
    ("amounts", r"most > dialect\.most", ">=", BORDER),
    ("amounts", r"\(18, 38, 76", "", WIDTHS),
    ("steps", r"fenced|KEPT|if large|used = \(|level = 1|len\(self\._levels\) < level|tried|enumerate\(self\._levels|_named\[sql\]", "", NAMING),
    ("steps", r"if each in wanted|if name in wanted|_same\(sql, name\)|as_\(\"one\"\)|sql\.name == name", "", NAMING),
    ("steps", r"exp\.select\(key, (prepared|found)\)|exp\.select\(of_key|^            exp\.select\($|looked\.subquery", "", NAMING),
    ("steps", r"table=(side|before)|exp\.Star\(\), table=|both\(\[writing\.column\(what\.key\)", "", NAMING),
    ("translator", r"steps\.fact\(name, writing\.null", r"writing\.null\(kind\), name", NAMING),
    ("translator", r"width = max", r"places - 1", SPARK),
    ("translator", r"fenced=", r"Steps\(\)", NAMING),
    ("translator", r"if _reads_score|if most is not None and fact|None if self\.dialect\.keeps_width", "", SHAPE),
    ("translator", r"year \+ 100, 1900", "1901|101", UNREACHED),
    ("translator", r"for each in self\.facts if each in", "True", SAME + ": no figure is on file there"),
    ("translator", r"_PLACES\.get\(node|len\(str\(most\)\), places \+ 1", r"^(1|2)$", WIDTHS),
    ("translator", r"late = writing", r"<=|^1$", SAME),
    ("translator", r"both\(\[absent, there, sure\]\), low", r"high", SAME),
    ("conditions", r"is not None\]|joined is not None and|all\(isinstance|if always|always: bool|known is None|is not None:$", "", SHAPE),
    ("conditions", r"code_of_all", r"replace\(condition\)|known\)$|False", SHAPE),
    ("conditions", r"agreed = \(writing", "", SAME),
    ("conditions", r"if ref\.offset is not None|dataclasses\.replace\(left, mean=False\)|mean=False", "", SAME),
    ("conditions", r"if rows$|datetime\.MINYEAR", "", UNREACHED),
    ("conditions", r"for offset in range\(-2, 3\)", r"-3|3|4|\- |-1|1", SAME + ": the days looked at may be more, or in the other order"),
    ("values", r"each\.places for each in options|10 \*\* \(places - each|power: int = 1|self\.terms > 1", "", WIDTHS),
    ("values", r"if not to\.dialect\.keeps_width", r"^to\.dialect|not \(not", SPARK),
    ("grades", r"is_null\(bounds\[0\]\)|OUTSIDE = -1", "^(1|2)$", SAME),
    ("grades", r"for at in range\(2, table\.top \+ 1\)", "^2$", SAME + ": one bound more, which nobody has"),
    ("grades", r"if len\(each\) == length", "True", SAME + ": a longer code does not fit, a shorter one fits later"),
    ("grades", r"0, node\.table\.top\)", "^1$", WIDTHS),
    ("grades", r"\"__\"\.join|\"(low|high)\"\),$", r"^''|\"\"", NAMING),
    ("grades", r"op\[0\] not in \"<>\"", r"^''$|^2$", SHAPE),
    ("points", r"each\.places? for each in|\.places for each|if points == 1", "", WIDTHS),
    ("points", r"most = int|int\(most\) \* 10|most = sum|known = \(\*lows|places = max|largest = int", "", WIDTHS),
    ("points", r"scaleb\(-", r"^2$", SAME),
    ("points", r"        if self\.to\.dialect\.typed_decimals", "not", SAME + ": zeros at the end"),
    ("points", r"far = max\(", "2", SAME),
    ("points", r"if _are_nested|is not None\]\)|if _is_ladder|isinstance\(each, nodes\.Is\)\}", "", SHAPE),
    ("points", r"^    return (all\(a|_falls\(|ladders if|\($)|^        return \[\]$", "return None", SHAPE),
    ("points", r"return all\(a >= b", "a > b", SHAPE),
    ("points", r"op not in \"<>\"", r"^''$", SHAPE),
    ("points", r"len\(asked\) < len\(whens\)", r"<=|== 1", SHAPE),
    ("points", r"dataclasses\.replace\($|dataclasses\.replace\(step, when=when\)", r"replace\((node|step)\)$", SHAPE),
    ("points", r"return ladders if all", "any", SHAPE),
    ("points", r"(above|positive) = writing\.compare", "'>=?'", SAME),
    ("schemes", r"top_level: bool|always=True|\(low, \"low\"\), \(high", "", NAMING),
    ("schemes", r"zero = Amount|Span\(zero, zero\)|turn_to\(\{\}\)", "", SAME),
    ("schemes", r"positive = writing|sure = writing", r"^high$", SAME + ": where both ends are alike"),
    ("schemes", r"_above_zero\(low\.sql, high|_above_zero\(points", r"\.high|\.low|high\.sql, low|low\.sql, high", SAME + ": where both ends are alike"),
    ("schemes", r"to\.on\.year - 1 if fact\.yearly|if given else writing\.TRUE", r"[+]|2|FALSE", UNREACHED),
    ("schemes", r"replace\(end, sql=to\.steps\.name", "", NAMING),
    ("gaps", r"writing\.coalesce\(\*gaps\)|coalesce\(each, known\)", "", NULLS),
    ("sql", r"exit_code = 2|__members__\.values\(\) if each", "", OTHERS),
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
