"""The rules about experts (专家规则): R17 应回避未回避, R18 非随机产生, R19 过早抽取. R16 is asked of the load of experts."""

from __future__ import annotations

from typing import Any

from domain.expert_draw import facts as f
from domain.rules.dates import business_date
from projections.integrity_board.flags import FlagRow
from projections.integrity_board.memory import in_force
from projections.view.table import Rows


class ExpertRules:
    """What the facts of a draw say by themselves; the board is what they are written on."""

    flags: Any
    position: int

    def expert_recused(self, fact: f.ExpertRecused) -> None:
        """Only one who had begun to review took part in spite of the tie; before that, the recusal was in time."""
        if fact.in_review:
            observed = {"tie": str(fact.tie), "tie_zh": fact.tie.zh, "tie_en": fact.tie.en, "seat": fact.seat}
            self._lead("R17", f"seat {fact.seat}:{fact.originator_version}", fact, {}, observed)

    def redraw_requested(self, fact: f.ExpertRedrawRequested) -> None:
        if fact.beyond:
            told = {"without_cause": fact.without_cause, "allowed": fact.allowed, "sentence": "R18 redraws"}
            self._lead("R18", "redraws", fact, {"redraws": fact.allowed}, told)

    def picked_by_hand(self, fact: f.ExpertPickedByHand) -> None:
        """A reason is always given, so this is a lead of its own kind: a person reads whether it is one."""
        told = {"reason": fact.reason, "seat": fact.seat, "pool_size": fact.pool_size, "sentence": "R18 by hand"}
        self._lead("R18", f"by hand:{fact.originator_version}", fact, {}, told)

    def review_started(self, fact: f.ExpertReviewStarted) -> None:
        if fact.too_early:
            told = {"drawn_on": fact.drawn_on.isoformat(), "latest": fact.latest.isoformat() if fact.latest else ""}
            rule = in_force("R19", business_date(fact.occurred_at))
            self._lead("R19", "", fact, {"working_days": rule["ahead"]} if rule else {}, told)

    def _lead(
        self, rule_id: str, detail: str, fact: f.DrawFact, threshold: dict[str, Any], observed: dict[str, Any]
    ) -> None:  # fmt: skip
        day = business_date(fact.occurred_at)
        rule = in_force(rule_id, day)
        if rule is None:
            return
        rows: Rows[FlagRow] = self.flags
        known = rows.get(fact.originator_id, rule_id, detail)
        if known is not None:
            known.observed, known.evidence = observed, [*known.evidence, fact.id]
            return
        rows.put(
            FlagRow(
                stream=fact.originator_id, rule_id=rule_id, detail=detail,
                flag_id=f"{rule_id}:{fact.originator_id}:{detail}".rstrip(":"), rule_version=rule.version,
                severity=rule.severity, case_id=fact.case_id, case_no=fact.case_no, item="", regulator="",
                subject_kind="expert_draw", subject_key=str(fact.originator_id), position=self.position,
                started_on=day, holds_from=day, threshold=threshold, observed=observed, evidence=[fact.id],
            )
        )  # fmt: skip


