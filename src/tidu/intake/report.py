"""Standings as an XLSX report: overview, findings, missing figures, how it was read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import xlsxwriter

import tidu
from tidu.rules.findings import Finding
from tidu.rules.ladder import next_step
from tidu.rules.language import N_, translate
from tidu.rules.naming import ask_key
from tidu.rules.outcomes import MANUAL, MET, NOT_APPLICABLE, UNKNOWN, UNMET, Outcome
from tidu.rules.rulesets import ScoreItem
from tidu.rules.sentences import requirement, what_was_found
from tidu.rules.wording import SIGNS, grade_word, kind_word, outcome_word, size_word

if TYPE_CHECKING:
    from tidu.intake.assessing import Assessed, Request
    from tidu.intake.problems import Intake
    from tidu.rules.assess import Standing

_COLOURS = {
    MET: "#0B6E4F",
    UNMET: "#B00020",
    UNKNOWN: "#8A5A00",
    MANUAL: "#0F6E6E",
    NOT_APPLICABLE: "#6B7280",
}
_ACCENT = "#0F6E6E"


def write(
    out: Path | BinaryIO, assessed: list[Assessed], intake: Intake, request: Request
) -> None:
    """Write the report to a path, or into memory without any file."""
    in_memory = not isinstance(out, Path)
    book = xlsxwriter.Workbook(
        str(out) if isinstance(out, Path) else out,
        {
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "in_memory": in_memory,
        },
    )
    report = _Report(book, assessed, request)
    report.overview()
    report.findings()
    report.missing()
    report.reading(intake)
    report.about()
    book.close()


class _Report:
    def __init__(self, book: Any, assessed: list[Assessed], request: Request) -> None:
        self.book = book
        self.assessed = assessed
        self.request = request
        self.english = request.english
        base = {"font_name": "Microsoft YaHei", "font_size": 10, "valign": "top"}
        self.plain = book.add_format({**base, "text_wrap": True})
        self.text = book.add_format({**base, "text_wrap": True, "num_format": "@"})
        self.head = book.add_format(
            {**base, "bold": True, "font_color": "white", "bg_color": _ACCENT,
             "text_wrap": True, "valign": "vcenter", "border": 1}
        )  # fmt: skip
        self.title = book.add_format({**base, "bold": True, "font_size": 14})
        self.outcomes = {
            outcome: book.add_format({**base, "font_color": colour})
            for outcome, colour in _COLOURS.items()
        }

    def say(self, msgid: str, **values: Any) -> str:
        return translate(msgid, self.english).format(**values)

    def sheet(
        self,
        name: str,
        title: str,
        columns: Sequence[tuple[str, int]],
        lines: Iterable[Sequence[Any]],
        *,
        frozen: int = 1,
    ) -> None:
        """One sheet: a title, a header row with filter, the lines below it."""
        sheet = self.book.add_worksheet(name)
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&C&P / &N")
        sheet.write_string(0, 0, title, self.title)
        sheet.set_row(0, 24)
        sheet.set_row(2, 30)
        for at, (label, width) in enumerate(columns):
            sheet.write_string(2, at, label, self.head)
            sheet.set_column(at, at, width)
        row = 2
        for row, line in enumerate(lines, start=3):
            for at, cell in enumerate(line):
                self.cell(sheet, row, at, cell)
        sheet.autofilter(2, 0, max(row, 3), len(columns) - 1)
        sheet.freeze_panes(3, frozen)
        sheet.repeat_rows(2)

    def cell(self, sheet: Any, row: int, column: int, value: Any) -> None:
        if isinstance(value, Outcome):
            word = outcome_word(value, english=self.english)
            sheet.write_string(
                row, column, f"{SIGNS[value]} {word}", self.outcomes[value]
            )
        elif isinstance(value, int | float):
            sheet.write_number(row, column, value, self.plain)
        else:
            sheet.write_string(row, column, str(value or ""), self.text)

    def overview(self) -> None:
        schemes = [each for each in self.request.schemes if each != "sme_size"]
        labels = self.assessed[0].pack.schemes if self.assessed else {}
        columns = [
            (self.say(N_("企业名称")), 30),
            (self.say(N_("统一社会信用代码")), 21),
            (self.say(N_("规模")), 8),
            *(
                (labels[s].label.say(english=self.english), 12)
                for s in schemes
                if labels
            ),
            (self.say(N_("下一级")), 16),
            (self.say(N_("还差什么")), 40),
        ]
        title = self.say(
            N_("评估总览：按{on}计算，{kind}，共{count}家企业"),
            on=self.request.on,
            kind=kind_word(self.request.kind, english=self.english),
            count=len(self.assessed),
        )
        self.sheet(
            self.say(N_("总览")),
            title,
            columns,
            map(self._overview_line, self.assessed),
        )

    def _overview_line(self, each: Assessed) -> list[Any]:
        cells: list[Any] = [
            each.row.name or "",
            each.row.uscc or "",
            size_word(each.size, english=self.english),
        ]
        for scheme, standing in each.standings.items():
            if scheme != "sme_size":
                decided = standing.outcome is MET and standing.value_name
                cells.append(standing.value_name if decided else standing.outcome)
        rung = each.next_rung
        if rung is None:
            return [*cells, "", ""]
        label = each.pack.schemes[rung].label.say(english=self.english)
        step = next_step(each.standings[rung], english=self.english)
        return [*cells, label, step]

    def findings(self) -> None:
        columns = [
            (self.say(N_("企业名称")), 30),
            (self.say(N_("认定")), 18),
            (self.say(N_("结论")), 12),
            (self.say(N_("条件")), 34),
            (self.say(N_("查到的")), 26),
            (self.say(N_("要求")), 18),
            (self.say(N_("年度")), 11),
            (self.say(N_("说明")), 60),
            (self.say(N_("条款")), 14),
            (self.say(N_("文件")), 22),
            (self.say(N_("核对程度")), 16),
            (self.say(N_("数据来源")), 26),
            (self.say(N_("备注")), 40),
        ]
        lines = (
            self._finding_line(each, scheme, finding)
            for each in self.assessed
            for scheme, standing in each.standings.items()
            for finding in standing.findings
        )
        title = self.say(N_("逐条说明：每个条件一行"))
        self.sheet(self.say(N_("逐条说明")), title, columns, lines)

    def _finding_line(self, each: Assessed, scheme: str, finding: Finding) -> list[Any]:
        about = finding.about
        indent = "　" if finding.part_of or isinstance(about, ScoreItem) else ""
        rule_set = each.standings[scheme].rule_set
        reading = finding.reading
        return [
            each.row.name or "",
            each.pack.schemes[scheme].label.say(english=self.english),
            finding.outcome,
            indent + about.label.say(english=self.english),
            what_was_found(finding, english=self.english),
            requirement(finding, english=self.english),
            reading.period if reading else "",
            finding.sentence(english=self.english),
            about.clause,
            rule_set.number if rule_set else "",
            grade_word(finding.grade, english=self.english),
            self.say(N_("；")).join(finding.sources),
            about.note.say(english=self.english),
        ]

    def missing(self) -> None:
        columns = [
            (self.say(N_("企业名称")), 34),
            (self.say(N_("缺的数据")), 44),
            (self.say(N_("影响几个条件")), 14),
            (self.say(N_("影响哪些认定")), 60),
        ]
        title = self.say(N_("缺的数据：补上以后可以定下更多结论"))
        lines = (line for each in self.assessed for line in self._missing_lines(each))
        self.sheet(self.say(N_("缺的数据")), title, columns, lines)

    def _missing_lines(self, each: Assessed) -> list[list[Any]]:
        counts: Counter[str] = Counter()
        schemes: dict[str, dict[str, None]] = {}
        for scheme, standing in each.standings.items():
            label = each.pack.schemes[scheme].label.say(english=self.english)
            for finding in standing.findings if standing.outcome is UNKNOWN else ():
                for key in finding.missing:
                    counts[key] += 1
                    schemes.setdefault(key, {})[label] = None
        return [
            [
                each.row.name or "",
                ask_key(key, each.pack.words, english=self.english),
                count,
                self.say(N_("、")).join(schemes[key]),
            ]
            for key, count in counts.most_common()
        ]

    def reading(self, intake: Intake) -> None:
        columns = [(self.say(N_("类别")), 10), (self.say(N_("内容")), 120)]
        words = {"error": self.say(N_("错误")), "warning": self.say(N_("提醒"))}
        lines: list[list[Any]] = [
            [words[each.severity], each.sentence(english=self.english)]
            for each in intake.problems
        ]
        lines += [[self.say(N_("读法")), each] for each in intake.readings]
        title = self.say(
            N_("读入报告：读到{rows}行，其中{bad}行有错误、没有评估"),
            rows=len(intake.rows),
            bad=sum(not row.readable for row in intake.rows),
        )
        self.sheet(self.say(N_("读入报告")), title, columns, lines, frozen=0)

    def about(self) -> None:
        columns = [(self.say(N_("项目")), 30), (self.say(N_("内容")), 110)]
        lines: list[list[Any]] = []
        seen = {}
        for each in self.assessed:
            for scheme, standing in each.standings.items():
                if standing.rule_set:
                    label = each.pack.schemes[scheme].label.say(english=self.english)
                    seen[standing.rule_set.name] = (label, standing)
        lines += [self._standard(label, standing) for label, standing in seen.values()]
        for each in self.assessed[:1]:
            lines.append(
                [self.say(N_("政策包")), f"{each.pack.id} sha256 {each.pack.digest}"]
            )
        lines.append(["Tidu", tidu.__version__])
        lines += [
            [
                f"{SIGNS[each]} {outcome_word(each, english=self.english)}",
                self.say(_MEANINGS[each]),
            ]
            for each in Outcome
        ]
        self.sheet(
            self.say(N_("说明")), self.say(N_("依据和图例")), columns, lines, frozen=0
        )

    def _standard(self, label: str, standing: Standing) -> list[Any]:
        rule_set = standing.rule_set
        assert rule_set is not None
        grade = grade_word(rule_set.grade, english=self.english)
        text = f"{rule_set.number} {rule_set.annex}（{grade}）"
        notes = [note.say(english=self.english) for note in standing.notes]
        return [label, self.say(N_("；")).join([text, *notes])]


_MEANINGS = {
    MET: N_("数据表明这一条满足"),
    UNMET: N_("数据表明这一条不满足"),
    UNKNOWN: N_("缺少数据，不能下结论；补上即可"),
    MANUAL: N_("数字定不了，要由专家或主管部门认定"),
    NOT_APPLICABLE: N_("本次程序或该企业不考察这一条"),
}
