"""The steps of a scheme's certification, its documents, a holder's duties, as data.

``procedures/<scheme>.yaml`` names the steps in their order, each with its kind and the
level of government that takes it. An authority runs the steps up to its own level: a
county's cases end with its recommendation, and the decision comes from above.
"""

from __future__ import annotations

import dataclasses
import datetime
import enum
from collections.abc import Mapping
from pathlib import Path

from tidu.rules.rulesets import SourceGrade
from tidu.rules.vocabulary import Text
from tidu.rules.yamlio import Block, load_block


class Level(enum.StrEnum):
    """Levels of government, from the enterprise up."""

    COUNTY = "county"
    CITY = "city"
    PROVINCE = "province"
    MINISTRY = "ministry"

    @property
    def label(self) -> Text:
        return LEVEL_LABELS[self]

    @property
    def height(self) -> int:
        """0 for a county, 3 for the ministry."""
        return list(Level).index(self)

    @property
    def digits(self) -> int:
        """How many digits of a division code an authority of this level answers for."""
        return {"county": 6, "city": 4, "province": 2, "ministry": 0}[self]


class StepKind(enum.StrEnum):
    """What is done in a step; each kind has its own page and its own way out."""

    PRELIMINARY_CHECK = "preliminary_check"
    SITE_INSPECTION = "site_inspection"
    EXPERT_REVIEW = "expert_review"
    RECOMMENDATION = "recommendation"
    PUBLIC_NOTICE = "public_notice"
    DECISION = "decision"


LEVEL_LABELS = {
    Level.COUNTY: Text("县级", "County"),
    Level.CITY: Text("市级", "City"),
    Level.PROVINCE: Text("省级", "Province"),
    Level.MINISTRY: Text("国家", "Ministry"),
}
KIND_LABELS = {
    StepKind.PRELIMINARY_CHECK: Text("初审", "preliminary check"),
    StepKind.SITE_INSPECTION: Text("实地抽查", "site inspection"),
    StepKind.EXPERT_REVIEW: Text("评审", "expert review"),
    StepKind.RECOMMENDATION: Text("推荐", "recommendation"),
    StepKind.PUBLIC_NOTICE: Text("公示", "public notice"),
    StepKind.DECISION: Text("认定", "decision"),
}


@dataclasses.dataclass(frozen=True, slots=True)
class Step:
    """One step: what is done, by which level, and where that is written."""

    id: str
    kind: StepKind
    level: Level
    clause: str = ""

    @property
    def label(self) -> Text:
        level, kind = self.level.label, KIND_LABELS[self.kind]
        return Text(level.chinese + kind.chinese, f"{level.english} {kind.english}")


class Consequence(enum.StrEnum):
    """What follows when yearly updates are missed."""

    REVERIFICATION_LOST = "reverification_lost"
    REVOKED = "revoked"


class Need(enum.StrEnum):
    """Whether an application has to carry a document."""

    REQUIRED = "required"
    OPTIONAL = "optional"
    UNKNOWN = "unknown"  # no document known to us gives a list


NEED_LABELS = {
    Need.REQUIRED: Text("必交", "required"),
    Need.OPTIONAL: Text("选交", "optional"),
    Need.UNKNOWN: Text("文件没有给出清单", "no list known"),
}


@dataclasses.dataclass(frozen=True, slots=True)
class Papers:
    """Which documents new applications under some rule sets carry, and where it stands.

    ``needs``: group of facts that a document proves (``economy``) → its need.
    """

    rule_sets: tuple[str, ...]
    needs: Mapping[str, Need]
    document: str
    clause: str
    grade: SourceGrade


@dataclasses.dataclass(frozen=True, slots=True)
class Duties:
    """What a holder owes after certification, under the rule set it was made by.

    ``update_by``: month and day of each year; ``misses``: of one validity period, at
    which the consequence follows; ``bar_years``: at least so many after a revocation;
    ``bar_for``: only for this reason, otherwise the authority sets it.
    """

    rule_sets: tuple[str, ...]
    validity_years: int
    update_by: tuple[int, int]
    misses: int
    consequence: Consequence
    change_months: int
    bar_years: int
    bar_for: str
    clauses: Mapping[str, str]
    grade: SourceGrade

    def update_day(self, year: int) -> datetime.date:
        """The last day for the update of a year."""
        return datetime.date(year, *self.update_by)


