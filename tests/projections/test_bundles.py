"""Which bundles stand where, and is everything counted once?"""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from cases import grant
from world import World

from domain.approval_case import commands as c
from domain.approval_case.words import Opinion
from domain.bundle import commands as b
from domain.bundle.words import PartOutcome
from domain.chain_template import ChainTemplate, PublishChain, RetireChain
from domain.kernel.aggregate import AGGREGATE_OF
from domain.kernel.bundles import ChainTerms, Part, chain_stream
from domain.kernel.identity import license_stream
from domain.kernel.licensing import CaseSeen, LicenseState
from domain.policies.open_the_parts_when_a_stage_opens import OpenThePartsWhenAStageOpens
from projections import bundles, case_register
from projections.bundles import Bundles
from projections.case_register import CaseRegister
from tests.domain.chains import (
    BUNDLE,
    FOOD,
    HYGIENE,
    SIGN,
    SUBMIT,
    TERMS,
    case_of,
    item_terms,
    items,
    license_as,
    templates,
)
from tests.domain.test_bundle import ISSUE, WITHDRAW
from tests.domain.test_chain_template import PUBLISH
from tests.specification import ACCEPTOR, APPLICANT, DECIDER, EXAMINER, HEALTH, MONDAY, PLATFORM, STEWARD, TUESDAY

DENIED = c.DenyLicense(
    case_id=BUNDLE, document_no="D-2", reasons="不符合本事项规定的许可条件", remedy_notice="可以依法申请行政复议"
)


class Matter:
    """A world with the chain of the specifications, whose policies are carried out by hand."""

    def __init__(self, world: World) -> None:
        self.world = world
        world.chain = self.chain  # type: ignore[method-assign]
        world.case = self.case  # type: ignore[method-assign]
        for part in TERMS.parts():
            world.offer(item_terms(part.item))
        world.do(PUBLISH, by=STEWARD)

    def chain(self, chain: str, on: date) -> ChainTerms:
        template = self.world.streams[chain_stream(chain)]
        assert isinstance(template, ChainTemplate)
        return template.terms_on(chain, on)

    def case(self, case_id: UUID) -> CaseSeen | None:
        found = self.world.streams.get(case_id)
        return found.seen() if found is not None else None  # type: ignore[attr-defined]

    def do(self, command: b.SubmitBundle | b.NotePart | b.WithdrawBundle) -> None:
        """A command of the bundle, and what the policy asks for because of it."""
        by = PLATFORM if isinstance(command, b.NotePart) else APPLICANT
        policy = OpenThePartsWhenAStageOpens()
        for fact in self.world.do(command, by=by):
            for order in policy.orders_for(fact, MONDAY):
                # What a handled order did before must be known to the world: it decides by its own aggregates.
                assert AGGREGATE_OF[type(order.command)]
                self.world.do(order.command, by=order.by)

    def decided(self, part: Part, *, granted: bool = True) -> None:
        case_id = case_of(part.code)
        self.world.do(c.ReceiveMaterial(case_id=case_id, receipt_no="R"), by=ACCEPTOR)
        self.world.do(c.AcceptApplication(case_id=case_id, document_no="A"), by=ACCEPTOR)
        self.world.do(c.AssignCase(case_id=case_id, examiner=EXAMINER.id), by=ACCEPTOR)
        opinion = Opinion.PASS if granted else Opinion.FAIL
        self.world.do(c.RecordExaminationOpinion(case_id=case_id, opinion=opinion, grounds="审查"), by=EXAMINER)
        if granted:
            grant(self.world, case_id)
        else:
            self.world.do(DENIED.model_copy(update={"case_id": case_id}), by=DECIDER)
        outcome = PartOutcome.GRANTED if granted else PartOutcome.DENIED
        self.do(b.NotePart(bundle_id=BUNDLE, case_id=case_id, outcome=outcome, reason="如决定书所载"))


@pytest.fixture
def matter(world: World) -> Matter:
    made = Matter(world)
    made.do(SUBMIT)
    return made


