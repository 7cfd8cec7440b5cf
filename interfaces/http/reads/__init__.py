"""Reads (查阅): questions of the read side, each within what the caller may see."""

from __future__ import annotations

from fastapi import APIRouter

from interfaces.http.reads import (
    bundles,
    cases,
    catalogue,
    experts,
    licenses,
    oversight,
    papers,
    promises,
    pushes,
    responsibilities,
    together,
)


def routes() -> APIRouter:
    router = APIRouter()
    for room in (
        cases, pushes, together, licenses, promises, experts, bundles, catalogue, responsibilities, oversight, papers,
    ):  # fmt: skip
        router.include_router(room.routes())
    return router
