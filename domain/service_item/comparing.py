"""Comparing (比对): what changed from one version to the next, and in which of the ten elements two entries differ.

Both rest on one canonical JSON: keys sorted, no blanks, text in Unicode form NFC without blanks around it, nothing
that says nothing (null). Numbers are whole and booleans are words, so for these values it is what RFC 8785 writes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Annotated, Any
from unicodedata import normalize
from zlib import compress, decompress

from pydantic import Field, StringConstraints

from domain.kernel.words import ItemTerms, Value
from domain.service_item.elements import ItemElements, elements_of, said_of, titled

CanonicalJson = Annotated[str, StringConstraints(min_length=1, max_length=1_000_000)]
ElementPath = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class ElementChange(Value):
    """要素变动: one element, what it said before and what it says now, as canonical JSON; none where it was not
    said. A change set applied to the version before gives the version it belongs to."""

    path: ElementPath
    old: CanonicalJson | None = Field(None, description="canonical JSON")
    new: CanonicalJson | None = Field(None, description="canonical JSON")

    def __str__(self) -> str:
        return self.path

    @property
    def title(self) -> str:
        """The Chinese name of what changed."""
        group, _, path = self.path.partition(".")
        return titled(path) if group == "elements" else _TERM_TITLES.get(self.path, self.path)


_TERM_TITLES = {
    "legal_basis": "设定依据(摘要)", "terms.name": "事项名称", "terms.kind": "办件类型", "terms.handling": "办理方式",
    "terms.promised_days": "承诺办结时限", "terms.promised_unit": "承诺办结时限", "terms.organ": "实施主体",
    "terms.statutory_days": "法定办结时限", "terms.statutory_unit": "法定办结时限", "terms.level": "行使层级",
    "terms.single_officer": "独任审核", "terms.safety": "涉及安全", "terms.tolerance_allowed": "容缺受理",
    "terms.commitment_allowed": "告知承诺", "terms.commitment_days": "告知承诺", "terms.regulators": "监管主体",
    "terms.consult": "会商部门", "terms.inspect": "踏勘部门", "terms.inspect_kind": "联合查验种类",
    "terms.materials": "申请材料", "terms.conditional": "材料必要性", "terms.tolerable": "可容缺材料",
    "terms.tolerance_lapse": "容缺逾期的处理",
    "terms.special_procedures": "特别程序", "terms.hearing": "听证要求", "terms.machine_rule": "秒批规则",
    "terms.provisional_for": "模拟审批材料", "terms.limited_number": "数量限制", "terms.license_type": "证照类型",
    "terms.validity_months": "有效期限", "terms.renewal_days": "延续提前天数", "terms.annual_check": "年检",
    "terms.fee_basis": "收费依据",
}  # fmt: skip


def canonical(value: Any) -> str:
    """Canonical JSON of plain JSON values: the order in which keys were written does not matter."""
    return json.dumps(_plain(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return normalize("NFC", value).strip()
    if isinstance(value, Mapping):
        return {normalize("NFC", key): _plain(one) for key, one in value.items() if one is not None}
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    return value


def digest(value: Any, *, ordered: bool = True) -> str:
    """SHA-256 of the canonical JSON; a list whose order says nothing is sorted first."""
    if not ordered and isinstance(value, (list, tuple)):
        value = sorted((_plain(one) for one in value), key=canonical)
    return sha256(canonical(value).encode()).hexdigest()


def ten_digests(elements: ItemElements) -> dict[str, str]:
    """多级十同: the digest of each of the ten elements by its path; empty where an entry does not say it.

    Two entries say an element alike when their digests are equal. The remark on a limit belongs to the organ that
    wrote it and is left out."""
    plain = elements.model_dump(mode="json")
    if plain["clock"]["promised_limit"]:
        del plain["clock"]["promised_limit"]["note"]
    found = {}
    for path, element in elements_of().items():
        if element.ten:
            said, value = said_of(elements, path), plain
            for part in path.split("."):
                value = value[part]
            found[path] = "" if said in (None, ()) else digest(value, ordered=element.ordered)
    return found


def said_by(terms: ItemTerms, legal_basis: str, elements: ItemElements | None) -> dict[str, str]:
    """Everything a version says, flat: canonical JSON by path. Its number is left out: it always changes."""
    plain = terms.model_dump(mode="json", exclude={"version", "item"})
    flat: dict[str, Any] = {f"terms.{name}": value for name, value in plain.items()}
    flat["legal_basis"] = legal_basis
    if elements is not None:
        whole = elements.model_dump(mode="json")
        for path in elements_of():
            value = whole
            for part in path.split("."):
                value = value[part]
            flat[f"elements.{path}"] = value
    return {path: canonical(value) for path, value in flat.items() if value is not None}


def packed(said: Mapping[str, str]) -> bytes:
    """What a version says, small: an entry with all its elements is a hundred times larger as objects, and thousands
    of entries are kept in memory. Equal bytes say the same."""
    return compress(json.dumps(said, ensure_ascii=False, sort_keys=True).encode())


def unpacked(kept: bytes) -> dict[str, str]:
    return dict(json.loads(decompress(kept)))


def changes(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[ElementChange, ...]:
    """The change set (变更要素) between two versions, in the order in which the newer one says them."""
    paths = [*after, *(path for path in before if path not in after)]
    return tuple(
        ElementChange(path=path, old=before.get(path), new=after.get(path))
        for path in paths
        if before.get(path) != after.get(path)
    )


def applied(before: Mapping[str, str], changed: tuple[ElementChange, ...]) -> dict[str, str]:
    """What the version says to which a change set belongs, from what the one before said."""
    after = dict(before)
    for change in changed:
        if change.new is None:
            after.pop(change.path, None)
        else:
            after[change.path] = change.new
    return after
