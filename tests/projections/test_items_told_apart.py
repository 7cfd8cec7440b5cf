"""What does an entry say and lack, whose is it on a day, and which cases go with it?"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from cases import accepted, day
from world import World

from domain.approval_case.commands import HandOverCase
from domain.kernel.words import Body
from domain.service_item import RetireItem, RunningCases, TransferItem
from projections import case_register, catalogue
from projections.case_register import CaseRegister
from projections.catalogue import Catalogue, EntryState
from tests.domain.entry import CODE, MANDATORY, elements, publishing
from tests.specification import HOUSING, PLATFORM, STEWARD

JUNE, SEPTEMBER = date(2026, 6, 1), date(2026, 9, 1)
OLD = Body(code="11371500MB2862819G", name="市行政审批服务局")


def publish(world: World, **more: Any) -> None:
    said = more.pop("said", {})
    world.do(publishing(elements(**said), **more), by=STEWARD)


def transfer(world: World, on: date, giver: Body = OLD, taker: Body = HOUSING, **more: Any) -> None:
    told = {"item": CODE, "from_organ": giver, "to_organ": taker, "effective_on": on, "basis": "市编办〔2026〕3 号"}
    world.do(TransferItem.model_validate(told | more), by=STEWARD)


def test_a_version_tells_its_elements_what_it_lacks_and_what_it_changed(world: World) -> None:
    world.do(publishing().model_copy(update={"elements": None}), by=STEWARD)
    publish(world, effective_from="2026-06-01", reason="补全要素")
    shorter = {"clock__promised_limit": {"value": 7}, "clock__stage_quotas": []}
    publish(world, said=shorter, promised_days=7, effective_from="2026-09-01")
    read = world.folded(Catalogue).read
    slim, whole, shorter_row = catalogue.history(read, CODE, JUNE).rows
    assert (slim.complete, len(slim.missing)) == (False, len(MANDATORY))
    assert (whole.complete, whole.missing, whole.organ) == (True, [], OLD.code)
    assert "受理条件" in whole.changed
    assert shorter_row.changed == ["承诺办结时限", "环节时限"]
    entry = catalogue.entry(read, CODE, 3)
    assert entry is not None
    assert entry.elements is not None
    assert entry.elements["clock"]["promised_limit"]["value"] == 7
    [promised] = [one for one in entry.changes if one["path"] == "terms.promised_days"]
    assert (promised["old"], promised["new"], promised["title"]) == (10, 7, "承诺办结时限")
    assert catalogue.entry(read, CODE, 9) is None


def test_versions_are_shown_in_the_state_of_the_day_page_by_page(world: World) -> None:
    publish(world)
    publish(world, promised_days=10, effective_from="2026-06-01", said={"service__place": "二楼"})
    world.do(RetireItem(item=CODE, effective_on=SEPTEMBER, reason="取消"), by=STEWARD)
    read = world.folded(Catalogue).read

    def states(on: date) -> list[str]:
        first = catalogue.history(read, CODE, on, limit=1)
        return [one.state for one in first.rows + catalogue.history(read, CODE, on, cursor=first.next).rows]

    assert states(date(2025, 12, 31)) == [EntryState.PLANNED, EntryState.PLANNED]
    assert states(date(2026, 3, 1)) == [EntryState.IN_FORCE, EntryState.PLANNED]
    assert states(JUNE) == [EntryState.SUPERSEDED, EntryState.IN_FORCE]
    assert states(SEPTEMBER) == [EntryState.SUPERSEDED, EntryState.RETIRED]


def test_an_entry_is_shown_with_the_organ_to_which_it_belongs_on_the_day(world: World) -> None:
    publish(world)
    transfer(world, JUNE)
    read = world.folded(Catalogue).read
    owners = [catalogue.items(read, on).rows[0].organ for on in (JUNE - timedelta(days=1), JUNE)]
    assert owners == [OLD.code, HOUSING.code]
    [told] = catalogue.transfers(read, organ=HOUSING.code).rows
    assert (told.item, told.from_name, told.running) == (CODE, OLD.name, "stay")
    assert catalogue.transfers(read, item="other").rows == []


def running(world: World, number: int = 1) -> Any:
    """A case of the item as the catalogue has it on that day."""
    item = world.streams[publishing().stream].terms_on(CODE, day(0).date())  # type: ignore[attr-defined]
    return accepted(world, item, case_no=f"2026-{number:04}")


def going(world: World, on: date) -> list[Any]:
    return [one.case_id for one in catalogue.to_hand_over(world.folded(Catalogue, CaseRegister).read, on, limit=10)]


def test_running_cases_go_with_an_item_that_takes_them_from_its_day_on(world: World) -> None:
    publish(world)
    case = running(world)
    transfer(world, JUNE, running=RunningCases.MOVE)
    assert going(world, JUNE - timedelta(days=1)) == []
    assert going(world, JUNE) == [case]
    world.do(HandOverCase(case_id=case, from_organ=OLD, to_organ=HOUSING, basis="文件"), by=PLATFORM)
    assert going(world, JUNE) == []
    found = case_register.case(world.read, case)
    assert found is not None
    assert found.organ == HOUSING.code


def test_running_cases_stay_where_the_transfer_says_so(world: World) -> None:
    publish(world)
    running(world)
    transfer(world, JUNE)
    assert going(world, SEPTEMBER) == []


def test_an_item_that_came_back_does_not_send_its_cases_away_again(world: World) -> None:
    publish(world)
    running(world)
    transfer(world, JUNE, running=RunningCases.MOVE)
    transfer(world, SEPTEMBER, giver=HOUSING, taker=OLD)
    assert len(going(world, JUNE)) == 1
    assert going(world, SEPTEMBER) == []
