"""How often is a listed name matched rightly, wrongly, or left to a person; how fast?

Needs public lists that are not part of the project (their names are real); nothing of
them is written out. Run

    python benchmarks/name_matching.py LIST.csv REGISTER.csv … --labels PAIRS.csv

LIST has the columns enterprise_name, province, city, county; a REGISTER has 公司名称 or
企业名称, and 注册地址 or 统一社会信用代码. PAIRS (optional) holds the pairs of a listed
and a registered name that somebody found to be one firm: columns listed, registered.

Three tables: A the list against the registers as they are; B the list against a
register of --firms that holds its firms, 13 % of them renamed in the ways seen in A,
the listed names written as lists write them; C the same without the list's firms, so
that every certain match is wrong. The rest of B and C is recombined from real trade
names, industries and the divisions of one province, which collide more than life does.
"""

from __future__ import annotations

import argparse
import csv
import random
import resource
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from tidu.intake.credit_codes import LENGTH
from tidu.registry.name_duplicates import suggest_duplicates
from tidu.registry.name_matches import Decision, Listed, Match, Registered
from tidu.registry.name_matching import match_names
from tidu.registry.names import exact_form, short_name, split_name
from tidu.rules.divisions import default_divisions, nearness

SEED = 20260901
RENAMED = 0.13
JOINT_STOCK = 0.05  # share of the other firms
# How the firms in table A had renamed, roughly: form, division, industry, 集团, other.
WAYS = {"form": 38, "industry": 36, "division": 12, "group": 6, "wholly": 8}


def main() -> None:
    """Read the files, measure, print the tables."""
    options = _options()
    listed = read_list(options.list)
    registers = [firm for path in options.registers for firm in read_register(path)]
    labels = read_labels(options.labels) if options.labels else set()
    print(f"{len(listed)} listed names, {len(registers)} registered firms")
    table_a(listed, registers, labels)
    dice = random.Random(SEED)  # noqa: S311 - no secret
    table_b(listed, registers, options.firms, dice)
    table_c(listed, registers, labels, options.firms, dice)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("list", type=Path)
    parser.add_argument("registers", type=Path, nargs="+")
    parser.add_argument("--labels", type=Path, default=None)
    parser.add_argument("--firms", type=int, default=400_000)
    return parser.parse_args()


# -- reading -------------------------------------------------------------------


def read_list(path: Path) -> list[Listed]:
    """Each name once, with the smallest division some row gives."""
    codes = {default_divisions().full_name(d.code): d.code for d in default_divisions()}
    found: dict[str, Listed] = {}
    for row in _rows(path):
        place = row["province"] + row["city"]
        code = codes.get(place + row["county"], codes.get(place, ""))
        known = found.get(exact_form(row["enterprise_name"]))
        if known is None or known.division.endswith("00"):
            name = row["enterprise_name"]
            found[exact_form(name)] = Listed(name, code)
    return list(found.values())


def read_register(path: Path) -> Iterator[Registered]:
    """Firms with the place of their address, else of their credit code."""
    for number, row in enumerate(_rows(path)):
        name = row.get("公司名称") or row["企业名称"]
        code = row.get("统一社会信用代码", "")
        start = 2 if len(code) == LENGTH else 0
        division = code[start : start + 6] if code else place_of(row["注册地址"])
        yield Registered(f"{path.stem}-{number}", name, division=division)


def place_of(address: str) -> str:
    """The division an address begins with; empty if its name is not unique."""
    start = address.replace("杭州湾", "")[:16]
    codes = split_name(f"{start}某某科技有限公司").divisions
    return codes[0] if len(codes) == 1 else ""


def read_labels(path: Path) -> set[tuple[str, str]]:
    """Pairs (listed, registered) of one firm."""
    return {
        (exact_form(row["listed"]), exact_form(row["registered"]))
        for row in _rows(path)
    }


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)


# -- the tables ----------------------------------------------------------------


def table_a(
    listed: Sequence[Listed],
    registers: Sequence[Registered],
    labels: set[tuple[str, str]],
) -> None:
    """The files as they are; the truth is equal names and the labelled pairs."""
    found = match_names(listed, registers)
    print("\nA. The list against the registers as they are")
    _print_decisions(found)
    certain = [m for m in found if m.firm]
    kinds = Counter(m.candidates[0].reasons[0].msgid for m in certain)
    places = Counter(
        nearness(m.listed.division, m.firm.division).name for m in certain if m.firm
    )
    print("certain because:", dict(kinds))
    print("places of certain matches:", dict(places))
    if labels:
        right = sum(map(_is_right(labels), certain))
        print(f"certain and right: {right} of {len(certain)}")
        shown = [m for m in found if m.decision is Decision.CANDIDATES]
        hits = [m for m in shown if _shows_right(m, labels)]
        print(f"labelled pairs: {len(labels)}; shown to a person: {len(hits)}")
        print(f"names for a person with the right firm first: {_first(hits, labels)}")
        print(f"names for a person: {len(shown)}")


def _is_right(labels: set[tuple[str, str]]) -> Any:
    def check(match: Match) -> bool:
        assert match.firm
        pair = exact_form(match.listed.name), exact_form(match.firm.name)
        return pair[0] == pair[1] or pair in labels

    return check


def _shows_right(match: Match, labels: set[tuple[str, str]]) -> bool:
    name = exact_form(match.listed.name)
    return any((name, exact_form(c.firm.name)) in labels for c in match.candidates)


def _first(found: Sequence[Match], labels: set[tuple[str, str]]) -> int:
    return sum(
        (exact_form(m.listed.name), exact_form(m.candidates[0].firm.name)) in labels
        for m in found
    )


