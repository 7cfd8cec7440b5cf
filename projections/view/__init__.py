"""View (视图): how projections are folded, stored, read and rebuilt; the only place here that knows the database."""

from projections.view.errors import (
    AlreadyRebuilding,
    BadCursor,
    ProjectionsNotCreated,
    RowMissing,
    SwapRefused,
    UnknownProjection,
)
from projections.view.memory import RowsAtHand, folded_in_memory
from projections.view.projection import Projection
from projections.view.reader import Decode, Page, Reader
from projections.view.rebuilding import Comparison, Progress, Rebuilt
from projections.view.runner import ProjectionRunner, Status
from projections.view.table import Table, own_stream
from projections.view.tables import create_tables

__all__ = [
    "AlreadyRebuilding",
    "BadCursor",
    "Comparison",
    "Decode",
    "Page",
    "Progress",
    "Projection",
    "ProjectionRunner",
    "ProjectionsNotCreated",
    "Reader",
    "Rebuilt",
    "RowMissing",
    "RowsAtHand",
    "Status",
    "SwapRefused",
    "Table",
    "UnknownProjection",
    "create_tables",
    "folded_in_memory",
    "own_stream",
]
