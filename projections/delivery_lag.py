"""How long does it take to reach each regulator? (推送时效) Asked of the push board and the positions themselves."""

from __future__ import annotations

from dataclasses import dataclass

from projections.view import Reader


@dataclass(slots=True)
class Lag:
    """Pushes of one regulator, and the seconds from dispatch to each answer: median and 95th percentile."""

    regulator: str
    regulator_name: str
    dispatched: int
    delivered: int
    acknowledged: int
    claimed: int
    unanswered: int
    acknowledge_median: float | None
    acknowledge_p95: float | None
    claim_median: float | None
    claim_p95: float | None
    oldest_unanswered: float | None


@dataclass(slots=True)
class Position:
    """How far a relay, intake or policy has come, and how many places of the log lie before it.

    Places, not events: the ids of the log have holes where a commit was taken back."""

    name: str
    position: int
    head: int
    behind: int


def by_regulator(read: Reader, regulator: str = "") -> list[Lag]:
    """One row per regulator, by code. ``oldest_unanswered`` is in seconds before the last recorded dispatch."""
    return read.rows(
        Lag,
        """
        SELECT regulator, max(regulator_name) AS regulator_name, count(*) AS dispatched,
            count(delivered_at) AS delivered, count(acknowledged_at) AS acknowledged, count(claimed_at) AS claimed,
            count(*) FILTER (WHERE rank = 0) AS unanswered,
            percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM acknowledged_at - dispatched_at))
                AS acknowledge_median,
            percentile_cont(0.95) WITHIN GROUP (ORDER BY extract(epoch FROM acknowledged_at - dispatched_at))
                AS acknowledge_p95,
            percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM claimed_at - dispatched_at))
                AS claim_median,
            percentile_cont(0.95) WITHIN GROUP (ORDER BY extract(epoch FROM claimed_at - dispatched_at))
                AS claim_p95,
            extract(epoch FROM (SELECT max(dispatched_at) FROM projections.push_board)
                - min(dispatched_at) FILTER (WHERE rank = 0))::float8 AS oldest_unanswered
        FROM projections.push_board WHERE %(regulator)s IN ('', regulator) GROUP BY regulator ORDER BY regulator
        """,
        {"regulator": regulator},
    )


def positions(read: Reader) -> list[Position]:
    """Every tracked reader of the log (relays, policies) and projection, the farthest behind first."""
    return read.rows(
        Position,
        """
        WITH head AS (SELECT coalesce(max(notification_id), 0) AS id FROM public.approval_events)
        SELECT name, position, head.id AS head, greatest(head.id - position, 0) AS behind FROM head CROSS JOIN (
            SELECT application_name AS name, notification_id AS position FROM public.approval_tracking
            WHERE application_name <> '__migration__'
            UNION ALL SELECT name, position FROM projections.positions
        ) AS tracked ORDER BY behind DESC, name
        """,
    )
