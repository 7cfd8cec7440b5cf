"""What looks like an integrity risk? (廉政风险看板) Leads from twelve rules, never findings of fault.

R01 超法定时限, R02 超承诺时限, R10 先批后审, R12 受审不分离, R17 专家应回避未回避,
R18 专家非随机产生, R19 过早抽取, R30 推送未签收, R32 监管信息未处置, R33 应推未推,
R37 插队办理, R39 应会商未会商. What other systems report counts as what is handled here.

A flag that depends on time passing is stored with the day from which it holds and the day on which what was owed
came; whether it holds is answered for the day that the reader names. The fold reads no clock, so it can be rebuilt.
``flags`` holds the rows and the queries, ``sentences`` how a flag is told, ``memory`` what the rules remember,
``rules`` the rules, ``queue`` that of limited numbers, ``experts`` those about draws of experts."""

from projections.integrity_board.flags import Flag, RuleCount, counts, flag, flags
from projections.integrity_board.rules import IntegrityBoard

__all__ = ["Flag", "IntegrityBoard", "RuleCount", "counts", "flag", "flags"]
