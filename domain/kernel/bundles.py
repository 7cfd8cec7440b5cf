"""Bundles (一件事) as other chapters may know them: the terms of a chain, its stages, parts and shared materials."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator

from domain.kernel.identity import STANDING, stream_id
from domain.kernel.words import Body, ItemCode, Short, Value, Word

ChainCode = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{1,39}$")]
"""Code of a chain template (链条编码)."""

PartCode = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{1,8}$")]
"""Code of a part within its chain; it ends the case number of the child."""


def chain_stream(chain: str) -> UUID:
    return stream_id("chain_template", STANDING, chain)


class ChainKind(Word):
    """链条种类."""

    CHAIN = "chain", "一链办理", "a chain of items"
    ONE_LICENSE = "one_license", "一业一证", "one license for one line of business"
    PARALLEL = "parallel", "并联审批", "parallel approval"


class IfNotGranted(Word):
    """部分未获准予时: what becomes of the whole when a part is denied, withdrawn or ended."""

    HALT = "halt", "全链不再继续,不发综合许可证", "the whole goes no further, no composite license"
    GO_ON = "go_on", "不含该部分继续办理", "the whole goes on without that part"


class Part(Value):
    """链条中的一个事项: which item, which organ handles it, and what its failure means for the whole."""

    code: PartCode
    item: ItemCode
    name: Short
    organ: Body = Field(description="who handles the case of this part; its powers stay its own")
    optional: bool = Field(False, description="the applicant may leave it out")
    if_not_granted: IfNotGranted = IfNotGranted.HALT

    def __str__(self) -> str:
        return self.name


class Stage(Value):
    """阶段: parts that are handled side by side; the next stage opens when all of them are settled (并联会合)."""

    name: Short
    parts: tuple[Part, ...] = Field(min_length=1, max_length=40)


class SharedMaterial(Value):
    """共享材料: handed in once; ``parts`` names who gets it, nobody named means every part."""

    name: Short
    parts: tuple[PartCode, ...] = Field((), max_length=40)
    required: bool = True

    def goes_to(self, part: str) -> bool:
        return not self.parts or part in self.parts

    def __str__(self) -> str:
        return self.name


class ChainTerms(Value):
    """链条版本: the terms of one version of a chain template, as they are frozen into a bundle."""

    chain: ChainCode
    version: int = Field(ge=1)
    name: Short
    kind: ChainKind
    lead: Body = Field(description="who coordinates; it decides nothing that belongs to a part")
    stages: tuple[Stage, ...] = Field(min_length=1, max_length=20)
    materials: tuple[SharedMaterial, ...] = Field((), max_length=200)
    composite: Short | None = Field(None, description="name of the composite license; none: every part has its own only")

    @model_validator(mode="after")
    def _codes_are_its_own(self) -> ChainTerms:
        codes = Counter(part.code for part in self.parts())
        names = Counter(material.name for material in self.materials)
        if twice := [code for code, times in (codes + names).items() if times > 1]:
            raise ValueError(f"编码或材料重复:{twice}。A part or a material is named twice: {twice}.")
        if stray := sorted({code for material in self.materials for code in material.parts} - codes.keys()):
            raise ValueError(f"材料指向不存在的部分:{stray}。A material names parts that are not there: {stray}.")
        return self

    def parts(self) -> Iterator[Part]:
        for stage in self.stages:
            yield from stage.parts
