"""The plan of the story (剧本): how many of what, and every case of it, before anything begins.

Deterministic: officers, approval systems and regulators, each in their own process, hold the same plan, and the
reckoning at the end compares with it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import Enum
from functools import cached_property
from random import Random
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from domain.kernel.words import Site, Subject, SubjectKind
from domain.rules.working_days import working_calendar
from domain.service_item import PublishItemVersion
from interfaces.cli.demo.city import COUNTIES, city_items, county_items, credit_code

ZONE = ZoneInfo("Asia/Shanghai")
BEGINS = datetime(2026, 3, 2, 9, 0, tzinfo=ZONE)
"""A Monday, so that nothing of the story waits for a weekend."""
STORY = timedelta(hours=66)
"""Monday morning to Thursday: an unclaimed push is reminded on the third day and escalated on the fourth."""

YEAR = (31_803, 11, 127)
"""A year of 聊城: pushes, consultations, joint inspections."""
HANDLED_PERCENT = 12
SLOW = "housing-construction"
REASSIGNED_TO = "transport"
FINDING_EVERY = 150
"""Every so many claims of one authority, the first check finds something."""
FEEDBACK_EVERY = 10


@dataclass(frozen=True, slots=True)
class Size:
    """How much of a year is played."""

    pushes: int
    consultations: int
    inspections: int

    @classmethod
    def of(cls, scale: str = "", pushes: int | None = None) -> Size:
        """``liaocheng`` is the whole year, otherwise a tenth of it, or a number of pushes with its share."""
        whole, consultations, inspections = YEAR
        if scale == "liaocheng" and pushes is None:
            return cls(whole, consultations, inspections)
        wanted = whole // 10 if pushes is None else pushes
        share = wanted / whole
        return cls(
            wanted,
            max(3, round(consultations * share)),
            max(min(13, 2 + wanted // 100), round(inspections * share)),
        )

    @property
    def seconds(self) -> float:
        """Machine time within which the story is told; fast enough to watch, slow enough to keep up with."""
        return max(14.0, self.pushes / (95 if self.pushes < 6_000 else 60))

    @property
    def speed(self) -> float:
        return STORY.total_seconds() / self.seconds


class Way(str, Enum):
    """Where a case is handled."""

    PLATFORM = "platform"
    BULK = "bulk"
    TOPIC = "topic"


class Turn(str, Enum):
    """What is special about a case."""

    ORDINARY = "ordinary"
    DENIED = "denied"
    SAME_OFFICER_TRIES = "same_officer_tries"
    WARNED = "warned"
    HELD = "held"
    CONSULTED = "consulted"
    OBJECTED = "objected"
    VISITED = "visited"
    RETURNED = "returned"
    SAME_OFFICER_DID = "same_officer_did"
    DECIDED_FIRST = "decided_first"
    NOT_CONSULTED = "not_consulted"
    UNKNOWN_ITEM = "unknown_item"
    BACK_DATED = "back_dated"
    OVERDUE = "overdue"


IRREGULAR = (Turn.SAME_OFFICER_DID, Turn.DECIDED_FIRST, Turn.NOT_CONSULTED, Turn.UNKNOWN_ITEM, Turn.BACK_DATED,
             Turn.OVERDUE)  # fmt: skip
"""What the existing systems did, or reported, as they should not have."""


class PlannedCase(NamedTuple):
    """One case of the story."""

    number: int
    item: PublishItemVersion
    subject: Subject
    site: Site
    way: Way
    turn: Turn
    pushes: int

    def case_no(self, day: date) -> str:
        return f"{self.item.item}{day:%Y%m%d}{self.number % 10_000:04d}"


class Officers(NamedTuple):
    """Who handles a case: acceptance, examination and decision lie in different hands (受审分离)."""

    acceptor: str
    examiner: str
    decider: str


ACCEPTORS = ("王芳", "李娜", "张敏")
EXAMINERS = ("刘洋", "陈静", "杨帆", "赵磊")
DECIDERS = ("孙建国", "周海燕")
INSPECTORS = ("马强", "朱琳", "胡军", "郭鹏", "何雪", "高峰", "林涛", "罗英")


@dataclass(frozen=True)
class Plan:
    """The whole story, for one size."""

    size: Size
    cases: tuple[PlannedCase, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "cases", tuple(_Casting(self.size).cases))

    def of(self, way: Way) -> list[PlannedCase]:
        return [case for case in self.cases if case.way is way]

    def one(self, turn: Turn) -> PlannedCase:
        return next(case for case in self.cases if case.turn is turn)

    @cached_property
    def visits(self) -> dict[str, int]:
        """Per place that must be seen: how many cases wait for the one visit."""
        found: dict[str, int] = {}
        for case in self.cases:
            if case.turn is Turn.VISITED:
                found[case.site.place] = found.get(case.site.place, 0) + 1
        return found

    @cached_property
    def troubled_place(self) -> str:
        """The one place where a body finds problems, which are mended and seen again."""
        return next(iter(self.visits))

    @cached_property
    def claims(self) -> Counter[str]:
        """Per authority: the pushes that it takes into supervision in the end."""
        found: Counter[str] = Counter()
        for case in self.cases:
            if case.turn is Turn.RETURNED:
                found[REASSIGNED_TO] += 1
            elif case.pushes:
                found.update(r.code for r in case.item.regulators[: case.pushes])
        return found

    @property
    def findings(self) -> int:
        """Findings that the story orders, and those of first checks."""
        return len(Finding) + sum(claimed // FINDING_EVERY for claimed in self.claims.values())

    @property
    def parked(self) -> int:
        """One message that is not JSON, and one about another authority's push."""
        return 2


