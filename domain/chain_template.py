"""ChainTemplate (链条模板): which items make one matter for the applicant, in which order, and with which shared materials.

| from | fact | to | guard |
| --- | --- | --- | --- |
| -, published, retired | ChainPublished | published | its items are in force on that day; a later day than the version before |
| published | ChainRetired | retired | with a reason |

Published like items: versions never overlap, and the version in force when a bundle is submitted is frozen into it, so
a later change of the template touches no running bundle. A city has some two hundred of them; they are data."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from pydantic import Field, ValidationError

from domain.kernel.aggregate import Aggregate, Facts, Given
from domain.kernel.bundles import ChainCode, ChainKind, ChainTerms, SharedMaterial, Stage, chain_stream
from domain.kernel.command import Command
from domain.kernel.event import Event
from domain.kernel.people import Role
from domain.kernel.refusal import Kind, Refusal
from domain.kernel.words import Body, Short, Text

PRACTICE = "国办发〔2023〕29号;优化营商环境条例"


class ChainCommand(Command):
    chain: ChainCode

    @property
    def stream(self) -> UUID:
        return chain_stream(self.chain)


class PublishChain(ChainCommand):
    """发布链条模板。Publish the next version of a chain template, in force from a date on."""

    NAME = "chain_template.publish"
    ZH = "发布链条模板"
    MAY = frozenset({Role.STEWARD})

    name: Short
    kind: ChainKind
    lead: Body
    stages: tuple[Stage, ...] = Field(min_length=1, max_length=20)
    materials: tuple[SharedMaterial, ...] = Field((), max_length=200)
    composite: Short | None = None
    effective_from: date
    legal_basis: Text
    reason: Text = "首次发布"


class RetireChain(ChainCommand):
    """取消链条模板。Take a chain template out of force from a date on."""

    NAME = "chain_template.retire"
    ZH = "取消链条模板"
    MAY = frozenset({Role.STEWARD})

    effective_on: date
    reason: Text


class UnknownChain(Refusal):
    """没有链条模板 {chain},或其在 {on} 尚未生效;请核对链条编码。

    There is no chain template {chain}, or it is not yet in force on {on}; check its code."""

    KIND = Kind.UNKNOWN


class RetiredChain(Refusal):
    """链条模板 {chain} 已自 {since} 起取消,不得再申请;请核对现行模板。

    The chain template {chain} was retired on {since}; check those in force."""


class ChainMalformed(Refusal):
    """链条模板 {chain} 的内容不合规:{why};请更正后再发布。

    The chain template {chain} is not well formed: {why}; correct it and publish again."""

    KIND = Kind.MALFORMED


class ChainVersionsMayNotOverlap(Refusal):
    """新版本生效日 {effective_from} 不晚于现有版本生效日 {last};版本不得重叠。

    The new version would begin on {effective_from}, not after the last one of {last}; versions may not overlap."""

    KIND = Kind.CONFLICTING


class CompositeNotNamed(Refusal):
    """「一业一证」链条 {chain} 没有综合许可证名称,不得发布;请写明名称。

    The chain {chain} leads to one license and does not name it; name the composite license."""

    KIND = Kind.MALFORMED


class ChainPublished(Event):
    """链条模板已发布。A version of a chain template was published. 国办发〔2023〕29号。"""

    TOPIC = "chain_template.published"
    ZH = "链条「{name}」({kind})第 {number} 版发布,{stage_count} 个阶段 {part_count} 个事项,自 {effective_from} 起生效"
    EN = 'version {number} of the chain "{name}" ({kind}): {stage_count} stages, {part_count} items, from {effective_from}'
    BASIS = PRACTICE

    terms: ChainTerms
    effective_from: date
    legal_basis: Text
    reason: Text

    @property
    def name(self) -> str:
        return self.terms.name

    @property
    def kind(self) -> ChainKind:
        return self.terms.kind

    @property
    def number(self) -> int:
        return self.terms.version

    @property
    def stage_count(self) -> int:
        return len(self.terms.stages)

    @property
    def part_count(self) -> int:
        return len(list(self.terms.parts()))


class ChainRetired(Event):
    """链条模板已取消。The template takes no more bundles from a date on. 国办发〔2023〕29号。"""

    TOPIC = "chain_template.retired"
    ZH = "链条 {chain} 自 {effective_on} 起取消;原因:{reason}"
    EN = "the chain {chain} is retired from {effective_on}; reason: {reason}"
    BASIS = PRACTICE

    chain: ChainCode
    effective_on: date
    reason: Text


class ChainTemplate(Aggregate):
    """链条模板。"""

    NAME = "chain_template"
    ZH = "链条模板"

    def __init__(self, id: UUID) -> None:
        super().__init__(id)
        self.versions: list[tuple[date, ChainTerms]] = []
        self.retirements: dict[int, date] = {}

    def publish(self, command: PublishChain, given: Given) -> Facts:
        if command.kind is ChainKind.ONE_LICENSE and not command.composite:
            raise CompositeNotNamed(chain=command.chain)
        stated = {name: getattr(command, name) for name in ChainTerms.model_fields if name != "version"}
        try:
            terms = ChainTerms(version=len(self.versions) + 1, **stated)
        except ValidationError as wrong:
            raise ChainMalformed(chain=command.chain, why=wrong.errors()[0]["msg"]) from wrong
        if self.versions and command.effective_from <= self.versions[-1][0]:
            last = self.versions[-1][1].model_copy(update={"version": terms.version})
            if (command.effective_from, terms) == (self.versions[-1][0], last):
                return
            raise ChainVersionsMayNotOverlap(effective_from=command.effective_from, last=self.versions[-1][0])
        for part in terms.parts():
            given.look.item(part.item, command.effective_from)
        yield ChainPublished(
            terms=terms, effective_from=command.effective_from, legal_basis=command.legal_basis, reason=command.reason
        )

    def retire(self, command: RetireChain, given: Given) -> Facts:
        if not self.versions:
            raise UnknownChain(chain=command.chain, on=command.effective_on)
        if self.retirements.get(len(self.versions)) != command.effective_on:
            yield ChainRetired(chain=command.chain, effective_on=command.effective_on, reason=command.reason)

    def was_published(self, fact: ChainPublished) -> None:
        self.versions.append((fact.effective_from, fact.terms))

    def was_retired(self, fact: ChainRetired) -> None:
        self.retirements[len(self.versions)] = fact.effective_on

    def terms_on(self, chain: str, on: date) -> ChainTerms:
        """Terms in force on a date. Raises ``UnknownChain`` or ``RetiredChain``."""
        begun = [number for number, (begins, _) in enumerate(self.versions, 1) if begins <= on]
        if not begun:
            raise UnknownChain(chain=chain, on=on)
        over = [since for number, since in self.retirements.items() if number >= begun[-1] and since <= on]
        if over:
            raise RetiredChain(chain=chain, since=over[-1])
        return self.versions[begun[-1] - 1][1]
