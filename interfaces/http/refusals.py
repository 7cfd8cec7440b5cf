"""Refusals of the door itself: what is wrong with a request before any command is decided.

Their docstrings are their messages, like those of the domain; ``STATUS`` replaces the status of the kind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from domain.kernel.refusal import Kind, Refusal


class AtTheDoor(Refusal):
    """请求未能进入办理;请按说明更正后再试。

    The request did not get through the door; correct it as told and try again."""

    STATUS: ClassVar[int | None] = None
    HEADERS: ClassVar[Mapping[str, str]] = {}


class TokenMissing(AtTheDoor):
    """请求没有访问令牌;请在 Authorization 头中以 Bearer 方式携带令牌。

    The request carries no access token; send it in the Authorization header as a Bearer token."""

    STATUS = 401
    HEADERS: ClassVar[Mapping[str, str]] = {"WWW-Authenticate": 'Bearer realm="shuangtui"'}


class TokenNotAccepted(AtTheDoor):
    """访问令牌无效、已过期或已吊销;请向运维人员申领新的令牌。

    The access token is unknown, expired or revoked; ask the operator for a new one."""

    STATUS = 401
    HEADERS: ClassVar[Mapping[str, str]] = {"WWW-Authenticate": 'Bearer realm="shuangtui", error="invalid_token"'}


class NotForThisRole(AtTheDoor):
    """角色「{role}」无权查阅{what};请由有权人员办理。

    The role "{role}" may not read {what}; let someone entitled do it."""


class OfficerNotNamed(AtTheDoor):
    """本令牌属于整个部门,没有指明经办人;请在 X-Officer 头中写明经办人编号(非 ASCII 字符用百分号编码)。

    This token belongs to the whole organ and names nobody; name the acting officer in the X-Officer header
    (percent-encode what is not ASCII)."""

    KIND = Kind.MALFORMED


class OfficerMalformed(AtTheDoor):
    """X-Officer 不是合规的经办人编号(1 至 200 个字符,百分号编码的 UTF-8);请更正。

    X-Officer is not an officer's id (1 to 200 characters, percent-encoded UTF-8); correct it."""

    KIND = Kind.MALFORMED


class OfficerFixed(AtTheDoor):
    """本令牌只能以 {officer} 的身份办理,不得代他人办理;请去掉 X-Officer 头或换用本人的令牌。

    This token acts as {officer} only; leave out the X-Officer header or use that officer's own token."""


class IdempotencyKeyMissing(AtTheDoor):
    """办理请求没有 Idempotency-Key 头,无法保证只办理一次;请生成一个编号,重试时沿用同一编号。

    The command carries no Idempotency-Key header, so carrying it out once cannot be promised; make up a key
    and keep it when you retry."""

    KIND = Kind.MALFORMED
    STATUS = 428


class IdempotencyKeyMalformed(AtTheDoor):
    """Idempotency-Key 须为 8 至 200 个可打印 ASCII 字符(不含空格);请更换编号。

    The Idempotency-Key must be 8 to 200 printable ASCII characters without spaces; use another key."""

    KIND = Kind.MALFORMED


class IfMatchMalformed(AtTheDoor):
    """If-Match 须为读取时得到的 ETag,形如 "12";请更正。

    If-Match must be the ETag that a read returned, such as "12"; correct it."""

    KIND = Kind.MALFORMED


class BodyTooLarge(AtTheDoor):
    """请求内容超过上限 {limit} 字节;请拆分后分次提交。

    The body is larger than the limit of {limit} bytes; split it and send the parts."""

    KIND = Kind.MALFORMED
    STATUS = 413


class TooManyItems(AtTheDoor):
    """一次报送 {count} 条,超过上限 {limit} 条;请拆分后分次报送。

    {count} items were reported at once, more than the limit of {limit}; split them and send the parts."""

    KIND = Kind.MALFORMED
    STATUS = 413


class MediaTypeNotTaken(AtTheDoor):
    """不支持内容类型 {given};请使用 {wanted}。

    The content type {given} is not taken here; use {wanted}."""

    KIND = Kind.MALFORMED
    STATUS = 415


class NotJson(AtTheDoor):
    """请求内容不是合规的 JSON({why});请检查格式与 UTF-8 编码。

    The body is not valid JSON ({why}); check its form and its UTF-8 encoding."""

    KIND = Kind.MALFORMED


class ContentMalformed(AtTheDoor):
    """请求内容有 {count} 处不合要求;请按 errors 逐项更正后再提交。

    The request has {count} mistake(s); correct each one listed in errors and send again."""

    KIND = Kind.MALFORMED


class ControlCharacter(AtTheDoor):
    """请求含有控制字符 NUL,无法保存;请去除后再提交。

    The request contains the control character NUL, which cannot be kept; remove it and send again."""

    KIND = Kind.MALFORMED


class CursorMalformed(AtTheDoor):
    """翻页游标无效;请从第一页重新查阅,游标只能原样传回。

    The cursor is not valid; begin again at the first page and pass cursors back unchanged."""

    KIND = Kind.MALFORMED


class NoSuchAddress(AtTheDoor):
    """没有这个地址:{path};可用地址见 /docs。

    There is no such address: {path}; /docs lists those that exist."""

    KIND = Kind.UNKNOWN


class MethodNotTaken(AtTheDoor):
    """地址 {path} 不支持方法 {method};请改用 {allowed}。

    The address {path} does not take the method {method}; use {allowed}."""

    KIND = Kind.MALFORMED
    STATUS = 405


class NotSeenYet(AtTheDoor):
    """查询数据已更新至位置 {seen},尚未到达所要求的 {wanted};请稍候再试。

    The read side has come to position {seen} and not yet to the {wanted} asked for; try again shortly."""

    STATUS = 503
    HEADERS: ClassVar[Mapping[str, str]] = {"Retry-After": "1"}


class StoreOutOfReach(AtTheDoor):
    """事实库暂时无法连接,本次请求是否已办理尚不能断定;请稍候以同一 Idempotency-Key 重试,不会重复办理。

    The store cannot be reached at the moment, so it is not known whether this was carried out; retry shortly
    with the same Idempotency-Key, it is carried out at most once."""

    STATUS = 503
    HEADERS: ClassVar[Mapping[str, str]] = {"Retry-After": "2"}


class BrokenInside(AtTheDoor):
    """平台内部出错,已记录,编号 {request_id};请凭此编号联系运维人员,可用同一 Idempotency-Key 重试。

    Something broke inside the platform and was logged as {request_id}; tell the operator that number, and retry
    with the same Idempotency-Key if you like."""

    STATUS = 500


class RulesCannotAnswer(AtTheDoor):
    """规则无法得出结论:{zh}

    The rules cannot answer: {en}"""

    KIND = Kind.MALFORMED


class DateOutOfRange(AtTheDoor):
    """日期或时间超出可以计算的范围({why});请核对年份后再提交。

    A date or time lies outside what can be computed ({why}); check the year and send again."""

    KIND = Kind.MALFORMED


class RequestNotTaken(AtTheDoor):
    """请求不合 HTTP 规范({why});请检查请求格式。

    The request is not well-formed HTTP ({why}); check its form."""

    KIND = Kind.MALFORMED
    STATUS = 400


class NotYours(AtTheDoor):
    """部门 {organ} 不得查阅 {owner} 的内容;请只查阅本部门的内容。

    The authority {organ} may not read what belongs to {owner}; ask for your own."""