def table_b(
    listed: Sequence[Listed],
    registers: Sequence[Registered],
    firms: int,
    dice: random.Random,
) -> None:
    """A full register, with and without the history of names."""
    others = list(recombined(listed, registers, firms - len(listed), dice))
    for kept in (True, False):
        print(f"\nB. {firms} firms, former names {'kept' if kept else 'not kept'}")
        firms_listed, kinds = [], {}
        for at, each in enumerate(listed):
            way = dice.choices(list(WAYS), list(WAYS.values()))[0]
            way = way if dice.random() < RENAMED else "same"
            name = each.name if way == "same" else rename(each, way, others, dice)
            former = (each.name,) if kept and way != "same" else ()
            key = f"list-{at}"
            kinds[key] = way
            firms_listed.append(Registered(key, name, former, each.division))
        everybody = [*firms_listed, *others]
        dice.shuffle(everybody)
        printed = [Listed(misprint(e.name, dice), e.division) for e in listed]
        start = time.perf_counter()
        found = match_names(printed, everybody)
        seconds = time.perf_counter() - start
        _print_decisions(found)
        _print_kinds(found, kinds)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{seconds:.1f} s, peak memory {peak:.0f} MB with the register in it")
    start = time.perf_counter()
    pairs = suggest_duplicates(everybody)
    print(f"duplicates: {len(pairs)} pairs in {time.perf_counter() - start:.1f} s")


def _print_kinds(found: Sequence[Match], kinds: dict[str, str]) -> None:
    print("renamed by, listed, certain, wrong, in candidates, first, none")
    rows: dict[str, Counter[str]] = {}
    for at, match in enumerate(found):
        key = f"list-{at}"
        row = rows.setdefault(kinds[key], Counter())
        row["all"] += 1
        keys = [c.firm.key for c in match.candidates]
        if match.firm:
            row["certain"] += 1
            row["wrong"] += match.firm.key != key
        else:
            row["shown"] += key in keys
            row["first"] += keys[:1] == [key]
            row["none"] += not keys
    columns = ["all", "certain", "wrong", "shown", "first", "none"]
    total = sum(rows.values(), Counter())
    for kind, row in [*sorted(rows.items()), ("total", total)]:
        print(f"{kind:10}", *(f"{row[column]:7}" for column in columns))
    right = total["certain"] - total["wrong"]
    print(
        f"precision {right / total['certain']:.4%}, recall {right / total['all']:.2%}"
    )


def table_c(
    listed: Sequence[Listed],
    registers: Sequence[Registered],
    labels: set[tuple[str, str]],
    firms: int,
    dice: random.Random,
) -> None:
    """None of the listed firms is there: a certain match is wrong."""
    gone = {exact_form(each.name) for each in listed} | {right for _, right in labels}
    left = [firm for firm in registers if exact_form(firm.name) not in gone]
    others = list(recombined(listed, registers, firms - len(left), dice))
    found = match_names(listed, [*left, *others])
    print(f"\nC. {firms} firms, none of the listed ones")
    _print_decisions(found)


def _print_decisions(found: Sequence[Match]) -> None:
    counts = Counter(match.decision for match in found)
    shares = [f"{d.value} {counts[d]} ({counts[d] / len(found):.1%})" for d in Decision]
    print(", ".join(shares))


# -- making a register ---------------------------------------------------------


def recombined(
    listed: Sequence[Listed],
    registers: Sequence[Registered],
    count: int,
    dice: random.Random,
) -> Iterator[Registered]:
    """Firms of the list's province out of real parts, no two of one core name."""
    parts = [split_name(e.name) for e in (*listed, *registers)]
    trades, industries = (
        [p.trade for p in parts],
        [p.industry for p in parts if p.industry],
    )
    province = listed[0].division[:2]
    places = [d for d in default_divisions() if d.code.startswith(province)]
    cores = {p.core for p in parts}
    made = 0
    while made < count:
        place = dice.choice(places)
        trade, industry = dice.choice(trades), dice.choice(industries)
        core = short_name(place.name) + trade + industry
        if core in cores:
            continue
        cores.add(core)
        form = "股份有限公司" if dice.random() < JOINT_STOCK else "有限公司"
        made += 1
        yield Registered(f"other-{made}", core + form, division=place.code)


def rename(
    listed: Listed, way: str, others: Sequence[Registered], dice: random.Random
) -> str:
    """The name the firm has now."""
    name = listed.name
    parts = split_name(name)
    stock = parts.form == "股份有限公司"
    form = "有限公司" if stock else "股份有限公司"
    if way == "form":
        return parts.division + parts.bare + form
    if way == "division":
        short = short_name(default_divisions().line(listed.division)[1].name)
        other = "" if parts.division else short
        return other + parts.bare + (parts.form or form)
    if way == "industry":
        industry = split_name(dice.choice(others).name).industry
        return parts.division + parts.trade + industry + (parts.form or form)
    if way == "group":
        return parts.division + parts.bare + "集团" + form
    return parts.division + split_name(dice.choice(others).name).trade + "实业有限公司"


def misprint(name: str, dice: random.Random) -> str:
    """The name as lists print it: brackets, widths, blanks, 有限责任公司, 省 and 市."""
    match dice.randrange(6):
        case 0:
            return name.replace("（", "(").replace("）", ")")
        case 1:
            return name.replace("(", "〔").replace("）", "〕") + "　"
        case 2:
            at = dice.randrange(2, len(name))
            return f"{name[:at]} {name[at:]}"
        case 3 if name.endswith("有限公司") and not name.endswith("股份有限公司"):
            return name.removesuffix("有限公司") + "有限责任公司"
        case 4:
            for place in default_divisions():
                short = short_name(place.name)
                if name.startswith(short) and not name.startswith(place.name):
                    return place.name + name.removeprefix(short)
    return name


if __name__ == "__main__":
    main()
