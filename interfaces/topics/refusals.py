"""Refusals of the intake: why a message from a topic could not even become a command."""

from __future__ import annotations

from domain.kernel.refusal import ForeignAuthority, Kind, Refusal


class MessageRefused(Refusal):
    """消息未能办理;请按说明更正后重新发送。

    The message was not taken; correct it as told and send it again."""

    KIND = Kind.MALFORMED


class EnvelopeDamaged(MessageRefused):
    """消息信封不合规:{zh}请更正后以新的消息编号重新发送。

    The envelope is not usable: {en} Correct it and send again under a new message id."""


class TypeNotTaken(MessageRefused):
    """本主题不接收消息类型「{type}」;可用类型见 AsyncAPI 文档。

    This topic takes no messages of type "{type}"; the AsyncAPI document lists those it takes."""


class MessageTooLarge(MessageRefused):
    """消息内容 {size} 字节,超过上限 {limit} 字节;请精简,附件只送摘要与链接。

    The message has {size} bytes, more than the limit of {limit}; shorten it, send digests and links of files."""


class MessageEmpty(MessageRefused):
    """消息没有内容;请发送 JSON 对象。

    The message has no content; send a JSON object."""


class MessageMalformed(MessageRefused):
    """消息内容不合要求:{zh};请更正后以新的消息编号重新发送。

    The content is not as agreed: {en}; correct it and send again under a new message id."""


class SenderForeign(ForeignAuthority):
    """消息来源 {sender} 与主题所属部门 {authority} 不符,不予办理;请使用本部门的主题。

    The source {sender} is not the authority {authority} that this topic belongs to; use your own topic."""


class PlatformFailed(MessageRefused):
    """平台未能处理该消息({why}),已记录;请联系运维人员,处置后可放行。

    The platform failed on this message ({why}), which was logged; tell the operators, who can release it."""
