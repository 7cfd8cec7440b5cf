"""Logs (日志): text for people, one JSON object a line for machines; never what was sent, only what happened."""

from __future__ import annotations

import logging
import sys

import structlog

from infra.settings import Settings


def configure_logs(settings: Settings, role: str) -> None:
    """Set up logging of one process; ``role`` is on every line."""
    level = getattr(logging, settings.log_level.upper())
    logging.basicConfig(level=level, stream=sys.stderr, format="%(levelname)s %(name)s %(message)s", force=True)
    # The client logs every reconnect at warning: an outage would fill the disk before it heals.
    logging.getLogger("kafka").setLevel(max(level, logging.ERROR))
    logging.getLogger("httpx").setLevel(max(level, logging.WARNING))
    renderer: structlog.types.Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if settings.log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(role=role)
