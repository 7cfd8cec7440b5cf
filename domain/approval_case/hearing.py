"""The hearing (听证): both sides are heard, and the decision follows the minutes. Articles 36 and 46 to 48."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from domain.approval_case import commands as c
from domain.approval_case import facts as f
from domain.approval_case import refusals as r
from domain.approval_case.clocks import Clocks, end_of_limit, limit_of_rules
from domain.approval_case.file import NOTHING
from domain.approval_case.words import RUNNING, CaseClock, HearingState
from domain.kernel.aggregate import Facts, Given
from domain.kernel.words import HearingRule, Term
from domain.rules.working_days import working_calendar

H = HearingState
UNDER_WAY = (H.NOTICED, H.REQUESTED, H.SCHEDULED)
OVER = (H.WAIVED, H.LAPSED, H.HELD)


class HearingOnFile(NamedTuple):
    """What the file holds of a hearing."""

    state: HearingState = H.NONE
    parties: tuple[str, ...] = ()
    waived: frozenset[str] = frozenset()
    ask_by: date | None = None
    hold_by: date | None = None
    held_on: date | None = None
    chair: str = ""
    minutes_no: str | None = None
    overdue: bool = False
    unheard: Mapping[str, date] = NOTHING


class Hearing(Clocks):
    """听证。"""

    hearing: HearingOnFile = HearingOnFile()

    def notify_party(self, command: c.NotifyInterestedParty, given: Given) -> Facts:
        self.must_be(command, self.state, *RUNNING)
        if command.answer_by < given.today:
            raise r.DateHasPassed(until=command.answer_by, today=given.today)
        yield f.InterestedPartyNotified(**command.model_dump(exclude={"case_id"}))

    def hear(self, command: c.HearStatement, given: Given) -> Facts:
        self.must_be(command, self.state, *RUNNING)
        yield f.StatementHeard(party=command.party, statement=command.statement)

    def give_notice(self, command: c.GiveHearingNotice, given: Given) -> Facts:
        self.must_be(command, self.state, *RUNNING)
        self._hearing_is(command, H.NONE)
        yield f.HearingNoticeGiven(
            notice_no=command.notice_no, parties=command.parties, reason=command.reason,
            ask_by=self._last_day("hearing_request", given),
        )  # fmt: skip

    def request(self, command: c.RequestHearing, given: Given) -> Facts:
        self.must_be(command, self.state, *RUNNING)
        self._hearing_is(command, H.NOTICED)
        self._was_told(command.party)
        ask_by = self.hearing.ask_by
        if ask_by is not None and given.today > ask_by:
            raise r.HearingAskedTooLate(ask_by=ask_by)
        yield f.HearingRequested(party=command.party, hold_by=self._last_day("hearing_convene", given))

    def waive(self, command: c.WaiveHearing, given: Given) -> Facts:
        self.must_be(command, self.state, *RUNNING)
        self._hearing_is(command, H.NOTICED)
        self._was_told(command.party)
        if command.party not in self.hearing.waived:
            by_all = set(self.hearing.parties) == self.hearing.waived | {command.party}
            yield f.HearingWaived(party=command.party, by_all=by_all)

    def lapse_hearing(self, command: c.LapseHearing, given: Given) -> Facts:
        self.must_be(command, self.state, *RUNNING)
        if self.hearing.state is not H.NOTICED:
            return
        ask_by = self.hearing.ask_by
        if ask_by is None or given.today <= ask_by:
            raise r.HearingMayStillBeAsked(ask_by=ask_by)
        yield f.HearingLapsed(ask_by=ask_by)

    def schedule(self, command: c.ScheduleHearing, given: Given) -> Facts:
        self.must_be(command, self.state, *RUNNING)
        # Where the law demands a hearing the organ announces it; nobody has to ask (Article 46).
        own = (H.NONE, H.NOTICED, H.WAIVED, H.LAPSED) if self._terms.hearing is HearingRule.MANDATORY else ()
        self._hearing_is(command, H.REQUESTED, H.SCHEDULED, *own)
        self._may_chair(command.chair)
        earliest = self._last_day("hearing_notice", given)
        if earliest is None or command.held_on < earliest:
            raise r.HearingNoticeTooShort(earliest=earliest)
        latest = max(earliest, self.hearing.hold_by) if self.hearing.hold_by else None
        if latest is not None and command.held_on > latest:
            raise r.HearingTooLate(hold_by=latest)
        yield f.HearingScheduled(**command.model_dump(exclude={"case_id"}))

    def replace_chair(self, command: c.ReplaceHearingChair, given: Given) -> Facts:
        self.must_be(command, self.state, *RUNNING)
        self._hearing_is(command, H.SCHEDULED)
        self._may_chair(command.chair)
        if command.chair != self.hearing.chair:
            yield f.HearingChairReplaced(
                chair=command.chair, was=self.hearing.chair, reason=command.reason, challenged_by=command.challenged_by
            )

    def hold(self, command: c.HoldHearing, given: Given) -> Facts:
        self.must_be(command, self.state, *RUNNING)
        self._hearing_is(command, H.SCHEDULED)
        held_on = self.hearing.held_on
        assert held_on is not None
        if given.today < held_on:
            raise r.HearingNotYet(held_on=held_on)
        yield f.HearingHeld(
            minutes_no=command.minutes_no, chair=self.hearing.chair, signed_by=command.signed_by,
            conclusion=command.conclusion,
        )  # fmt: skip

    def note_hearing_overdue(self, command: c.NoteHearingOverdue, given: Given) -> Facts:
        hold_by = self.hearing.hold_by
        if self.state not in RUNNING or self.hearing.overdue or self.hearing.state is H.HELD or hold_by is None:
            return
        if given.today > hold_by:
            yield f.HearingOverdue(hold_by=hold_by)

    def party_was_notified(self, fact: f.InterestedPartyNotified) -> None:
        self._noted(unheard={**self.hearing.unheard, fact.party: fact.answer_by})

    def statement_was_heard(self, fact: f.StatementHeard) -> None:
        self._noted(unheard={party: until for party, until in self.hearing.unheard.items() if party != fact.party})

    def notice_was_given(self, fact: f.HearingNoticeGiven) -> None:
        self._noted(state=H.NOTICED, parties=fact.parties, ask_by=fact.ask_by)

    def hearing_was_requested(self, fact: f.HearingRequested) -> None:
        self._noted(state=H.REQUESTED, hold_by=fact.hold_by)
        self.started_by[CaseClock.HEARING] = fact

    def hearing_was_waived(self, fact: f.HearingWaived) -> None:
        state = H.WAIVED if fact.by_all else self.hearing.state
        self._noted(state=state, waived=self.hearing.waived | {fact.party})

    def hearing_has_lapsed(self, fact: f.HearingLapsed) -> None:
        self._noted(state=H.LAPSED)

    def hearing_was_scheduled(self, fact: f.HearingScheduled) -> None:
        self._noted(state=H.SCHEDULED, held_on=fact.held_on, chair=fact.chair)
        self.chair = fact.chair

    def chair_was_replaced(self, fact: f.HearingChairReplaced) -> None:
        self._noted(chair=fact.chair)
        self.chair = fact.chair

    def was_recomputed(self, fact: f.DueDatesRecomputed) -> None:
        super().was_recomputed(fact)
        for change in fact.changes:
            if change.clock is CaseClock.HEARING:
                self._noted(hold_by=change.new)

    def hearing_was_held(self, fact: f.HearingHeld) -> None:
        self._noted(state=H.HELD, minutes_no=fact.minutes_no)
        self.started_by.pop(CaseClock.HEARING, None)

    def hearing_is_overdue(self, fact: f.HearingOverdue) -> None:
        self._noted(overdue=True)
        self.started_by.pop(CaseClock.HEARING, None)

    def _noted(self, **changed: Any) -> None:
        self.hearing = self.hearing._replace(**changed)

    def _last_day(self, key: str, given: Given) -> date | None:
        """The last day of a limit that begins today, in the calendar of the organ's place; none while there is none."""
        limit = limit_of_rules(key, given.today, self.region)
        end = end_of_limit(limit, working_calendar(given.today)) if limit is not None else None
        return end.on if end is not None else None

    def _hearing_is(self, command: c.CaseCommand, *allowed: HearingState) -> None:
        if self.hearing.state not in allowed:
            raise r.HearingOutOfOrder(command=Term(command.zh, command.en), state=self.hearing.state)

    def _was_told(self, party: str) -> None:
        if party not in self.hearing.parties:
            raise r.NotAPartyToTheHearing(party=party)

    def _may_chair(self, chair: str) -> None:
        if chair in self.examiners:
            raise r.ExaminerMayNotChair(officer=chair)

    def _follows_the_hearing(self, minutes_no: str | None, today: date) -> None:
        """Raises what of the hearing still stands before a decision."""
        for party, answer_by in self.hearing.unheard.items():
            if today <= answer_by:
                raise r.InterestedPartyNotHeard(party=party, answer_by=answer_by)
        state, rule = self.hearing.state, self._terms.hearing
        if state is H.HELD:
            if minutes_no != self.hearing.minutes_no:
                raise r.DecisionMustFollowMinutes(minutes_no=self.hearing.minutes_no)
            return
        if state in UNDER_WAY or rule is HearingRule.MANDATORY or (rule is HearingRule.ON_REQUEST and state not in OVER):
            raise r.HearingOutstanding(state=state)
        if minutes_no is not None:
            raise r.NoSuchMinutes(minutes_no=minutes_no)
