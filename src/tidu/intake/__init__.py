"""What people wrote: spreadsheets → facts, with a place for every error."""

from tidu.intake.mapping import ColumnMap, load_column_map
from tidu.intake.problems import Intake, Problem, Row, UnreadableFile
from tidu.intake.reading import read_file

__all__ = [
    "ColumnMap",
    "Intake",
    "Problem",
    "Row",
    "UnreadableFile",
    "load_column_map",
    "read_file",
]
