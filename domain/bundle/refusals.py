"""Refusals of the bundle (一件事不予办理)."""

from __future__ import annotations

from domain.kernel.refusal import Kind, Refusal


class BundleSubmittedAlready(Refusal):
    """一件事编号 {bundle_no} 已提出过内容不同的申请;请核对编号,或用新编号申请。

    The bundle {bundle_no} was submitted with other content; check the number, or apply under a new one."""

    KIND = Kind.CONFLICTING


class SharedMaterialMissing(Refusal):
    """缺少共享材料:{missing};请一次提交,各部分不再重复收取。

    Shared materials are missing: {missing}; hand them in once, no part will ask for them again."""


class PartIsNotOptional(Refusal):
    """部分 {parts} 不在该链条中或不可不办;请核对申请内容。

    The parts {parts} are not of this chain, or may not be left out; check the application."""


class NothingAskedFor(Refusal):
    """申请未包含任何事项;请至少保留一项。

    The application asks for nothing; keep one part at least."""

    KIND = Kind.MALFORMED


class SiteMissingForPart(Refusal):
    """部分「{part}」需要踏勘,申请必须填写场所。

    The part "{part}" needs a site visit, so the application must name the site."""

    KIND = Kind.MALFORMED


class NotAPartOfThis(Refusal):
    """办件 {case_id} 不是本件事已开立的部分;请核对标识。

    The case {case_id} is no opened part of this bundle; check the ids."""

    KIND = Kind.UNKNOWN


class PartSaysOtherwise(Refusal):
    """办件 {case_no} 的现状与所报结果「{outcome}」不符,未予登记;请核对办件。

    Case {case_no} does not stand as "{outcome}" says, so nothing was noted; look at the case."""

    KIND = Kind.CONFLICTING


class NotTheLead(Refusal):
    """综合许可证由牵头部门「{lead}」颁发,部门 {organ} 不得办理。

    The lead {lead} issues the composite license; {organ} may not."""


class NotHandedInHere(Refusal):
    """本件事由「{organ_in}」收件、「{lead}」牵头,部门 {organ} 不得代为撤回;请由收件或牵头部门办理。

    This matter was handed in at {organ_in} and is led by {lead}; {organ} may not withdraw it for the applicant."""


class CompositeStillStands(Refusal):
    """「{composite}」{license_no} 所含许可没有终结的,无需换发;所含许可终结后再办理。

    Nothing that "{composite}" {license_no} joins has ended, so it needs no new issue; ask again when a part has."""

    KIND = Kind.CONFLICTING


class NothingLeftToJoin(Refusal):
    """「{composite}」所含许可均已终结,不能颁发;请告知申请人重新申请。

    Everything that "{composite}" would join has ended, so it is not issued; let the applicant apply anew."""
