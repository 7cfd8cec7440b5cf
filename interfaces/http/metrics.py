"""Metrics (指标) of the door, in Prometheus' text form.

They stand in the library's default registry, so that whatever else the same process measures appears beside."""

from __future__ import annotations

from prometheus_client import CONTENT_TYPE_LATEST, Counter, Gauge, Histogram, generate_latest

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

REQUESTS = Counter("shuangtui_http_requests_total", "Requests answered.", ["method", "route", "status"])
SECONDS = Histogram(
    "shuangtui_http_request_seconds", "Time to the end of the answer.", ["route"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)  # fmt: skip
REPORTED = Counter("shuangtui_http_reported_steps_total", "Steps reported in bulk, by outcome.", ["outcome"])
LISTENERS = Gauge("shuangtui_http_event_streams", "Event streams that are open.")
SENT = Counter("shuangtui_http_events_sent_total", "Facts sent on event streams.")
HEAD = Gauge("shuangtui_store_head_position", "Position of the last committed fact.")
LAG = Gauge("shuangtui_projection_lag_positions", "Positions that a projection is behind the head.", ["projection"])

ENDLESS = frozenset({"/v1/events"})
"""Routes whose answers have no end worth timing."""


def observe(method: str, route: str, status: int, seconds: float) -> None:
    # An invented method would otherwise open a new time series with each request.
    REQUESTS.labels(method if method in METHODS else "other", route, str(status or 499)).inc()
    if route not in ENDLESS:
        SECONDS.labels(route).observe(seconds)


def exposition() -> tuple[bytes, str]:
    """The text for the scraper, and its media type."""
    return generate_latest(), CONTENT_TYPE_LATEST
