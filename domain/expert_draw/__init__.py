"""ExpertDraw (专家抽取): experts for one review, drawn so that anybody can compute the draw again from its facts.

requested(discipline, seats, exclusions) -> drawn(seed, pool_digest, candidates) -> confirmed | declined | recused ->
redrawn -> panel_complete -> opinion_filed -> paid.

| from | fact | to | guard |
| --- | --- | --- | --- |
| - | ExpertDrawRequested | requested | the applicant of the case among the parties, the draw before over, a day to come |
| requested, redrawn | DrawSecretCommitted | committed | one secret a round; only its digest is known |
| committed | ExpertDrawStarted | started | on duty, at most 2 working days ahead; the salt comes after the commitment |
| started | ExpertPoolFrozen | pool_frozen | every expert looked up; exclusions applied, with reasons |
| pool_frozen | ExpertsDrawn | drawn | the revealed secret fits its commitment |
| requested … panel_complete | ExpertConfirmed | same, panel_complete with the last seat | drawn, not answered yet |
| requested … panel_complete | ExpertDeclined | same; drawn from panel_complete | with a reason |
| requested … reviewing | ExpertRecused | same; drawn from panel_complete, reviewing | the tie is named |
| panel_complete | ExpertDidNotCome | drawn | not before the day of the review |
| drawn, committed, started, pool_frozen | ExpertRedrawRequested | redrawn | a seat is open for that reason, or a round is given up |
| drawn | ExpertPickedByHand | drawn | a seat is open, the expert may be drawn, a reason |
| panel_complete | ExpertReviewStarted | reviewing | names are told from here on |
| reviewing | PanelOpinionFiled | opinion_filed | every member signs or dissents |
| opinion_filed | ExpertsPaid | paid | every member once |
| before the opinion | ExpertDrawCancelled | cancelled | with a reason |
| before the opinion | ExpertReviewRescheduled | same | a day that has not passed, with a reason |
| before the opinion | DrawDutyAssigned | same | with a reason |

**Nobody can choose the outcome alone.** The platform commits to a secret while the salt is unknown; the officer on
duty gives the salt while the secret is unknown; the pool is frozen after both; then the secret is shown. A round
that is given up after that is written down and counted, so trying again until a name appears is visible (R18).

``words`` names states and terms, ``commands`` what may be asked, ``refusals`` why not, ``facts`` what happened,
``drawing`` the arithmetic and its recomputation, ``draw`` the rules themselves."""

from domain.expert_draw.draw import ExpertDraw

__all__ = ["ExpertDraw"]