@dataclasses.dataclass(frozen=True, slots=True)
class Procedure:
    """The steps of a scheme in their order, and how sure we are of them."""

    scheme: str
    document: str
    grade: SourceGrade
    steps: tuple[Step, ...]
    after: tuple[Duties, ...] = ()
    papers: tuple[Papers, ...] = ()

    @property
    def decided_by(self) -> Level:
        """The level that certifies."""
        return self.steps[-1].level

    def duties(self, rule_set: str) -> Duties | None:
        """What holders owe whose title was granted by a rule set (``2026-04-01``)."""
        for each in self.after:
            if rule_set in each.rule_sets:
                return each
        return None

    def papers_of(self, rule_set: str) -> Papers | None:
        """The list of documents for a rule set (``2026-04-01``), None without one."""
        for each in self.papers:
            if rule_set in each.rule_sets:
                return each
        return None

    def up_to(self, level: Level) -> tuple[Step, ...]:
        """The steps that an authority and those below it take themselves."""
        return tuple(each for each in self.steps if each.level.height <= level.height)


def load_procedure(path: Path) -> Procedure:
    """Read one scheme's steps. Raises PackError with file, line and remedy."""
    block = load_block(path)
    source = block.take_block("source")
    if source is None:
        raise block.error("缺少 source", remedy="写明文件和可信等级")
    steps = tuple(_step(each) for each in block.take_blocks("steps"))
    procedure = Procedure(
        scheme=path.stem,
        document=source.take_text("document"),
        grade=SourceGrade(source.take_choice("grade", [*SourceGrade])),
        steps=steps,
        after=tuple(_duties(each) for each in block.take_blocks("after")),
        papers=tuple(_papers(each) for each in block.take_blocks("papers")),
    )
    source.finish()
    block.finish()
    _check_steps(block, steps)
    return procedure


def _step(block: Block) -> Step:
    step = Step(
        id=block.take_text("id"),
        kind=StepKind(block.take_choice("kind", [*StepKind])),
        level=Level(block.take_choice("level", [*Level])),
        clause=block.take_text("clause", ""),
    )
    block.finish()
    return step


def _papers(block: Block) -> Papers:
    needs: dict[str, Need] = {}
    for need in (Need.REQUIRED, Need.OPTIONAL):
        for group in block.take_texts(need.value):
            if group in needs:
                raise block.error(f"材料 {group} 列了两次", remedy="只列一次")
            needs[group] = need
    found = Papers(
        rule_sets=block.take_texts("rule_sets"),
        needs=needs,
        document=block.take_text("document"),
        clause=block.take_text("clause"),
        grade=SourceGrade(block.take_choice("grade", [*SourceGrade])),
    )
    block.finish()
    return found


def _duties(block: Block) -> Duties:
    clauses = block.take_block("clauses")
    names = clauses.keys() if clauses else []
    found = Duties(
        rule_sets=block.take_texts("rule_sets"),
        validity_years=block.take_parsed("validity_years", int, "整数"),
        update_by=block.take_parsed("update_by", _month_and_day, "月-日，如 05-31"),
        misses=block.take_parsed("misses", int, "整数"),
        consequence=Consequence(block.take_choice("consequence", [*Consequence])),
        change_months=block.take_parsed("change_months", int, "整数"),
        bar_years=block.take_parsed("bar_years", int, "整数"),
        bar_for=block.take_text("bar_for", ""),
        clauses={each: clauses.take_text(each) for each in names} if clauses else {},
        grade=SourceGrade(block.take_choice("grade", [*SourceGrade])),
    )
    if clauses:
        clauses.finish()
    block.finish()
    return found


def _month_and_day(text: str) -> tuple[int, int]:
    day = datetime.date.fromisoformat(f"2001-{text}")  # a year without a 29 February
    return day.month, day.day


def _check_steps(block: Block, steps: tuple[Step, ...]) -> None:
    ids = [each.id for each in steps]
    if len(set(ids)) != len(ids):
        raise block.error("steps 的 id 有重复", remedy="每一步用自己的 id")
    heights = [each.level.height for each in steps]
    if heights != sorted(heights):
        raise block.error("steps 的级别时高时低", remedy="按由下到上的次序写")
    kinds = [each.kind for each in steps]
    if not kinds or kinds[-1] is not StepKind.DECISION:
        raise block.error("steps 的最后一步不是认定", remedy="最后一步写 decision")
    if kinds.count(StepKind.DECISION) > 1:
        raise block.error("steps 有不止一步认定", remedy="只在最后写一步 decision")
