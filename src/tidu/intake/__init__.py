"""What people wrote: spreadsheets → facts, with a place for every error."""

from tidu.intake.files import Limits
from tidu.intake.mapping import ColumnMap, load_column_map
from tidu.intake.problems import ColumnRead, Intake, Problem, Row, UnreadableFile
from tidu.intake.reading import read_file, read_record

__all__ = [
    "ColumnMap",
    "ColumnRead",
    "Intake",
    "Limits",
    "Problem",
    "Row",
    "UnreadableFile",
    "load_column_map",
    "read_file",
    "read_record",
]
