"""What happened to an enterprise, in order? (企业时间线) One list over its licenses, findings, penalties and commitments.

It keeps no table: the other projections know which streams are about a subject, and the events are told from the
recorded facts when somebody reads, so no telling is out of date and no name lies in a second place."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from domain.kernel.event import confined_from
from domain.kernel.identity import standing_stream
from domain.kernel.people import Role
from projections import timeline
from projections.timeline import Entry, TimelineRow
from projections.view import Page, Reader

RESTS_ON = ("licenses", "findings", "case_register", "timeline")
"""Projections that must have seen an event before it is listed here."""

OTHERS_WORDS = ("license.proposal_noted", "license.proposal_answered")
"""Facts of a license that repeat what one regulator told in confidence; its own finding says it to that regulator."""

_LICENSES = "SELECT license_id AS id FROM projections.license WHERE subject_id = %(subject)s"
_FINDINGS = "SELECT finding_id FROM projections.finding WHERE subject_id = %(subject)s"
_CASES = "SELECT case_id FROM projections.case_register WHERE subject_id = %(subject)s"
_ITSELF = "SELECT %(standing)s::uuid"


def of_subject(
    read: Reader,
    subject: str,
    *,
    authority: str = "",
    organ: str = "",
    masked: bool = True,
    role: Role | None = None,
    until: datetime | None = None,
    cursor: str | None = None,
    limit: int = 100,
) -> Page[Entry]:
    """Everything about one subject, by its unified social credit identifier, as it was recorded, the oldest first:
    its licenses, findings and penalties, commitments, bars and credit checks.

    ``authority`` leaves what that regulator supervises, was told of or found itself; ``organ`` what an approving organ
    granted, and every finding, for all of them bear on its decisions. What is confined to some roles is told to a
    ``role`` among them alone. ``until`` leaves out what was recorded later. Raises BadCursor."""
    licenses, findings, cases = _LICENSES, _FINDINGS, _CASES
    if authority:
        licenses += " AND regulators @> to_jsonb(%(authority)s::text)"
        findings += " AND organ = %(authority)s"
        cases += " AND authorities @> to_jsonb(%(authority)s::text)"
    if organ:
        licenses += " AND organ = %(organ)s"
        cases += " AND organ = %(organ)s"
    streams = " UNION ".join([licenses, findings, *([] if authority else [_ITSELF])])
    params: dict[str, Any] = {
        "subject": subject, "authority": authority, "organ": organ, "standing": standing_stream(subject),
        "hidden": [*confined_from(role), *(OTHERS_WORDS if authority else ())],
    }  # fmt: skip
    page = read.page(
        TimelineRow,
        # The first half are the streams about the subject itself, the second what concerns its cases: commitments.
        f"WITH about AS ({streams}), cases AS ({cases})"  # noqa: S608 - the parts are literals above
        " SELECT e.originator_id AS case_id, e.notification_id AS position, e.originator_id AS stream,"
        " e.originator_version AS version FROM about JOIN public.approval_events AS e ON e.originator_id = about.id"
        " WHERE e.topic <> ALL(%(hidden)s)"
        " UNION SELECT e.originator_id, e.notification_id, e.originator_id, e.originator_version FROM cases"
        " JOIN projections.timeline AS t USING (case_id) JOIN public.approval_events AS e"
        " ON e.originator_id = t.stream AND e.originator_version = t.version"
        " WHERE e.topic LIKE 'commitment.%%' OR e.topic LIKE 'case.commitment%%'",
        params, order=("position",), cursor=cursor, limit=limit,
    )  # fmt: skip
    return Page(timeline.told(read, page.rows, masked, until), page.next)
