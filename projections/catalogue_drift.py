"""In which of the ten elements do the levels of a city say an item differently? (多级十同)

Every entry is held against the entry of its own city for the same basic code: two cities may differ, the levels of one
may not. The digests are those of ``domain.service_item.comparing``."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from domain.kernel.event import Event
from domain.kernel.words import ExerciseLevel
from domain.rules.identifiers import check_item
from domain.service_item import ItemRetired, ItemTransferred, ItemVersionPublished
from domain.service_item.comparing import ten_digests
from domain.service_item.elements import titled
from projections.view import Page, Projection, Reader, Table


@dataclass(slots=True)
class TenRow:
    """The ten elements of the last published version of an entry, each as its digest (empty: not said)."""

    item: str
    number: int
    name: str
    basic_code: str
    variant: str
    """The handling item below the basic code, where there is one; only like is held against like."""
    level: str
    city: str
    """The first four digits of the place: province and city."""
    organ: str
    organ_name: str
    digests: dict[str, Any]
    retired: bool
    position: int


@dataclass(slots=True)
class DriftRow:
    """One entry held against that of its city: ``differing`` are the elements that it says otherwise, and
    ``reference`` is none where the city has no entry."""

    basic_code: str
    variant: str
    item: str
    number: int
    name: str
    level: str
    city: str
    organ: str
    organ_name: str
    reference: str | None
    reference_organ: str | None
    differing: list[str]
    differing_zh: list[str] = field(default_factory=list)


@dataclass(slots=True)
class DriftCount:
    """How many entries were held against their city's, how many differ, and how many have nothing to be held to."""

    compared: int
    differing: int
    without_reference: int


_HELD = f"""
    SELECT e.basic_code, e.variant, e.item, e.number, e.name, e.level, e.city, e.organ, e.organ_name,
        c.item AS reference, c.organ_name AS reference_organ,
        (SELECT coalesce(jsonb_agg(k.key ORDER BY k.key), '[]') FROM jsonb_each_text(c.digests) AS k
         WHERE e.digests ->> k.key IS DISTINCT FROM k.value) AS differing, '[]'::jsonb AS differing_zh
    FROM projections.item_ten AS e
    LEFT JOIN LATERAL (
        SELECT item, organ_name, digests FROM projections.item_ten AS r
        WHERE r.basic_code = e.basic_code AND r.variant = e.variant AND r.city = e.city
            AND r.level = '{ExerciseLevel.CITY.value}' AND NOT r.retired
        ORDER BY r.item LIMIT 1
    ) AS c ON true
    WHERE e.basic_code <> '' AND NOT e.retired AND e.item IS DISTINCT FROM c.item
"""  # noqa: S608 - the level is a word of our own

_COUNTED = f"""
    SELECT count(*) FILTER (WHERE reference IS NOT NULL) AS compared,
        count(*) FILTER (WHERE differing <> '[]') AS differing,
        count(*) FILTER (WHERE reference IS NULL) AS without_reference FROM ({_HELD}) AS h
"""  # noqa: S608 - the same words of our own


def drift(
    read: Reader,
    *,
    basic_code: str = "",
    organ: str = "",
    city: str = "",
    everything: bool = False,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[DriftRow]:
    """Entries that say one of the ten elements otherwise than their city, by basic code; ``everything`` also shows
    those that agree and those that no entry of the city stands for."""
    exact = {"basic_code": basic_code, "organ": organ, "city": city}
    params = {name: value for name, value in exact.items() if value}
    where = "".join(f" AND e.{name} = %({name})s" for name in params)
    sql = f"SELECT * FROM ({_HELD}{where}) AS h" + ("" if everything else " WHERE differing <> '[]'")  # noqa: S608
    page = read.page(
        DriftRow, sql, params, order=("basic_code", "variant", "item"), cursor=cursor, limit=limit
    )
    for row in page.rows:
        row.differing_zh = [titled(path) for path in row.differing]
    return page


def count(read: Reader) -> DriftCount:
    found = read.one(DriftCount, _COUNTED)
    assert found is not None
    return found


def _item_of(event: Event) -> tuple[str, ...]:
    return (event.terms.item if isinstance(event, ItemVersionPublished) else getattr(event, "item", ""),)


class CatalogueDrift(Projection):
    """The ten elements of every entry, to be held against those of its city."""

    NAME = "catalogue_drift"
    ZH = "多级十同"
    entries = Table(
        "item_ten", TenRow, key=("item",), touched=_item_of, indexes=("(basic_code, variant, city, level, item)",)
    )

    def published(self, fact: ItemVersionPublished) -> None:
        terms, elements = fact.terms, fact.elements
        parts = check_item(terms.item).parts
        organ = terms.organ
        region = (elements.body.region if elements else None) or (organ.code[2:8] if organ else "")
        self.entries.put(
            TenRow(
                item=terms.item, number=terms.version, name=terms.name,
                basic_code=(elements.identity.basic_code if elements else None) or "",
                variant=parts.get("handling", ""), level=terms.level or "", city=region[:4],
                organ=organ.code if organ else "", organ_name=organ.name if organ else "",
                digests=dict(ten_digests(elements)) if elements else {}, retired=False, position=self.position,
            )
        )  # fmt: skip

    def retired(self, fact: ItemRetired) -> None:
        row = self.entries[fact.item]
        row.retired, row.position = True, self.position

    def transferred(self, fact: ItemTransferred) -> None:
        row = self.entries[fact.item]
        row.organ, row.organ_name, row.position = fact.to_organ.code, fact.to_organ.name, self.position
