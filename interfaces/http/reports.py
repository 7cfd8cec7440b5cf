"""Bulk reporting (批量报送): existing approval systems report the steps of the cases they handle.

Decoded in one go, carried out in commits of some hundred steps, answered item by item. A step that cannot be
taken does not disturb the others. Sending the same steps again changes nothing: the source and its own event
id make each step unique, so no request key is needed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

import orjson
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from domain.application import Answer, Order
from domain.approval_case.commands import ReportStep
from domain.kernel.people import Role
from domain.kernel.refusal import Refusal, TooManyConflicts
from domain.kernel.words import Term
from domain.rules.errors import RuleError
from interfaces.http import metrics
from interfaces.http.access import Asking, Caller, doors_of
from interfaces.http.body import JSON, media_type, no_nul
from interfaces.http.problems import Mistake, described
from interfaces.http.refusals import (
    ContentMalformed,
    DateOutOfRange,
    MediaTypeNotTaken,
    NotJson,
    RulesCannotAnswer,
    TooManyItems,
)
from interfaces.http.wording import mistake

MOST = 5_000
CHUNK = 500
"""Steps per commit: enough that the commit costs little, few enough that other requests wait milliseconds."""

NDJSON = "application/x-ndjson"
LINES = frozenset({NDJSON, "application/ndjson", "application/jsonl"})

STEPS = TypeAdapter(list[ReportStep])

Lines = dict[int, ReportStep | dict[str, Any]]


class Taken(BaseModel):
    """What became of one reported step; ``index`` counts from 0 in the order sent."""

    index: int
    outcome: Literal["recorded", "already_there", "refused"]
    stream: str | None = Field(None, description="id of the case")
    version: int | None = Field(None, description="version of the case after it")
    code: str | None = Field(None, description="name of the refusal")
    zh: str | None = None
    en: str | None = None
    next_step: str | None = None
    errors: list[Mistake] | None = None


class Tally(BaseModel):
    """报送回执: the counts, and each step in the order sent."""

    recorded: int
    already_there: int
    refused: int
    position: int = Field(description="position of the last fact stored; wait for it with min_position")
    results: list[Taken]


def routes() -> APIRouter:
    router = APIRouter()
    item = {"$ref": f"#/components/schemas/{ReportStep.__name__}"}
    router.add_api_route(
        "/v1/reports", report, methods=["POST"], name="report_steps", operation_id="report_steps", tags=["cases"],
        summary="批量报送环节 Report steps in bulk",
        description=f"JSON 数组或 NDJSON,至多 {MOST} 条、16 MiB。A JSON array or NDJSON of at most {MOST} steps and "
        "16 MiB. Each step is answered by itself; the same step sent again changes nothing.\n\n"
        "可由 报送系统 办理。May be asked for by: reporting approval system.",
        response_model=Tally,
        openapi_extra={"requestBody": {"required": True, "content": {
            JSON: {"schema": {"type": "array", "items": item, "maxItems": MOST}},
            NDJSON: {"schema": {"type": "string", "description": "one step per line; schema: ReportStep"}},
        }}},
    )  # fmt: skip
    return router


async def report(request: Request, caller: Asking) -> Response:
    """Take in what a source reports."""
    caller.may(Term("报送环节", "reported steps"), Role.SOURCE)
    kind = media_type(request)
    if kind != JSON and kind not in LINES:
        raise MediaTypeNotTaken(given=kind or "(无 none)", wanted=f"{JSON}, {NDJSON}")
    body = await request.body()
    no_nul(body)
    lines = from_lines(body) if kind in LINES else from_array(body)
    if len(lines) > MOST:
        raise TooManyItems(count=len(lines), limit=MOST)
    return answered(*await take_in(request, caller, lines))


def from_array(body: bytes) -> Lines:
    """Each item of a JSON array: the step, or why it is none. Raises ``NotJson``."""
    try:
        return dict(enumerate(STEPS.validate_json(body, strict=True)))
    except ValidationError as e:
        by_index: dict[int, list[dict[str, str]]] = {}
        for error in e.errors(include_url=False, include_input=False):
            if not error["loc"] or not isinstance(error["loc"][0], int):
                raise NotJson(why=mistake(error)["zh"] + " / " + error["msg"]) from e
            by_index.setdefault(error["loc"][0], []).append(mistake({**error, "loc": error["loc"][1:]}))
    items = orjson.loads(body)
    sound = [i for i in range(len(items)) if i not in by_index]
    steps = STEPS.validate_json(orjson.dumps([items[i] for i in sound]), strict=True)
    return {**dict(zip(sound, steps, strict=True)), **{i: _not_valid(errors) for i, errors in by_index.items()}}


def from_lines(body: bytes) -> Lines:
    """Each line of NDJSON; a line that is not JSON is refused alone. Empty lines do not count."""
    lines = [line for line in body.split(b"\n") if line.strip()]
    try:
        joined = from_array(b"[" + b",".join(lines) + b"]")
        if len(joined) == len(lines):
            return joined
    except (NotJson, orjson.JSONDecodeError):
        pass  # some line is broken: look at each by itself, below
    found: Lines = {}
    for index, line in enumerate(lines):
        try:
            one = from_array(b"[" + line + b"]")
            found[index] = one[0] if len(one) == 1 else _refused(NotJson(why="一行一条 one step per line"))
        except (NotJson, orjson.JSONDecodeError) as e:
            found[index] = _refused(e if isinstance(e, NotJson) else NotJson(why=str(e)))
    return found


async def take_in(request: Request, caller: Caller, lines: Lines) -> tuple[list[dict[str, Any]], int]:
    """Carry the sound steps out in their order; results by index, and the last position."""
    doors = doors_of(request)
    orders = [(i, Order(step, caller.actor, doors.now())) for i, step in sorted(lines.items())
              if isinstance(step, ReportStep)]  # fmt: skip
    results = {i: line for i, line in lines.items() if not isinstance(line, ReportStep)}
    position = 0
    for start in range(0, len(orders), CHUNK):
        chunk = orders[start : start + CHUNK]
        for (index, _), answer in zip(chunk, await _carried_out(request, [o for _, o in chunk]), strict=True):
            if isinstance(answer, Refusal):
                results[index] = _refused(answer)
                continue
            position = max(position, answer.position)
            results[index] = {
                "outcome": "recorded" if answer.events else "already_there",
                "stream": str(answer.stream), "version": answer.version,
            }  # fmt: skip
    return [{"index": i, **results[i]} for i in sorted(results)], position


async def _carried_out(request: Request, orders: Sequence[Order]) -> Sequence[Answer]:
    app = doors_of(request).app
    try:
        return await app.handle_all(orders)
    except (RuleError, OverflowError, TooManyConflicts) as e:
        # One step that the rules cannot even judge stops the decision of all; alone, it stops only itself.
        if len(orders) == 1:
            return [_as_refusal(e)]
    half = len(orders) // 2
    return [*await _carried_out(request, orders[:half]), *await _carried_out(request, orders[half:])]


def _as_refusal(error: RuleError | OverflowError | TooManyConflicts) -> Refusal:
    if isinstance(error, RuleError):
        return RulesCannotAnswer(zh=error.told("zh"), en=error.told("en"))
    return DateOutOfRange(why=str(error)) if isinstance(error, OverflowError) else error


def _refused(refusal: Refusal) -> dict[str, Any]:
    return {"outcome": "refused", **described(refusal, "zh")}


def _not_valid(errors: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    return {**_refused(ContentMalformed(count=len(errors))), "errors": list(errors)}


def answered(results: list[dict[str, Any]], position: int) -> Response:
    counts = tally(r["outcome"] for r in results)
    for outcome, count in counts.items():
        metrics.REPORTED.labels(outcome).inc(count)
    body = {**counts, "position": position, "results": results}
    return Response(orjson.dumps(body), 200, {"X-Position": str(position)}, JSON)


def tally(outcomes: Iterable[str]) -> dict[str, int]:
    counts = {"recorded": 0, "already_there": 0, "refused": 0}
    for outcome in outcomes:
        counts[outcome] += 1
    return counts
