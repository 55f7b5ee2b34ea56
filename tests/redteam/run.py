"""Write the red-team table of docs/explanation/integrity.md again: make redteam."""

import sys
from pathlib import Path

from tests.redteam.building import TABLE
from tests.redteam.scoring import Row, Score, score

PAGE = Path(__file__).resolve().parents[2] / "docs/explanation/integrity.md"
START, END = "<!-- redteam: written by make redteam -->", "<!-- redteam: end -->"
MORE_SEEDS = ("one more", "and another", "the last")


def table() -> str:
    """The part of the page between the marks."""
    found = score(TABLE)
    honest = found.cases - found.forged
    return "\n".join(
        [
            f"{found.cases:,} made-up applications, {found.forged} of them forged, {honest:,} honest. "
            f"{found.flagged_cases} have some signal; an officer reads the first {found.budget} (5 %).",
            "",
            "| kind | forged | of them well made | flagged at all | read within 5 % | recall | "
            "read because of it | forged | copied from | honest otherwise | precision |",
            "| --- |" + " ---: |" * 10,
            *(_line(row) for row in found.rows),
            _total(found),
            "",
            _spread(),
            "",
            "Honest cases within the 5 %:",
            "",
            "| honest situation | in the set | read |",
            "| --- | ---: | ---: |",
            *(
                f"| {situation} | {found.quiet.get(situation, '')} | {count} |"
                for situation, count in sorted(
                    found.alarms.items(), key=lambda each: (-each[1], each[0])
                )
            ),
            "",
            "Never read, in this set: " + ", ".join(_left_alone(found)) + ".",
        ]
    )


def page_with(part: str, text: str) -> str:
    """The page with its table replaced."""
    before, _, rest = text.partition(START)
    _, _, after = rest.partition(END)
    return f"{before}{START}\n\n{part}\n\n{END}{after}"


def _line(row: Row) -> str:
    wrong = row.led - row.right - row.copied_from
    return (
        f"| {row.kind.label(english=True)} | {row.forged} | {row.hard} | {row.flagged} | {row.read} "
        f"| {row.recall:.0%} | {row.led} | {row.right} | {row.copied_from} | {wrong} | {row.precision:.0%} |"
    )


def _total(found: Score) -> str:
    def add(name: str) -> int:
        return sum(getattr(row, name) for row in found.rows)

    wrong = found.budget - found.right - add("copied_from")
    return (
        f"| all | {found.forged} | {add('hard')} | {add('flagged')} | {add('read')} "
        f"| {add('read') / found.forged:.0%} | {found.budget} | {found.right} "
        f"| {add('copied_from')} | {wrong} | {found.precision:.0%} |"
    )


def _spread() -> str:
    more = [score(seed) for seed in MORE_SEEDS]
    recalls, precisions = (
        ", ".join(f"{getattr(each, name):.0%}" for each in more)
        for name in ("recall", "precision")
    )
    return f"Three further seeds, unseen as well: recall {recalls}; precision {precisions}."


def _left_alone(found: Score) -> list[str]:
    return sorted(
        f"{situation} ({count})"
        for situation, count in found.quiet.items()
        if situation not in found.alarms
    )


if __name__ == "__main__":
    PAGE.write_text(page_with(table(), PAGE.read_text("utf-8")), "utf-8")
    sys.stdout.write(f"{PAGE.name} written\n")
