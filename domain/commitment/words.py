"""Words of the commitment: its states, who checks it and how, and what a check may find."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from domain.kernel.words import Personal, Short, Word

PRACTICE = "国办发〔2020〕42号"


class CommitmentState(Word):
    """承诺状态."""

    NEW = "new", "未建立", "not yet opened"
    OPEN = "open", "待核查", "waiting for its check"
    DEFERRED = "deferred", "尚未经营,延后核查", "not yet operating, check deferred"
    FAILED = "failed", "核查不符,待责令整改", "found untrue or not kept, to be ordered to rectify"
    RECTIFYING = "rectifying", "责令整改中", "ordered to rectify"
    RECTIFIED = "rectified", "已报整改,待复核", "reported as rectified, to be checked again"
    KEPT = "kept", "已践诺", "kept"
    BROKEN = "broken", "未践诺,已建议撤销", "broken, revocation proposed"
    SETTLED = "settled", "已处置", "settled"
    CLOSED = "closed", "已终结", "closed"


S = CommitmentState
CHECKABLE = (S.OPEN, S.DEFERRED, S.KEPT, S.RECTIFYING, S.RECTIFIED)
"""States in which it may be checked: one that was kept may be looked at again (双随机、日常监管)."""

UNVERIFIED = (S.OPEN, S.DEFERRED)
LIVING = (S.OPEN, S.DEFERRED, S.FAILED, S.RECTIFYING, S.RECTIFIED, S.KEPT)


class CheckResult(Word):
    """核查结果."""

    KEPT = "kept", "履行承诺", "kept"
    NOT_TRUE = "not_true", "承诺不实", "not true"
    NOT_KEPT = "not_kept", "未履行承诺", "not kept"
    NOT_YET_OPERATING = "not_yet_operating", "尚未开展经营", "not yet operating"


class CheckMethod(Word):
    """核查方式."""

    DEDICATED = "dedicated", "专项核查", "dedicated check"
    ROUTINE = "routine", "日常监管", "routine supervision"
    RANDOM = "random", "双随机抽查", "random check"
    SHARED = "shared", "数据共享核验", "verification by shared records"


class Checker(Word):
    """核查责任: who is to check, by the practice in force when the commitment was opened."""

    APPROVER = "approver", "审批部门", "the approving organ"
    REGULATOR = "regulator", "监管部门", "the regulators"
    EITHER = "either", "审批部门或监管部门", "the approving organ or the regulators"


class CommitmentDuty(Word):
    """A duty of a commitment that has a due date."""

    CHECK = "check", "核查", "check it"
    RECTIFY = "rectify", "整改", "rectify"


class Severity(Word):
    """逾期等级 (R28)."""

    YELLOW = "yellow", "黄牌", "yellow"
    RED = "red", "红牌", "red"


class BrokenGround(Word):
    """认定未践诺的情形."""

    UNTRUE = "untrue", "承诺虚假,无法整改", "a false promise that cannot be mended"
    NOT_RECTIFIED = "not_rectified", "责令整改后仍不符合", "still not met after the order to rectify"


Officers = Annotated[tuple[Short, ...], Personal("name"), Field(min_length=1, max_length=20)]
