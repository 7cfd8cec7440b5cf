"""Standing (主体信用与限制) as a decision sees it: the bars on a subject, and the last credit check.

A value of the kernel, because the case must ask for it and may not know the stream that records it."""

from __future__ import annotations

from datetime import date, datetime

from domain.kernel.words import ItemCode, Short, Value, Word


class Step(Word):
    """What a bar or a missing credit check stands in the way of (受限环节)."""

    ACCEPTANCE = "acceptance", "受理申请", "acceptance of the application"
    COMMITMENT = "commitment", "适用告知承诺", "use of a commitment"
    TOLERANCE = "tolerance", "容缺受理", "tolerance acceptance"
    GRANT = "grant", "准予许可", "grant of the license"


class BarKind(Word):
    """限制种类."""

    FALSE_MATERIAL = "false_material", "提供虚假材料,一年内不得再次申请", "no application for a year: false material"
    FRAUD = "fraud", "以不正当手段取得许可,三年内不得再次申请", "no application for three years: fraud"
    COMMITMENT = "commitment", "不得适用告知承诺", "no commitments"
    TOLERANCE = "tolerance", "不得适用容缺受理", "no tolerance acceptance"
    DISHONESTY = "dishonesty", "严重失信未修复", "serious dishonesty, not repaired"
    HOLD = "hold", "暂缓作出决定", "decisions on hold"


REFUSES: dict[BarKind, frozenset[Step]] = {
    BarKind.FALSE_MATERIAL: frozenset(Step),
    BarKind.FRAUD: frozenset(Step),
    BarKind.COMMITMENT: frozenset({Step.COMMITMENT}),
    BarKind.TOLERANCE: frozenset({Step.TOLERANCE}),
    BarKind.DISHONESTY: frozenset({Step.COMMITMENT, Step.TOLERANCE}),
    BarKind.HOLD: frozenset({Step.GRANT}),
}
"""行政许可法第七十八条、第七十九条; 国办发〔2020〕42号: what each kind stands in the way of."""


class Bar(Value):
    """限制: ``items`` empty means every item; ``until`` is its last day, none means until it is lifted."""

    kind: BarKind
    basis: Short
    items: tuple[ItemCode, ...] = ()
    since: date
    until: date | None = None

    def stands_against(self, step: Step, item: str, on: date) -> bool:
        """Whether it is in force on a day and forbids the step for the item."""
        in_force = self.since <= on and (self.until is None or on <= self.until)
        return in_force and step in REFUSES[self.kind] and (not self.items or item in self.items)


class CreditCheck(Value):
    """信用核查: what a credit register said of a subject, when, and until when one may rely on it."""

    source: Short
    checked_at: datetime
    valid_until: date


class Standing(Value):
    """What is known of a subject: nothing, unless somebody recorded it."""

    bars: tuple[Bar, ...] = ()
    check: CreditCheck | None = None

    def bar_against(self, step: Step, item: str, on: date) -> Bar | None:
        """The bar that forbids a step, the one that lasts longest first; none when the step is open."""
        standing = [bar for bar in self.bars if bar.stands_against(step, item, on)]
        return max(standing, key=lambda bar: bar.until or date.max, default=None)

    def checked_on(self, on: date) -> bool:
        """Whether a credit check may still be relied on."""
        return self.check is not None and on <= self.check.valid_until
