"""What a case demands of others before its decision (会商、踏勘、监管信息), and what comes back into its file."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from domain.approval_case import commands as c
from domain.approval_case import facts as f
from domain.approval_case.file import Warned
from domain.approval_case.routing import Routing
from domain.approval_case.words import RUNNING, UNDECIDED, Outcome
from domain.kernel.aggregate import Facts, Given
from domain.kernel.event import ENVELOPE
from domain.kernel.time import due_by, next_working_day, place_of
from domain.kernel.words import Body

ITEM_DEMANDS = "item"


class Demands(Routing):
    """应会商必会商、应踏勘必踏勘。"""

    def note_consultation(self, command: c.NoteConsultation, given: Given) -> Facts:
        if self.consultations.get(command.cause) is not None or self.state not in UNDECIDED:
            return
        yield f.ConsultationNoted(
            consultation_id=command.consultation_id, cause=command.cause, outcome=command.outcome, heard=command.heard
        )
        demand = self.demands.get(command.cause)
        if command.outcome is Outcome.CANCELLED and demand is not None and self._still_demanded(demand):
            # 应会商必会商: cancelling is no way round a demand, so it is asked anew under a cause of its own.
            again = f"{_first_cause(demand.cause)}/{len(self.demands) + 1}"
            yield f.ConsultationRequired(**{**_content(demand), "cause": again})

    def note_inspection(self, command: c.NoteInspection, given: Given) -> Facts:
        if self.visit is command.outcome or self.state not in UNDECIDED:
            return
        demanded = self.visit is not None
        yield f.InspectionNoted(inspection_id=command.inspection_id, outcome=command.outcome, kind=command.kind)
        if command.outcome is Outcome.CANCELLED and demanded:
            yield from self._site_visit(given.today)

    def note_finding(self, command: c.NoteFinding, given: Given) -> Facts:
        told = Warned(command.kind, command.statement, command.hold_until, command.consult)
        if self.state not in UNDECIDED or self.findings.get(command.finding_id) == told:
            return
        yield f.FindingNoted(finding_id=command.finding_id, **told._asdict())
        if self.state in RUNNING:
            yield from self._demands_of_findings()

    def note_finding_answered(self, command: c.NoteFindingAnswered, given: Given) -> Facts:
        if command.finding_id in self.findings:
            yield f.FindingAnswered(finding_id=command.finding_id, result=command.result)

    def _demands(self, given: Given) -> Facts:
        yield from self._route(given)
        if self._consulted and ITEM_DEMANDS not in self.demands:
            yield self._consultation(self._consulted, ITEM_DEMANDS, self._terms.name)
        yield from self._demands_of_findings()
        if self._inspecting and not self.visit_demanded:
            yield from self._site_visit(given.today)

    def _demands_of_findings(self) -> Facts:
        for finding_id, told in self.findings.items():
            if told.consult is not None and str(finding_id) not in self.demands:
                yield self._consultation((told.consult,), str(finding_id), told.statement)

    def _consultation(self, bodies: tuple[Body, ...], cause: str, reason: str) -> f.ConsultationRequired:
        return f.ConsultationRequired(
            case_no=self.case_no, item_name=self._terms.name, bodies=bodies, cause=cause, reason=reason,
            safety=self._terms.safety,
        )  # fmt: skip

    def _still_demanded(self, demand: f.ConsultationRequired) -> bool:
        cause = _first_cause(demand.cause)
        return cause == ITEM_DEMANDS or UUID(cause) in self.findings

    def _site_visit(self, today: date) -> Facts:
        if self.site is None:
            return
        bodies = self._inspecting
        # Counted as the visit itself is, by its lead: a window told by the organ's own calendar could end too early.
        place = place_of(bodies[0].code if bodies else self.organ, self.site)
        not_before = next_working_day(today, place) or today + timedelta(days=1)
        yield f.SiteVisitRequired(
            case_no=self.case_no, site=self.site, bodies=bodies,
            not_before=not_before, not_after=due_by("site_visit_window", not_before, place) or not_before,
            kind=self._terms.inspect_kind, safety=self._terms.safety,
        )  # fmt: skip


def _first_cause(cause: str) -> str:
    return cause.partition("/")[0]


def _content(fact: f.ConsultationRequired) -> dict[str, Any]:
    return {name: getattr(fact, name) for name in type(fact).model_fields if name not in ENVELOPE}
