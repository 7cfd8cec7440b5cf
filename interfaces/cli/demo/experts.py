"""A pool of experts (专家库样本): 1,304 of them in 20 disciplines, the same for the same seed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from domain.expert import EnrollExpert
from domain.kernel.experts import Tie, TieKind
from domain.rules.loader import expert_disciplines

EXPERTS = 1_304
FAMILY = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰涛明超霞平刚桂英建国志华文博晓宇思远子涵"
TITLES = ("高级工程师", "正高级工程师", "注册工程师", "教授", "副教授", "研究员")


def enrolments(
    seed: int = 20, count: int = EXPERTS, parties: tuple[tuple[str, str], ...] = (), today: date = date(2026, 1, 1)
) -> Iterator[EnrollExpert]:
    """Enrolments of a pool; every tenth expert has a tie, with one of ``parties`` where some are given."""
    chance = Random(seed)  # noqa: S311 - a pool of examples, nobody is drawn by it
    disciplines = expert_disciplines()
    for number in range(1, count + 1):
        first = disciplines[(number - 1) % len(disciplines)]
        others = chance.sample([d for d in disciplines if d != first], k=chance.choice((0, 0, 0, 1, 1, 2)))
        party = chance.choice(parties) if parties else (f"COMPANY-{chance.randrange(400):03d}", "某设计院")
        since = today - timedelta(days=chance.randrange(400, 6000))
        until = None if chance.random() < 0.5 else since + timedelta(days=chance.randrange(30, 400))
        tie = Tie(kind=chance.choice(list(TieKind)), party=party[0], party_name=party[1], since=since, until=until)
        yield EnrollExpert(
            expert_no=f"LC-{number:05d}",
            name=chance.choice(FAMILY) + "".join(chance.sample(GIVEN, k=chance.choice((1, 2)))),
            title=chance.choice(TITLES), disciplines=(first, *others), ties=(tie,) if number % 10 == 0 else (),
        )  # fmt: skip
