"""The bundle itself: decides its commands and folds its facts."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from domain.bundle import commands as c
from domain.bundle import facts as f
from domain.bundle import refusals as r
from domain.bundle.words import BundleState, CompositePart, HandedIn, OpenedPart, PartOutcome, PartState
from domain.kernel.aggregate import Aggregate, Facts, Given
from domain.kernel.bundles import ChainTerms, IfNotGranted, Part
from domain.kernel.event import ENVELOPE
from domain.kernel.identity import PLATFORM, case_stream, license_stream
from domain.kernel.licensing import STANDING, LicenseState
from domain.kernel.refusal import Refusal

S = BundleState
P = PartState
SETTLED = (P.GRANTED, P.NOT_GRANTED, P.LEFT_OUT)
HEARS = (S.RUNNING, S.HALTED, S.WITHDRAWN)


class Bundle(Aggregate):
    """一件事。"""

    NAME = "bundle"
    ZH = "一件事"

    def __init__(self, id: UUID) -> None:
        super().__init__(id)
        self.state: BundleState = S.RUNNING
        self.submitted: f.BundleSubmitted | None = None
        self.parts: dict[str, PartState] = {}
        self.opened: dict[UUID, OpenedPart] = {}
        self.granted: dict[str, CompositePart] = {}
        self.composite: f.CompositeLicenseIssued | None = None
        self.stands_as: dict[str, LicenseState] = {}
        self.stage = 0
        self.joined = 0

    def submit(self, command: c.SubmitBundle, given: Given) -> Facts:
        if self.submitted is not None:
            if not self._the_same(command):
                raise r.BundleSubmittedAlready(bundle_no=command.bundle_no)
            return
        terms = given.look.chain(command.chain, given.today)
        self._may_leave_out(terms, command.without)
        asked = [part for part in terms.parts() if part.code not in command.without]
        if not asked:
            raise r.NothingAskedFor()
        there = {material.name for material in command.materials}
        codes = [part.code for part in asked]
        missing = tuple(
            m.name for m in terms.materials
            if m.required and m.name not in there and any(m.goes_to(code) for code in codes)
        )  # fmt: skip
        if missing:
            raise r.SharedMaterialMissing(missing=missing)
        for part in asked:
            if given.look.item(part.item, given.today).inspect and command.site is None:
                raise r.SiteMissingForPart(part=part.name)
        yield f.BundleSubmitted(
            bundle_no=command.bundle_no, opened_on=command.opened_on, terms=terms, subject=command.subject,
            site=command.site, organ=given.by.on_behalf_of or given.by.organ, materials=command.materials,
            without=command.without, channel=command.channel, agent=command.agent,
        )  # fmt: skip
        yield from self._go_on(given)

    def note_part(self, command: c.NotePart, given: Given) -> Facts:
        opened = self.opened.get(command.case_id)
        if opened is None:
            raise r.NotAPartOfThis(case_id=command.case_id)
        # Noted once: the same message again, or a later turn of a case that is settled here, changes nothing.
        if self.parts[opened.part] in SETTLED:
            return
        self.must_be(command, self.state, *HEARS)
        seen = given.look.case(command.case_id)
        grant = seen.grant if seen is not None else None
        if command.outcome is PartOutcome.GRANTED:
            if grant is None or grant.item != opened.item:
                raise r.PartSaysOtherwise(case_no=opened.case_no, outcome=command.outcome)
            yield f.PartGranted(
                case_ids=tuple(self.opened), part=opened.part,
                joined=CompositePart(
                    part=opened.part, name=opened.name, item=opened.item, organ=opened.organ, case_id=command.case_id,
                    case_no=opened.case_no, decision_id=grant.decision_id, document_no=grant.document_no,
                ),
            )  # fmt: skip
        else:
            if seen is None or seen.undecided or grant is not None:
                raise r.PartSaysOtherwise(case_no=opened.case_no, outcome=command.outcome)
            yield f.PartNotGranted(
                case_ids=tuple(self.opened), part=opened.part, name=opened.name, case_id=command.case_id, case_no=opened.case_no,
                outcome=command.outcome, reason=command.reason,
            )  # fmt: skip
            yield from self._without(self._part(opened.part))
        yield from self._go_on(given)

    def issue_composite(self, command: c.IssueCompositeLicense, given: Given) -> Facts:
        if self.composite is None:
            self.must_be(command, self.state, S.JOINED)
        terms = self._terms
        if (given.by.on_behalf_of or given.by.organ) != terms.lead.code:
            raise r.NotTheLead(lead=terms.lead, organ=given.by.organ)
        assert terms.composite is not None
        parts = tuple(one for one in self._granted() if _stands(one, given))
        if self.composite is not None and parts == self.composite.parts:
            raise r.CompositeStillStands(composite=terms.composite, license_no=self.composite.license_no)
        if not parts:
            raise r.NothingLeftToJoin(composite=terms.composite)
        joined = {one.part for one in parts}
        yield f.CompositeLicenseIssued(
            case_ids=tuple(self.opened), composite=terms.composite, license_no=command.license_no, digest=command.digest,
            parts=parts, without=tuple(part.name for part in terms.parts() if part.code not in joined),
        )  # fmt: skip

    def note_composite_part(self, command: c.NoteCompositePart, given: Given) -> Facts:
        if command.case_id not in self.opened:
            raise r.NotAPartOfThis(case_id=command.case_id)
        # Before it is issued it lists nothing, and issuing it looks at every license itself.
        if self.composite is None:
            return
        one = next((part for part in self.composite.parts if part.case_id == command.case_id), None)
        seen = given.look.license(license_stream(command.case_id))
        if one is not None and seen is not None and _in_effect(seen.state) != self.stands_as.get(one.part, LicenseState.VALID):
            yield f.CompositePartChanged(
                case_ids=tuple(self.opened), composite=self.composite.composite, license_no=self.composite.license_no,
                part=one.part, name=one.name, case_id=one.case_id, part_license=seen.license_no, state=_in_effect(seen.state),
            )  # fmt: skip

    def withdraw(self, command: c.WithdrawBundle, given: Given) -> Facts:
        assert self.submitted is not None
        lead, organ = self._terms.lead, given.by.on_behalf_of or given.by.organ
        if organ not in (self.submitted.organ, lead.code):
            raise r.NotHandedInHere(organ_in=self.submitted.organ, lead=lead, organ=organ)
        if self.state is S.WITHDRAWN:
            return
        self.must_be(command, self.state, S.RUNNING, S.HALTED, S.JOINED)
        still = {case_id: one for case_id, one in self.opened.items() if self.parts[one.part] is P.OPEN}
        yield f.BundleWithdrawn(
            reason=command.reason, open_parts=tuple(one.part for one in still.values()),
            names=tuple(one.name for one in still.values()), case_ids=tuple(still),
        )  # fmt: skip

    # 阶段的开启与会合

    def _go_on(self, given: Given) -> Facts:
        """Join what is settled and open what comes next, until something is waited for."""
        while self.state is S.RUNNING:
            if self.stage > self.joined:
                if any(self.parts[part.code] not in SETTLED for part in self._stage(self.stage)):
                    return
                yield self._stage_joined()
            elif self.stage < len(self._terms.stages):
                yield from self._open_next(given)
            elif self._terms.composite is not None and self.granted:
                yield f.BundleJoined(
                    case_ids=tuple(self.opened), composite=self._terms.composite, parts=self._granted()
                )
            else:
                yield self._concluded()
        if self.state is S.HALTED and P.OPEN not in self.parts.values():
            yield self._concluded()

    def _open_next(self, given: Given) -> Facts:
        assert self.submitted is not None
        number = self.stage + 1
        stage = self._terms.stages[number - 1]
        wanted: list[Part] = []
        refused: list[tuple[Part, Refusal]] = []
        for part in stage.parts:
            if self.parts[part.code] is P.LEFT_OUT:
                continue
            try:
                given.look.item(part.item, given.today)
                wanted.append(part)
            except Refusal as retired:
                # Retired since the bundle was submitted: for the applicant a part that is not granted, and no error.
                refused.append((part, retired))
        halting = any(part.if_not_granted is IfNotGranted.HALT for part, _ in refused)
        # Nothing is opened beside a part whose failure ends the whole.
        if not halting:
            parts = tuple(self._opened(part) for part in wanted)
            yield f.StageOpened(
                case_ids=tuple(child_stream(given.today, one.case_no) for one in parts), number=number, stage=stage.name, opened_on=given.today, subject=self.submitted.subject,
                site=self.submitted.site, channel=self.submitted.channel, agent=self.submitted.agent,
                parts=parts,
            )  # fmt: skip
        for part, why in refused:
            yield f.PartNotOpened(part=part.code, name=part.name, reason=why.told("zh"), reason_en=why.told("en"))
            yield from self._without(part)

    def _without(self, part: Part) -> Facts:
        """What a part that was not granted means for the whole."""
        if self.state is S.RUNNING and part.if_not_granted is IfNotGranted.HALT:
            yield f.BundleHalted(
                case_ids=tuple(self.opened), part=part.code, name=part.name, still_open=self._names(P.OPEN)
            )

    def _stage_joined(self) -> f.StageJoined:
        granted = tuple(p.name for p in self._stage(self.stage) if self.parts[p.code] is P.GRANTED)
        stage = self._terms.stages[self.stage - 1].name
        return f.StageJoined(case_ids=tuple(self.opened), number=self.stage, stage=stage, granted=granted)

    def _concluded(self) -> f.BundleConcluded:
        halted, composite = self.state is S.HALTED, self._terms.composite
        if composite is None:
            zh, en = "各部分证照分别颁发", "each part has its own license"
        elif halted:
            zh, en = f"不可缺少的部分未获准予,不发「{composite}」", f'an indispensable part failed, no "{composite}"'
        else:
            zh, en = f"没有获准予的部分,不发「{composite}」", f'nothing was granted, no "{composite}"'
        return f.BundleConcluded(
            case_ids=tuple(self.opened), granted=self._names(P.GRANTED), not_granted=self._names(P.NOT_GRANTED),
            reason=zh, reason_en=en,
        )  # fmt: skip

    # 事实

    def was_submitted(self, fact: f.BundleSubmitted) -> None:
        self.submitted = fact
        self.parts = {
            part.code: P.LEFT_OUT if part.code in fact.without else P.WAITING for part in fact.terms.parts()
        }  # fmt: skip

    def stage_was_opened(self, fact: f.StageOpened) -> None:
        self.stage = fact.number
        for case_id, one in zip(fact.case_ids, fact.parts, strict=True):
            self.parts[one.part] = P.OPEN
            self.opened[case_id] = one

    def part_was_not_opened(self, fact: f.PartNotOpened) -> None:
        self.parts[fact.part] = P.NOT_GRANTED

    def part_was_granted(self, fact: f.PartGranted) -> None:
        self.parts[fact.part], self.granted[fact.part] = P.GRANTED, fact.joined

    def part_was_not_granted(self, fact: f.PartNotGranted) -> None:
        self.parts[fact.part] = P.NOT_GRANTED

    def was_halted(self, fact: f.BundleHalted) -> None:
        self.state = S.HALTED

    def stage_has_joined(self, fact: f.StageJoined) -> None:
        self.joined = fact.number

    def has_joined(self, fact: f.BundleJoined) -> None:
        self.state = S.JOINED

    def composite_was_issued(self, fact: f.CompositeLicenseIssued) -> None:
        self.state, self.composite = S.CONCLUDED, fact

    def composite_part_has_changed(self, fact: f.CompositePartChanged) -> None:
        self.stands_as[fact.part] = fact.state

    def was_concluded(self, fact: f.BundleConcluded) -> None:
        self.state = S.CONCLUDED

    def was_withdrawn(self, fact: f.BundleWithdrawn) -> None:
        self.state = S.WITHDRAWN

    # 部分

    @property
    def _terms(self) -> ChainTerms:
        assert self.submitted is not None
        return self.submitted.terms

    def _stage(self, number: int) -> tuple[Part, ...]:
        return self._terms.stages[number - 1].parts

    def _part(self, code: str) -> Part:
        return next(part for part in self._terms.parts() if part.code == code)

    def _names(self, *states: PartState) -> tuple[str, ...]:
        return tuple(part.name for part in self._terms.parts() if self.parts[part.code] in states)

    def _granted(self) -> tuple[CompositePart, ...]:
        return tuple(self.granted[part.code] for part in self._terms.parts() if part.code in self.granted)

    def _opened(self, part: Part) -> OpenedPart:
        assert self.submitted is not None
        goes = {material.name for material in self._terms.materials if material.goes_to(part.code)}
        materials: tuple[HandedIn, ...] = tuple(m for m in self.submitted.materials if m.name in goes)
        return OpenedPart(
            part=part.code, item=part.item, name=part.name, organ=part.organ,
            case_no=f"{self.submitted.bundle_no}-{part.code}", materials=materials,
        )  # fmt: skip

    def _may_leave_out(self, terms: ChainTerms, without: tuple[str, ...]) -> None:
        optional = {part.code for part in terms.parts() if part.optional}
        if stray := tuple(code for code in without if code not in optional):
            raise r.PartIsNotOptional(parts=stray)

    def _the_same(self, command: c.SubmitBundle) -> bool:
        assert self.submitted is not None
        told = self.submitted.model_dump(exclude={*ENVELOPE, "terms", "organ"})
        return told == command.model_dump(exclude={"chain"}) and command.chain == self._terms.chain


def _stands(one: CompositePart, given: Given) -> bool:
    """Whether the license of a part has not ended; that of a grant of this moment may not be registered yet."""
    seen = given.look.license(license_stream(one.case_id))
    return seen is None or seen.state in STANDING


def _in_effect(state: LicenseState) -> LicenseState:
    """Taking effect on its first day is no change of what a composite says."""
    return LicenseState.VALID if state is LicenseState.ISSUED else state


def child_stream(opened_on: date, case_no: str) -> UUID:
    """The case of a part: handled on this platform, opened when its stage was."""
    return case_stream(PLATFORM, opened_on, case_no)