def test_a_bundle_is_shown_with_its_parts_and_what_is_waited_for(world: World, matter: Matter) -> None:
    row = bundles.bundle(world.folded(Bundles).read, BUNDLE)
    assert row is not None
    assert (row.state, row.stage, row.stages, row.waiting) == ("running", 1, 2, ["FOOD", "HYG", "SIGN"])
    assert row.subject_name.endswith("*")
    assert [(p["part"], p["stage"], p["state"], p["case_no"]) for p in row.parts] == [
        ("FOOD", 1, "open", "YJS-0001-FOOD"), ("HYG", 1, "open", "YJS-0001-HYG"), ("SIGN", 1, "open", "YJS-0001-SIGN"),
        ("FIRE", 2, "waiting", ""),
    ]  # fmt: skip
    assert [m["name"] for m in row.materials] == ["营业执照", "场所平面图", "店招效果图"]
    assert bundles.bundle_of(world.read, case_of("FOOD")) == BUNDLE
    assert bundles.bundle_of(world.read, case_of("FIRE")) is None
    matter.decided(FOOD)
    matter.decided(HYGIENE, granted=False)
    row = bundles.bundle(world.folded(Bundles).read, BUNDLE)
    assert row is not None
    assert row.waiting == ["SIGN"]
    assert {p["part"]: (p["state"], p["reason"]) for p in row.parts}["HYG"] == ("not_granted", "如决定书所载")
    matter.decided(SIGN)
    row = bundles.bundle(world.folded(Bundles).read, BUNDLE)
    assert row is not None
    assert (row.stage, row.waiting) == (2, ["FIRE"])


def test_everything_is_counted_once(world: World, matter: Matter) -> None:
    """Three cases for three parts; the bundle itself is no case, and a part is no second one."""
    read = world.folded(Bundles, CaseRegister).read
    assert {(count.state, count.cases) for count in case_register.counts_by_state(read)} == {("submitted", 3)}
    for part in (FOOD, HYGIENE, SIGN):
        matter.decided(part)
    read = world.folded(Bundles, CaseRegister).read
    assert {(c.state, c.cases) for c in case_register.counts_by_state(read)} == {("granted", 3), ("submitted", 1)}
    rows = case_register.find(read).rows
    assert sorted(row.case_no for row in rows) == [f"YJS-0001-{p}" for p in ("FIRE", "FOOD", "HYG", "SIGN")]
    assert {row.case_no: row.organ for row in rows}["YJS-0001-HYG"] == HEALTH.code
    assert case_register.case(read, BUNDLE) is None


def test_bundles_are_found_by_chain_state_subject_and_organ(world: World, matter: Matter) -> None:
    read = world.folded(Bundles).read
    for asked, count in (
        ({"chain": "RESTAURANT"}, 1), ({"chain": "OTHER"}, 0), ({"state": "running"}, 1), ({"open_only": True}, 1),
        ({"organ": HEALTH.code}, 1), ({"organ": "STRANGER-1"}, 0), ({"subject": SUBMIT.subject.identifier}, 1),
    ):  # fmt: skip
        assert len(bundles.find(read, **asked).rows) == count, asked  # type: ignore[arg-type]
    assert [row.bundle_id for row in bundles.numbered(read, "YJS-0001")] == [BUNDLE]
    (whole,) = bundles.find(read, masked=False).rows
    assert whole.subject_name == SUBMIT.subject.name


def test_the_composite_license_and_the_end_are_on_the_board(world: World, matter: Matter) -> None:
    for part in TERMS.parts():
        matter.decided(part)
    joined = bundles.bundle(world.folded(Bundles).read, BUNDLE)
    assert joined is not None
    assert (joined.state, joined.waiting) == ("joined", [])
    world.do(ISSUE, by=DECIDER)
    row = bundles.bundle(world.folded(Bundles).read, BUNDLE)
    assert row is not None
    assert (row.state, row.license_no, row.composite) == ("concluded", "ZH-2026-1", "餐饮行业综合许可证")
    assert bundles.find(world.read, open_only=True).rows == []


