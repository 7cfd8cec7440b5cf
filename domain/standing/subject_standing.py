"""The standing of a subject itself: decides its commands and folds its facts."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from domain.kernel.aggregate import Aggregate, Facts, Given
from domain.kernel.people import Role
from domain.kernel.standing import Bar, BarKind, CreditCheck, Standing
from domain.kernel.time import not_in_the_future
from domain.rules.working_days import due_on
from domain.standing import commands as c
from domain.standing import facts as f
from domain.standing import refusals as r
from domain.standing.words import BarCause, CreditResult, LiftGround

PERIOD_BY_LAW: dict[BarKind, str] = {BarKind.FALSE_MATERIAL: "bar_false_material", BarKind.FRAUD: "bar_fraud"}
"""Kinds whose length the law fixes, and the name of that period in the rules."""

DISHONESTY_BASIS = "国办发〔2020〕42号第三部分(严重失信且未修复的不适用告知承诺)"


class SubjectStanding(Aggregate):
    """主体信用与限制。"""

    NAME = "standing"
    ZH = "主体信用"

    def __init__(self, id: UUID) -> None:
        super().__init__(id)
        self.bars: dict[int, f.BarImposed] = {}
        self.numbered = 0
        self.causes: set[tuple[BarKind, str]] = set()
        self.check: CreditCheck | None = None
        self.as_of: datetime | None = None

    @property
    def standing(self) -> Standing:
        """What a decision about the subject must know."""
        return Standing(bars=tuple(map(_shown, self.bars.values())), check=self.check)

    def impose(self, command: c.ImposeBar, given: Given) -> Facts:
        if given.by.role is Role.DECIDER and given.by.organ != command.organ:
            raise r.NotYourBar(bar_no=self.numbered + 1, owner=command.organ, organ=given.by.organ)
        if (command.kind, command.cause.fact_id) in self.causes:
            return
        until = command.until
        if period := PERIOD_BY_LAW.get(command.kind):
            until = due_on(period, command.since)
        if command.kind is BarKind.HOLD and until is None:
            raise r.BarNeedsAnEnd()
        if until is not None and until < command.since:
            raise r.BarEndsBeforeItBegins(since=command.since, until=until)
        yield self._barred(**command.model_dump(exclude={"subject", "until"}), subject=command.subject, until=until)

    def lift(self, command: c.LiftBar, given: Given) -> Facts:
        bar = self.bars.get(command.bar_no)
        if bar is None:
            if command.bar_no <= self.numbered:
                return
            raise r.NoSuchBar(bar_no=command.bar_no)
        if given.by.organ != bar.organ:
            raise r.NotYourBar(bar_no=bar.bar_no, owner=bar.organ, organ=given.by.organ)
        if bar.kind in PERIOD_BY_LAW and command.ground is not LiftGround.IMPOSED_IN_ERROR:
            raise r.BarNotRepairable(kind=bar.kind, until=bar.until)
        yield f.BarLifted(**command.model_dump(exclude={"subject"}), subject=bar.subject)

    def record_check(self, command: c.RecordCreditCheck, given: Given) -> Facts:
        not_in_the_future(command.as_of, given.at)
        if (command.result is CreditResult.DISHONEST) != bool(command.records):
            raise r.RecordsUnclear(result=command.result, count=len(command.records))
        if self.as_of is not None and command.as_of < self.as_of:
            raise r.CheckIsOlder(as_of=command.as_of, known=self.as_of)
        yield f.CreditChecked(
            subject=command.subject, source=command.source, checked_at=given.at, as_of=command.as_of,
            result=command.result, records=command.records, valid_until=due_on("credit_check_valid", given.today),
        )  # fmt: skip
        yield from self._what_the_register_means(command, given)

    def _what_the_register_means(self, command: c.RecordCreditCheck, given: Given) -> Facts:
        """严重失信未修复: barred while the register says so, free again when it no longer does."""
        # Those of an organ, for a court's list for instance, are that organ's to lift.
        dishonest = [bar for bar in self.bars.values() if bar.cause.fact_id.startswith(f"{self.id}:")]
        if command.result is CreditResult.DISHONEST and not dishonest:
            told = "、".join(map(str, command.records))
            yield self._barred(
                subject=command.subject, kind=BarKind.DISHONESTY, basis=DISHONESTY_BASIS, items=(), since=given.today,
                until=None, organ=given.by.organ,
                cause=BarCause(fact_id=f"{self.id}:{self.version}", statement=f"{command.source}:{told}"[:2000]),
            )  # fmt: skip
        elif command.result is CreditResult.CLEAN:
            for bar in dishonest:
                yield f.BarLifted(
                    subject=bar.subject, bar_no=bar.bar_no, ground=LiftGround.REPAIRED,
                    document_no=f"{command.source} {command.as_of:%Y-%m-%d}"[:200],
                    reason="信用平台已无严重失信记录。The register shows no serious dishonesty any more.",
                )  # fmt: skip

    def _barred(self, **told: object) -> f.BarImposed:
        return f.BarImposed.model_validate({**told, "bar_no": self.numbered + 1})

    def was_barred(self, fact: f.BarImposed) -> None:
        self.numbered = fact.bar_no
        self.bars[fact.bar_no] = fact
        self.causes.add((fact.kind, fact.cause.fact_id))

    def was_lifted(self, fact: f.BarLifted) -> None:
        del self.bars[fact.bar_no]

    def was_checked(self, fact: f.CreditChecked) -> None:
        self.as_of = fact.as_of
        self.check = CreditCheck(source=fact.source, checked_at=fact.checked_at, valid_until=fact.valid_until)


def _shown(bar: f.BarImposed) -> Bar:
    return Bar(kind=bar.kind, basis=bar.basis, items=bar.items, since=bar.since, until=bar.until)
