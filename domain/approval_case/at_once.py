"""The whole way at once (即办件、秒批): every fact of the table is written, in one commit, behind the guards of each step."""

from __future__ import annotations

from domain.approval_case import commands as c
from domain.approval_case import facts as f
from domain.approval_case import refusals as r
from domain.approval_case.deciding import Deciding
from domain.approval_case.examination import Examination
from domain.approval_case.intake import Intake
from domain.approval_case.words import CaseState, Opinion
from domain.kernel.aggregate import Facts, Given
from domain.kernel.people import Role
from domain.kernel.words import CaseKind, HearingRule, ItemTerms

S = CaseState


class AtOnce(Intake, Examination, Deciding):
    """当场办结与机器审批。"""

    def on_the_spot(self, command: c.HandleOnTheSpot, given: Given) -> Facts:
        self.must_be(command, self.state, S.SUBMITTED, S.RECEIVED)
        terms = given.look.item(self._terms.item, given.today)
        if terms.kind is not CaseKind.INSTANT:
            raise r.NotAnInstantItem(item=terms.item)
        if not terms.single_officer:
            raise r.NotForOneOfficer(item=terms.item)
        yield from self._taken_in(command, given)
        yield f.CaseAssigned(examiner=given.by.id)
        yield f.ExaminationOpinionRecorded(opinion=Opinion.PASS, grounds=command.grounds)
        yield from self.grant(_grant(command), given)
        if command.license_no is not None:
            yield from self.issue(
                c.IssueLicense(case_id=command.case_id, license_no=command.license_no, digest=command.digest), given
            )

    def by_machine(self, command: c.DecideByMachine, given: Given) -> Facts:
        self.must_be(command, self.state, S.SUBMITTED, S.RECEIVED)
        terms = given.look.item(self._terms.item, given.today)
        if terms.machine_rule is None:
            raise r.NotForAMachine(item=terms.item)
        if command.rule_version != terms.machine_rule:
            raise r.OtherMachineRule(rule=terms.machine_rule, rule_version=command.rule_version)
        if self.handed_over:
            raise r.WithAnOfficerNow()
        if given.by.role is Role.SOURCE and given.by.organ != self.organ:
            raise r.MachineOfAnother(organ=given.by.organ, owner=self.organ)
        unmet = tuple(point.point for point in command.points if not point.met)
        if why := self._for_a_person(unmet, terms, command, given):
            if self.state is S.SUBMITTED:
                yield from self.receive(_receive(command), given)
            yield f.HandedToOfficer(
                rule_version=command.rule_version, points=command.points, unmet=unmet, reason=why
            )
            return
        yield from self._taken_in(command, given)
        yield f.CaseAssigned(examiner=given.by.id)
        yield f.CheckedByMachine(rule_version=command.rule_version, points=command.points)
        grounds = f"按规则 {command.rule_version} 逐点核验,全部符合"
        yield f.ExaminationOpinionRecorded(opinion=Opinion.PASS, grounds=grounds, rule_version=command.rule_version)
        yield from self.grant(_grant(command), given)

    def _taken_in(self, command: c.WholeWay, given: Given) -> Facts:
        if self.state is S.SUBMITTED:
            yield from self.receive(_receive(command), given)
        yield from self.accept(
            c.AcceptApplication(
                case_id=command.case_id, document_no=command.acceptance_no, not_asked=command.not_asked
            ),
            given,
        )

    def _for_a_person(
        self, unmet: tuple[str, ...], terms: ItemTerms, command: c.DecideByMachine, given: Given
    ) -> str:
        """Why a person must look at it; nothing when the machine may grant. What is missing is no ground for a denial
        by machine: the applicant is told once, heard, and gets reasons from somebody who answers for them."""
        if unmet:
            return "未符合:" + "、".join(unmet)
        if missing := [m for m in terms.materials if m not in self.materials and m not in command.not_asked]:
            return "材料尚缺:" + "、".join(missing)
        if terms.consult or terms.inspect or terms.hearing is not HearingRule.NONE:
            return "事项须会商、踏勘或者听证"
        if any(given.today <= until for until in self.holds.values()):
            return "监管部门请求暂缓办理"
        if any(told.consult is not None for told in self.findings.values()):
            return "监管信息要求会商"
        return ""


def _receive(command: c.WholeWay) -> c.ReceiveMaterial:
    return c.ReceiveMaterial(case_id=command.case_id, receipt_no=command.receipt_no)


def _grant(command: c.WholeWay) -> c.GrantLicense:
    return c.GrantLicense(
        case_id=command.case_id, document_no=command.document_no, content=command.content, validity=command.validity
    )
