"""What can go wrong with a projection: what happened, why, and what to do next, Chinese first."""

from __future__ import annotations

from domain.kernel.refusal import Kind, Refusal


class BadCursor(Refusal):
    """分页游标「{cursor}」无法识别,或属于另一项查询;请从第一页重新读取。

    The cursor "{cursor}" is unreadable or belongs to another list; read again from the first page."""

    KIND = Kind.MALFORMED


class UnknownProjection(Refusal):
    """没有名为「{name}」的投影;现有:{known}。

    There is no projection called "{name}"; there are: {known}."""

    KIND = Kind.UNKNOWN


class RowMissing(Exception):
    """An event changes a row that no earlier event made: the handlers and the facts do not fit."""

    def __init__(self, table: str, key: object) -> None:
        super().__init__(
            f"投影表 {table} 中没有键 {key} 的行;请检查事实顺序,修复后投影会自动继续。"
            f" The table {table} has no row {key} although an event changes it; once mended, the projection goes on."
        )


class ProjectionsNotCreated(Exception):
    """The tables of the projections do not exist yet."""

    def __init__(self) -> None:
        super().__init__(
            "投影表尚未建立;请先执行 shuangtui migrate。"
            " The tables of the projections do not exist; run `shuangtui migrate` first."
        )


class AlreadyRebuilding(Exception):
    """Another process rebuilds or compares this projection at the moment."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"投影 {name} 正在由另一进程重建;请等待其完成。"
            f" Another process is rebuilding {name} at the moment; wait until it is done."
        )


class SwapRefused(Exception):
    """The rebuilt table could not take the place of the live one."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(
            f"投影 {name} 已重建,但未能切换:{reason};原表继续服务,请稍后重试。"
            f" {name} was rebuilt but could not be swapped in: {reason}; the old table goes on serving, try again."
        )
