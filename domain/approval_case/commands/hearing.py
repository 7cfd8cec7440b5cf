"""Commands of the hearing (听证): who is told, who asks, who chairs, what was said."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from domain.approval_case.commands.case import BY_ITSELF, OFFICERS, CaseCommand
from domain.kernel.people import Role
from domain.kernel.words import Personal, Short, Text

Party = Annotated[Short, Personal("name")]


class NotifyInterestedParty(CaseCommand):
    """告知利害关系人。Tell a third party that its major interest is at stake (Article 36)."""

    NAME, ZH, MAY = "case.notify_interested_party", "告知利害关系人", OFFICERS
    party: Party
    interest: Text
    notice_no: Short
    answer_by: date


class HearStatement(CaseCommand):
    """听取陈述申辩。Hear the statement of the applicant or of an interested party (Article 36)."""

    NAME, ZH, MAY = "case.hear_statement", "听取陈述和申辩", OFFICERS
    party: Party
    statement: Text


class GiveHearingNotice(CaseCommand):
    """告知听证权利。Tell the parties that they may ask for a hearing (Article 47)."""

    NAME, ZH, MAY = "case.give_hearing_notice", "告知听证权利", OFFICERS
    notice_no: Short
    parties: Annotated[tuple[Short, ...], Field(min_length=1, max_length=50), Personal("name")]
    reason: Text


class RequestHearing(CaseCommand):
    """申请听证。A party asks for the hearing that it was told of."""

    NAME, ZH, MAY = "case.request_hearing", "申请听证", OFFICERS | {Role.APPLICANT}
    party: Party


class WaiveHearing(CaseCommand):
    """放弃听证。A party gives the right to a hearing up."""

    NAME, ZH, MAY = "case.waive_hearing", "放弃听证", OFFICERS | {Role.APPLICANT}
    party: Party


class LapseHearing(CaseCommand):
    """听证权利逾期。Record that nobody asked for a hearing in time."""

    NAME, ZH, MAY = "case.lapse_hearing", "认定逾期未申请听证", OFFICERS | BY_ITSELF


class ScheduleHearing(CaseCommand):
    """安排听证。Fix time, place and chair of the hearing, and tell the parties (Article 48); again, to move it."""

    NAME, ZH, MAY = "case.schedule_hearing", "安排听证", OFFICERS
    held_on: date
    place: Short
    chair: Annotated[Short, Personal("text")]
    notice_no: Short
    public: bool = True


class ReplaceHearingChair(CaseCommand):
    """更换听证主持人。Let somebody else chair the hearing, with the reason, as when the chair was challenged."""

    NAME, ZH, MAY = "case.replace_hearing_chair", "更换听证主持人", OFFICERS
    chair: Annotated[Short, Personal("text")]
    reason: Text
    challenged_by: Annotated[str, Field(max_length=200), Personal("name")] = ""


class HoldHearing(CaseCommand):
    """举行听证。Record that the hearing was held, with its signed minutes."""

    NAME, ZH, MAY = "case.hold_hearing", "举行听证", OFFICERS
    minutes_no: Short
    signed_by: Annotated[tuple[Short, ...], Field(min_length=1, max_length=100), Personal("name")]
    conclusion: Text


class NoteHearingOverdue(CaseCommand):
    """听证逾期未举行。Record that the hearing was not held in time."""

    NAME, ZH, MAY = "case.note_hearing_overdue", "记录逾期未举行听证", BY_ITSELF
