"""View (视图): how projections are folded, stored, read and rebuilt; the only place here that knows the database."""

from projections.view.errors import BadCursor, ProjectionsNotCreated, RowMissing, SwapRefused, UnknownProjection
from projections.view.projection import Projection
from projections.view.reader import Decode, Page, Reader
from projections.view.runner import Progress, ProjectionRunner, Status, create_tables
from projections.view.table import Table, own_stream

__all__ = [
    "BadCursor",
    "Decode",
    "Page",
    "Progress",
    "Projection",
    "ProjectionRunner",
    "ProjectionsNotCreated",
    "Reader",
    "RowMissing",
    "Status",
    "SwapRefused",
    "Table",
    "UnknownProjection",
    "create_tables",
    "own_stream",
]
