"""Working days (工作日): the calendar as dated notices, and the clock algebra over it.

Day 0 is the start and is not counted; day n is the n-th working day after it; what is due then is due at the
end of that day. Make-up Saturdays and Sundays count, holiday weekdays do not (Administrative License Law,
Art. 82). Pauses include both their dates and are merged; a pause outside the running period has no effect.
A year without a calendar is refused: a guess would fix a date with legal effect that nobody ordered."""

from domain.rules.working_days.counting import DayCounted, Due, Pause, WorkingCalendar, merged
from domain.rules.working_days.known import calendar_told, due_on, working_calendar
from domain.rules.working_days.notices import CalendarYear, Overlay

__all__ = [
    "CalendarYear",
    "DayCounted",
    "Due",
    "Overlay",
    "Pause",
    "WorkingCalendar",
    "calendar_told",
    "due_on",
    "merged",
    "working_calendar",
]