class Finding(str, Enum):
    """What regulators report beside the results of first checks."""

    CONSULT = "consult"
    HOLD = "hold"
    RECTIFY = "rectify"
    UNKNOWN_LICENSE = "unknown_license"
    REVOKE = "revoke"


class _Casting:
    """Casts the cases of a story until its pushes are used up, exactly."""

    def __init__(self, size: Size) -> None:
        self.chance = Random(20260302)  # noqa: S311  a story that can be told again, not a secret
        self.size = size
        self.number = self.handled = 0
        # The returned push is sent once more, to the authority it should have gone to.
        self.left = size.pushes - 1
        self.cases: list[PlannedCase] = []
        self.quiet = [i for i in city_items() if not i.consult and not i.inspect]
        self.county = county_items()
        self._cast()

    def _cast(self) -> None:
        single = [i for i in self.quiet if len(i.regulators) == 1 and i.regulators[0].code != SLOW]
        for turn in (Turn.SAME_OFFICER_TRIES, Turn.WARNED, Turn.HELD, Turn.DENIED):
            self._add(self.chance.choice(single), Way.PLATFORM, turn)
        consulted = [i for i in city_items() if i.consult]
        for number in range(self.size.consultations - 1):
            turn = Turn.OBJECTED if number == 0 else Turn.CONSULTED
            self._add(consulted[number % len(consulted)], Way.PLATFORM, turn)
        self._cast_visits()
        elsewhere = next(i for i in single if i.regulators[0].code != REASSIGNED_TO)
        self._add(elsewhere, Way.BULK, Turn.RETURNED)
        for turn in IRREGULAR:
            item = consulted[-1] if turn is Turn.NOT_CONSULTED else self.chance.choice(single)
            self._add(item, Way.TOPIC if turn is Turn.DECIDED_FIRST else Way.BULK, turn)
        slow = next(i for i in self.quiet if i.regulators[0].code == SLOW and len(i.regulators) == 1)
        for _ in range(3):
            self._add(slow, Way.BULK, Turn.ORDINARY)
        self._fill(single)

    def _cast_visits(self) -> None:
        seen = [i for i in city_items() if i.inspect]
        for number in range(self.size.inspections):
            region = COUNTIES[number % 8]
            site = Site(region=region[2], address=f"{region[1]}产业园{number + 1}号", place=f"park-{number + 1}")
            for _ in range(2 + number % 2):
                self._add(self.chance.choice(seen), Way.PLATFORM, Turn.VISITED, site)

    def _fill(self, single: list[PublishItemVersion]) -> None:
        while self.left > 0:
            platform = self.handled * 100 < HANDLED_PERCENT * self.number
            way = Way.PLATFORM if platform else (Way.BULK if self.number % 2 else Way.TOPIC)
            item = self.chance.choice(self.county if self.chance.random() < 0.7 else self.quiet)
            if len(item.regulators) > self.left:
                item = self.chance.choice(single)
            denied = platform and self.chance.random() < 0.03
            self._add(item, way, Turn.DENIED if denied else Turn.ORDINARY)

    def _add(self, item: PublishItemVersion, way: Way, turn: Turn, site: Site | None = None) -> None:
        self.number += 1
        pushes = 0 if turn is Turn.DENIED else 1 if turn is Turn.UNKNOWN_ITEM else len(item.regulators)
        self.left -= pushes
        self.handled += way is Way.PLATFORM
        region = item.regulators[0].region or COUNTIES[self.number % 8][2]
        place = site or Site(region=region, address=f"建设路{self.number}号")
        self.cases.append(PlannedCase(self.number, item, self._subject(region), place, way, turn, pushes))

    def _subject(self, region: str) -> Subject:
        if self.chance.random() < 0.2:
            name = self.chance.choice("赵钱孙李周吴郑王") + self.chance.choice(("志强", "秀英", "建军", "丽华", "晓明"))
            return Subject(kind=SubjectKind.NATURAL, identifier=f"{self.chance.getrandbits(128):032x}", name=name)
        name = f"聊城{self.chance.choice(('鲁西', '东昌', '运河', '水城', '凤凰'))}{self.number}号商贸有限公司"
        return Subject(identifier=credit_code("91", region, 10_000_000 + self.number), name=name)


def officers_of(case: PlannedCase) -> Officers:
    """Three people per case, spread evenly."""
    n = case.number
    return Officers(ACCEPTORS[n % 3], EXAMINERS[n % 4], DECIDERS[n % 2])


def last_office_hours(now: datetime, steps: int) -> list[datetime]:
    """When the steps of a case happened: one after the other within the last hours that were office hours.

    A report that lags more than a working day counts as filled in afterwards, so nothing here does."""
    local = now.astimezone(ZONE)
    day, latest = local.date(), local.replace(tzinfo=None).time()
    calendar = working_calendar()
    if local.hour < 10 or not calendar.is_working(day):
        day -= timedelta(days=1)
        while not calendar.is_working(day):
            day -= timedelta(days=1)
        end = datetime(day.year, day.month, day.day, 17, 30, tzinfo=ZONE)
    else:
        end = min(datetime.combine(day, latest, ZONE), datetime(day.year, day.month, day.day, 17, 30, tzinfo=ZONE))
    apart = timedelta(minutes=55) / max(steps, 1)
    return [(end - timedelta(minutes=60) + apart * n).replace(microsecond=0) for n in range(steps)]


def told(case: PlannedCase) -> dict[str, Any]:
    """Subject and site as JSON."""
    return {"subject": case.subject.model_dump(mode="json"), "site": case.site.model_dump(mode="json")}
