"""What if a standard changed: ``tidu simulate``, scenarios and sweeps."""

from __future__ import annotations

import dataclasses
import datetime
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tidu.bulk import duck
from tidu.bulk.scenarios import ScenarioError, quantity_text, read_scenarios
from tidu.bulk.screen import Snapshot, open_snapshot
from tidu.bulk.simulate import GROUPS, Asked, Moves, Simulated, simulate
from tidu.bulk.sweep import Curve, read_sweep, run_sweep
from tidu.cli import simulation_files
from tidu.cli.assessing import UsageError, progress_bar
from tidu.cli.group_names import GroupNames, scenario_name
from tidu.rules.language import N_, translate
from tidu.rules.library import Library, default_library
from tidu.rules.outcomes import MANUAL, MET, UNKNOWN, UNMET, Outcome
from tidu.rules.rulesets import Kind
from tidu.rules.wording import SIGNS, STYLES, kind_word, outcome_word, size_word

FORMATS = (".xlsx", ".parquet", ".csv")
POINTS_SHOWN = 20
KEYS_SHOWN = 8
SIDE_BY_SIDE = 4  # scenarios that fit into 80 columns
BAR = 20
SHOWN = (MET, UNMET, UNKNOWN, MANUAL)


@dataclasses.dataclass(frozen=True)
class Run:
    """What ``tidu simulate`` is asked for."""

    on: datetime.date
    kind: Kind = Kind.NEW
    out: Path | None = None
    memory: str = duck.MEMORY
    threads: int | None = None
    english: bool = False

    def say(self, msgid: str, **values: object) -> str:
        """A text in the language asked for."""
        return translate(msgid, self.english).format(**values)


def run_simulate(
    table: Path,
    changes: Sequence[str],
    scenarios: Sequence[str],
    sweep: str | None,
    run: Run,
) -> int:
    """Do the work of ``tidu simulate``; the return value is the exit code."""
    if run.out is not None and run.out.suffix.lower() not in FORMATS:
        raise UsageError(
            N_("不能写成 {name}；-o 的文件名请以 {forms} 结尾"),
            name=run.out.name,
            forms=FORMATS,
        )
    library = default_library()
    console = Console(highlight=False)
    if sweep is not None:
        if changes or scenarios:
            raise ScenarioError(
                N_("--sweep 不能与 --change、--scenario 同用；请分两次运行")
            )
        _sweep(table, library, sweep, run, console)
        return 0
    read = read_scenarios(library, changes, scenarios, on=run.on, kind=run.kind)
    asked = Asked(read, run.on, run.kind)
    found = _simulate(table, library, asked, run)
    _print_simulated(console, found, asked, library, run)
    return 0


def _open(table: Path, library: Library, run: Run) -> Snapshot:
    def warn(sentence: str) -> None:
        sys.stderr.write(sentence + "\n")

    return open_snapshot(table, library, warn=warn, english=run.english)


@contextmanager
def progress(run: Run) -> Iterator[duck.Progress]:
    """A bar that appears once something is done; yields what moves it on."""
    with progress_bar() as bar:
        task = bar.add_task(run.say(N_("试算")), total=1.0)

        def advance(share: float) -> None:
            if share and not bar.live.is_started:
                bar.start()
            bar.update(task, completed=share)

        yield advance


# -- scenarios -----------------------------------------------------------------------


def _simulate(table: Path, library: Library, asked: Asked, run: Run) -> Simulated:
    snapshot = _open(table, library, run)
    book = run.out is not None and run.out.suffix.lower() == ".xlsx"
    with progress(run) as advance:
        found = simulate(
            snapshot,
            library,
            asked,
            out=None if book else run.out,
            memory=run.memory,
            threads=run.threads,
            progress=advance,
        )
    if book:
        assert run.out is not None
        names = {each.scheme: namer(library, each.scheme, run) for each in found.moves}
        simulation_files.write_moves(run.out, found, asked, names, run.say)
    return found


def namer(library: Library, scheme: str, run: Run) -> Callable[[str, str | None], str]:
    """Group and key → what people call it."""
    found = library.national.schemes[scheme].which(run.kind, run.on)
    criteria = found[0].criteria if found else ()
    labels = {each.id: each.label for top in criteria for each in top.walk()}
    names = GroupNames(library, english=run.english)

    def name(group: str, key: str | None) -> str:
        if group == "territory":
            return names.province(key)
        if group == "industry":
            return names.industry(key)
        if key is None:
            return run.say(N_("不详"))
        if group == "criterion":
            return labels[key].say(english=run.english)
        return size_word(key, english=run.english)

    return name


def _print_simulated(
    console: Console, found: Simulated, asked: Asked, library: Library, run: Run
) -> None:
    _print_head(console, found.rows, run)
    for scenario in asked.scenarios:
        name = scenario_name(scenario.name, english=run.english)
        console.print(f"  {name}", markup=False)
        for each in scenario.changes:
            console.print(f"    {each.text}", markup=False)
    for scheme in asked.schemes:
        moves = [each for each in found.moves if each.scheme == scheme]
        label = library.national.schemes[scheme].label
        console.print()
        console.print(label.english if run.english else label.chinese, style="bold")
        console.print(_summary(moves, run))
        crossing = [each for each in moves if each.moved_in or each.moved_out]
        if not crossing:
            console.print(run.say(N_("没有企业因此转入或转出。")))
        elif len(crossing) > SIDE_BY_SIDE:
            console.print(run.say(N_("方案太多，分组请用 -o 写成 xlsx 查看。")))
        else:
            console.print(_grouped(crossing, namer(library, scheme, run), run))
    if run.out is not None:
        console.print(run.say(N_("结果：{path}"), path=run.out))