def test_a_composite_that_joins_what_has_ended_is_listed_until_it_is_issued_anew(world: World, matter: Matter) -> None:
    for part in TERMS.parts():
        matter.decided(part)
    world.do(ISSUE, by=DECIDER)

    def states() -> dict[str, str]:
        (row,) = bundles.find(world.folded(Bundles).read).rows
        return {part["part"]: part["license_state"] for part in row.parts}

    def becomes(part: Part, state: LicenseState) -> None:
        world.license = lambda license_id: license_as(state) if license_id == license_stream(case_of(part.code)) else None  # type: ignore[method-assign]
        world.do(b.NoteCompositePart(bundle_id=BUNDLE, case_id=case_of(part.code)), by=PLATFORM)

    assert set(states().values()) == {"valid"}
    becomes(HYGIENE, LicenseState.SUSPENDED)
    assert states()["HYG"] == "suspended"
    assert bundles.find(world.read, to_reissue=True).rows == []
    becomes(HYGIENE, LicenseState.REVOKED)
    (row,) = bundles.find(world.folded(Bundles).read, to_reissue=True).rows
    settled = row.settled_at
    world.do(ISSUE.model_copy(update={"license_no": "ZH-2026-2"}), by=DECIDER, at=TUESDAY)
    assert bundles.find(world.folded(Bundles).read, to_reissue=True).rows == []
    row = bundles.bundle(world.read, BUNDLE)  # type: ignore[assignment]
    assert (row.license_no, row.state, row.settled_at) == ("ZH-2026-2", "concluded", settled)
    assert states() == {"FOOD": "valid", "HYG": "revoked", "SIGN": "valid", "FIRE": "valid"}


def test_an_indispensable_part_that_fails_is_told_as_the_reason_why_the_whole_stopped(
    world: World, matter: Matter
) -> None:
    matter.decided(FOOD, granted=False)
    row = bundles.bundle(world.folded(Bundles).read, BUNDLE)
    assert row is not None
    assert (row.state, row.reason, row.waiting) == ("halted", FOOD.name, ["HYG", "SIGN"])
    matter.decided(HYGIENE)
    matter.decided(SIGN)
    row = bundles.bundle(world.folded(Bundles).read, BUNDLE)
    assert row is not None
    assert row.state == "concluded"
    assert "不发" in row.reason


def test_a_withdrawn_bundle_withdraws_its_undecided_cases(world: World, matter: Matter) -> None:
    matter.decided(FOOD)
    matter.do(WITHDRAW)
    read = world.folded(Bundles, CaseRegister).read
    row = bundles.bundle(read, BUNDLE)
    assert row is not None
    assert (row.state, row.reason) == ("withdrawn", "不开了")
    states = {case.case_no: case.state for case in case_register.find(read).rows}
    assert states == {"YJS-0001-FOOD": "granted", "YJS-0001-HYG": "withdrawn", "YJS-0001-SIGN": "withdrawn"}


def test_two_hundred_and_one_chain_templates_are_listed_page_by_page(world: World) -> None:
    for item in items():
        world.offer(item_terms(item))
    made: list[PublishChain] = list(templates())
    for command in made:
        world.do(command, by=STEWARD)
    world.do(RetireChain(chain="CHAIN-007", effective_on=date(2026, 5, 1), reason="整合"), by=STEWARD)
    read = world.folded(Bundles).read
    day, seen, cursor = date(2026, 4, 30), [], None
    while True:
        page = bundles.chains(read, day, cursor=cursor, limit=80)
        seen += [row.chain for row in page.rows]
        cursor = page.next
        if cursor is None:
            break
    assert seen == [one.chain for one in made]
    assert len(seen) == 201
    after = bundles.chains(read, date(2026, 5, 1), limit=500).rows
    assert len(after) == 200
    assert "CHAIN-007" not in {row.chain for row in after}
    assert bundles.chains(read, date(2025, 12, 31)).rows == []
    kinds = {row.kind for row in bundles.chains(read, day, kind="one_license", limit=500).rows}
    assert kinds == {"one_license"}
    assert {row.chain for row in bundles.chains(read, day, text="CHAIN-10", limit=500).rows} == {
        f"CHAIN-10{n}" for n in range(10)
    }


def test_a_later_version_of_a_chain_is_listed_from_its_day_on(world: World, matter: Matter) -> None:
    later = PUBLISH.model_copy(update={"effective_from": date(2026, 6, 1), "composite": "新版综合许可证"})
    world.do(later, by=STEWARD)
    read = world.folded(Bundles).read
    assert [(r.version, r.composite) for r in bundles.chains(read, date(2026, 5, 31)).rows] == [(1, TERMS.composite)]
    assert [(r.version, r.composite) for r in bundles.chains(read, date(2026, 6, 1)).rows] == [(2, "新版综合许可证")]
