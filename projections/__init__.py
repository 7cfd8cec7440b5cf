"""Projections (投影): one file per question; its table, its handlers and its queries together.

A new projection is one file, its line here and its test."""

from projections.attempts import Attempts
from projections.bundles import Bundles
from projections.case_register import CaseRegister
from projections.catalogue import Catalogue
from projections.catalogue_drift import CatalogueDrift
from projections.consultations import Consultations
from projections.deadlines import Deadlines
from projections.delegations import Delegations
from projections.document_numbers import DocumentNumbers
from projections.expert_draws import ExpertDraws
from projections.expert_load import ExpertLoads
from projections.expert_pool import ExpertPool
from projections.findings import Findings
from projections.integrity_board import IntegrityBoard
from projections.licenses import Licenses
from projections.parked import Parked
from projections.promises import Promises
from projections.push_board import PushBoard
from projections.responsibilities import Responsibilities
from projections.sealing import Sealing
from projections.site_visits import SiteVisits
from projections.standings import Standings
from projections.timeline import Timeline
from projections.view import Projection

PROJECTIONS: tuple[type[Projection], ...] = (
    CaseRegister,
    Timeline,
    Deadlines,
    PushBoard,
    Consultations,
    SiteVisits,
    Findings,
    Catalogue,
    CatalogueDrift,
    Responsibilities,
    Parked,
    Licenses,
    IntegrityBoard,
    ExpertPool,
    ExpertDraws,
    ExpertLoads,
    Bundles,
    Promises,
    Standings,
    Sealing,
    Delegations,
    DocumentNumbers,
    Attempts,
)