def _print_head(console: Console, rows: int, run: Run) -> None:
    head = N_("按{on}计算，{kind}，共{count}家企业")
    kind = kind_word(run.kind, english=run.english)
    console.print(run.say(head, on=run.on, kind=kind, count=f"{rows:,}"))


def _new_table() -> Table:
    return Table(box=None, padding=(0, 1, 0, 0), header_style="bold")


def _summary(moves: Sequence[Moves], run: Run) -> Table:
    """Scenarios side by side: met before and after, who crosses, every other move."""
    table = _new_table()
    table.add_column("")
    for each in moves:
        name = scenario_name(each.scenario, english=run.english)
        table.add_column(name, justify="right")
    for msgid, cells in (
        (N_("现行：符合"), [f"{each.before:,}" for each in moves]),
        (N_("改后：符合"), [f"{each.after:,}" for each in moves]),
        (N_("转入"), [f"+{each.moved_in:,}" for each in moves]),
        (N_("转出"), [f"-{each.moved_out:,}" for each in moves]),
    ):
        table.add_row(run.say(msgid), *cells)
    flows = {flow: None for each in moves for flow in each.flows if flow[0] != flow[1]}
    for was, now in sorted(flows, key=lambda flow: [*map(list(Outcome).index, flow)]):
        words = (outcome_word(each, english=run.english) for each in (was, now))
        counts = (f"{each.flows.get((was, now), 0):,}" for each in moves)
        table.add_row(" → ".join(words), *counts, style="dim")
    return table


GROUP_WORDS = {
    "territory": N_("省级区划"),
    "industry": N_("行业大类"),
    "size": N_("规模"),
    "criterion": N_("卡在的条件"),
}


def _grouped(
    moves: Sequence[Moves], name: Callable[[str, str | None], str], run: Run
) -> Table:
    """Who moves in and out, by each group, the largest keys first."""
    table = _new_table()
    table.add_column("", overflow="fold", min_width=12)
    for each in moves:
        head = scenario_name(each.scenario, english=run.english)
        table.add_column(head, justify="right", no_wrap=True)
    for group in GROUPS:
        table.add_row(run.say(GROUP_WORDS[group]), style="bold")
        totals: dict[str | None, int] = {}
        for each in moves:
            for key, pair in each.groups[group].items():
                totals[key] = totals.get(key, 0) + sum(pair)
        keys = sorted(totals, key=lambda key: (-totals[key], key or ""))
        for key in keys[:KEYS_SHOWN]:
            cells = (_crossed(each, group, [key]) for each in moves)
            table.add_row("  " + name(group, key), *cells)
        if rest := keys[KEYS_SHOWN:]:
            cells = (_crossed(each, group, rest) for each in moves)
            table.add_row(run.say(N_("  其余{count}个"), count=len(rest)), *cells)
    return table


def _crossed(each: Moves, group: str, keys: Sequence[str | None]) -> str:
    pairs = [each.groups[group].get(key, (0, 0)) for key in keys]
    into, out = (sum(side) for side in zip(*pairs, strict=True))
    return f"+{into:,} -{out:,}"


# -- sweeps --------------------------------------------------------------------------


def _sweep(
    table: Path, library: Library, text: str, run: Run, console: Console
) -> None:
    sweep, _ = read_sweep(library, text, on=run.on, kind=run.kind)
    snapshot = _open(table, library, run)
    folder = run.out.parent if run.out else Path(tempfile.gettempdir())
    with progress(run) as advance:
        curve = run_sweep(
            snapshot,
            library,
            sweep,
            on=run.on,
            kind=run.kind,
            folder=folder,
            memory=run.memory,
            threads=run.threads,
            progress=advance,
        )
    if run.out is not None:
        simulation_files.write_curve(run.out, curve, run.say)
    _print_curve(console, curve, run)


def _print_curve(console: Console, curve: Curve, run: Run) -> None:
    sweep = curve.sweep
    _print_head(console, curve.rows, run)
    line = run.say(
        N_("{rule_set} 的 {value}，现行 {current}，共{points}个门槛"),
        rule_set=curve.rule_set,
        value=sweep.value,
        current=quantity_text(curve.current, sweep.unit),
        points=f"{sweep.points:,}",
    )
    console.print(line)
    table = _new_table()
    table.add_column(run.say(N_("门槛")), justify="right", no_wrap=True)
    for outcome in SHOWN:
        word = outcome_word(outcome, english=run.english)
        table.add_column(
            f"{SIGNS[outcome]} {word}", justify="right", style=STYLES[outcome]
        )
    table.add_column("", style=STYLES[MET], no_wrap=True)
    most = max(1, *(each[MET] for each in curve.counts))
    for at in shown_points(sweep.points):
        counts = curve.counts[at]
        table.add_row(
            quantity_text(sweep.threshold(at), sweep.unit),
            *(f"{counts[outcome]:,}" for outcome in SHOWN),
            "█" * round(BAR * counts[MET] / most),
        )
    console.print(table)
    if run.out is not None:
        console.print(run.say(N_("结果：{path}"), path=run.out))


def shown_points(points: int) -> list[int]:
    """About twenty of the points, evenly spread, the first and the last included."""
    last = points - 1
    parts = min(last, POINTS_SHOWN)
    return [round(last * part / parts) for part in range(parts + 1)]
