"""The offices of the regulators (监管部门): what each authority answers to what it receives, and nothing of how.

Pure: a fact and the time of the story come in, commands with the moment of their sending go out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any, NamedTuple

from interfaces.cli.demo.city import Authority
from interfaces.cli.demo.plan import (
    FEEDBACK_EVERY,
    FINDING_EVERY,
    INSPECTORS,
    SLOW,
    ZONE,
    Finding,
    Plan,
    Turn,
)

BROKEN, CONFUSED, COPIED = "chiping", "linqing", "guanxian"
"""Who sends a message that is not JSON, and who acknowledges a push of which neighbour by mistake."""

Fact = Mapping[str, Any]


def hours(number: float) -> timedelta:
    return timedelta(hours=number)


class Reply(NamedTuple):
    """A command that an office sends, not before a moment of the story."""

    at: datetime
    authority: str
    command: str
    key: str
    body: Mapping[str, Any] | None
    """None is a body that is not JSON."""
    visit: str = ""
    """The joint inspection that it belongs to: it waits until everybody has gathered, and then ``after``."""
    after: timedelta = timedelta()
    again: bool = False
    """Whether it came back parked once and is tried a second time; there is no third."""


class Gathering:
    """Who goes to a place asks around first whether every case that waits there is on the notice.

    Without asking, a case that comes late would find the visit begun, and need another."""

    def __init__(self, plan: Plan) -> None:
        self._needed = plan.visits
        self._places: dict[str, str] = {}
        self._complete_since: dict[str, datetime] = {}

    def learn(self, visit: str, cases: int, now: datetime, place: str = "") -> None:
        """What an invitation, or the notice of a further case, says."""
        if place:
            self._places[visit] = place
        # Nobody else's places are in the plan; there nobody waits.
        if cases >= self._needed.get(self._places.get(visit, ""), 0) and visit in self._places:
            self._complete_since.setdefault(visit, now)

    def complete_since(self, visit: str) -> datetime | None:
        return self._complete_since.get(visit)


class Office:
    """One authority: what it answers to what it receives."""

    def __init__(self, authority: Authority, plan: Plan, gathering: Gathering) -> None:
        self.own, self.plan, self.gathering = authority, plan, gathering
        self.asleep = authority.code == SLOW
        self.kept: list[Fact] = []
        self.claimed = 0
        self.pushes = 0

    def take(self, kind: str, fact: Fact, now: datetime) -> list[Reply]:
        """Answer one fact; ``kind`` is its CloudEvents type without prefix and version."""
        answer = getattr(self, "on_" + kind.replace(".", "_"), None)
        return list(answer(fact, now)) if answer else []

    def on_push_dispatched(self, fact: Fact, now: datetime) -> Iterable[Reply]:
        self.pushes += 1
        if self.own.code == COPIED and self.pushes == 1:
            yield self._reply(now, "push.acknowledge", fact, push_id=fact["push_id"], authority=CONFUSED)
        returned = self.plan.one(Turn.RETURNED)
        if (fact["content"]["subject"] or {}).get("identifier") == returned.subject.identifier and self.own.code in {
            regulator.code for regulator in returned.item.regulators
        }:
            yield self._reply(now + hours(1), "push.return", fact, push_id=fact["push_id"],
                              reason="该许可的监管职责已划转,请改派")  # fmt: skip
        elif self.asleep:
            self.kept.append(fact)
        else:
            yield from self._claim(fact, now)

    def on_push_reminded(self, fact: Fact, now: datetime) -> Iterable[Reply]:
        # The first reminder is signed for; that the push is nobody's yet is what the escalation will say.
        if fact["overdue"] == "acknowledged":
            yield self._reply(now + hours(0.5), "push.acknowledge", fact, push_id=fact["push_id"])

    def on_push_escalated(self, fact: Fact, now: datetime) -> Iterable[Reply]:
        self.asleep = False
        kept, self.kept = self.kept, []
        for one in kept:
            yield from self._claim(one, now)

    def _claim(self, fact: Fact, now: datetime) -> Iterable[Reply]:
        spread = (self.pushes % 7) / 10
        yield self._reply(now + hours(0.3 + spread), "push.acknowledge", fact, push_id=fact["push_id"])
        self.claimed += 1
        officer = INSPECTORS[self.claimed % len(INSPECTORS)]
        later = now + hours(1.2 + spread)
        if fact["claim_mode"] == "explicit":
            yield self._reply(later, "push.claim", fact, push_id=fact["push_id"], officer=officer)
        if self.claimed % FEEDBACK_EVERY == 1:
            checked_on = (later + timedelta(days=7)).date().isoformat()
            yield self._reply(later + hours(1), "push.file_feedback", fact, push_id=fact["push_id"],
                              feedback="已列入本季度首次检查计划", first_check_on=checked_on)  # fmt: skip
        if self.claimed % FINDING_EVERY == 0:
            content = fact["content"]
            yield self._finding(
                later + hours(1.5), f"check-{self.claimed}", "inspection", content["subject"],
                "首次检查:台账不全,已当场提醒", fact, push_id=fact["push_id"], case_id=fact["case_id"],
                case_no=content["case_no"],
            )  # fmt: skip

    def on_consultation_invited(self, fact: Fact, now: datetime) -> Iterable[Reply]:
        stated: dict[str, Any] = {"opinion": "agree"}
        if self.plan.one(Turn.OBJECTED).case_no(_day_of(fact["case_no"])) == fact["case_no"]:
            if self.own.code == "ecology-environment":
                stated = {"opinion": "object", "reason": "环境防护距离不足", "legal_basis": "环境影响评价法第二十二条"}
            elif self.own.code == "emergency":
                stated = {"opinion": "agree_with_conditions", "conditions": "投产前完成安全设施验收"}
        yield self._reply(now + hours(3), "consultation.file_opinion", fact,
                          consultation_id=fact["consultation_id"], **stated)  # fmt: skip

    def on_inspection_invited(self, fact: Fact, now: datetime) -> Iterable[Reply]:
        at, lead = fact["inspection_id"], fact["lead"]["code"] == self.own.code
        self.gathering.learn(at, len(fact["case_ids"]), now, fact["site"]["place"])
        yield self._reply(now + hours(1), "inspection.confirm_attendance", fact, inspection_id=at)
        # The first day that leaves the notice due, at half past nine.
        day = date.fromisoformat(fact["not_before"] or fact["window"]["first"])
        there = max(now, datetime(day.year, day.month, day.day, 9, 30, tzinfo=ZONE))
        officers = [INSPECTORS[len(self.own.code) % 8], INSPECTORS[(len(self.own.code) + 3) % 8]]
        picture = sha256(f"{at}{self.own.code}".encode()).hexdigest()
        arrived = self._reply(there, "inspection.check_in", fact, inspection_id=at, place=fact["site"]["address"],
                              picture=picture, officers=officers)  # fmt: skip
        yield arrived._replace(visit=at, after=hours(0 if lead else 1))
        # What was wrong is mended when it is looked at again.
        trouble = lead and fact["site"]["place"] == self.plan.troubled_place and not fact["round"]
        found = {"result": "problems", "problems": ["消防通道被货物占用"]} if trouble else {"result": "passed"}
        signed = self._reply(there, "inspection.record_result", fact, inspection_id=at, officers=officers, **found)
        yield signed._replace(visit=at, after=hours(7))

    def on_inspection_site_visit_added(self, fact: Fact, now: datetime) -> Iterable[Reply]:
        self.gathering.learn(fact["inspection_id"], len(fact["case_ids"]), now)
        return ()

    def on_finding_rectification_opened(self, fact: Fact, now: datetime) -> Iterable[Reply]:
        yield self._reply(now + hours(4), "finding.rectification_done", fact, finding_id=fact["finding_id"],
                          statement="复查:已按要求整改到位")  # fmt: skip

    def finding(self, which: Finding, now: datetime) -> Reply:
        """A finding that the story orders."""
        plan = self.plan
        if which is Finding.CONSULT:
            subject, more = plan.one(Turn.WARNED).subject, {"demands": ["consultation"]}
            return self._ordered(which, "inspection", subject, "同一地址有未结的环境投诉,建议会商", now, **more)
        if which is Finding.HOLD:
            subject, until = plan.one(Turn.HELD).subject, (now + timedelta(days=10)).date().isoformat()
            return self._ordered(which, "hold_request", subject, "正在立案调查,请暂缓办理", now, hold_until=until)
        if which is Finding.RECTIFY:
            by = (now + timedelta(days=10)).date().isoformat()
            subject = plan.one(Turn.SAME_OFFICER_DID).subject
            return self._ordered(which, "rectification", subject, "未公示许可证件,责令改正", now, rectify_by=by)
        if which is Finding.UNKNOWN_LICENSE:
            subject = plan.one(Turn.UNKNOWN_ITEM).subject
            return self._ordered(which, "inspection", subject, "现场出示的许可证查无记录", now,
                                 license_no="鲁聊文旅许〔2019〕9999号")  # fmt: skip
        subject = plan.one(Turn.DECIDED_FIRST).subject
        return self._ordered(which, "proposal_to_revoke", subject, "申请材料涉嫌虚假,建议撤销许可", now)

    def _ordered(self, which: Finding, kind: str, subject: Any, statement: str, now: datetime, **more: Any) -> Reply:
        return self._finding(now, which.value, kind, subject.model_dump(mode="json"), statement, {}, **more)

    def _finding(
        self, at: datetime, no: str, kind: str, subject: Any, statement: str, about: Fact, **more: Any
    ) -> Reply:
        body = {
            "organ": self.own.body.model_dump(), "finding_no": f"{self.own.code}-{no}", "kind": kind,
            "subject": subject,
            "found_on": at.astimezone(ZONE).date().isoformat(), "statement": statement,
            "legal_basis": "行政许可法第六十一条", **more,
        }  # fmt: skip
        return Reply(at, self.own.code, "finding.report", about.get("case_id") or body["finding_no"], body)

    def _reply(self, at: datetime, command: str, about: Fact, *, authority: str = "", **body: Any) -> Reply:
        return Reply(at, authority or self.own.code, command, str(about["case_id"]), body)


REPORTED_BY = {
    Finding.CONSULT: "ecology-environment",
    Finding.HOLD: "public-security",
    Finding.RECTIFY: "market-regulation",
    Finding.UNKNOWN_LICENSE: "culture-tourism",
    Finding.REVOKE: "health",
}


def _day_of(case_no: str) -> date:
    return datetime.strptime(case_no[-12:-4], "%Y%m%d").date()  # noqa: DTZ007  a date without a time
