"""权限: what each authority may do on the broker, as SCRAM users and ACLs."""

import contextlib
import re

from kafka import errors as broker
from kafka.admin import (
    ACL,
    ACLFilter,
    ACLOperation,
    ACLPermissionType,
    ACLResourcePatternType,
    KafkaAdminClient,
    ResourcePattern,
    ResourcePatternFilter,
    ResourceType,
    ScramMechanism,
    UserScramCredentialDeletion,
    UserScramCredentialUpsertion,
)

from domain.kernel.channel import Channel
from infra.kafka.errors import KafkaTrouble

_MECHANISM = ScramMechanism.SCRAM_SHA_512


def admit(admin: KafkaAdminClient, authority: str, password: str) -> None:
    """Give `authority` a user of its name and its rights; again = new password, same rights.

    Rights: read `approval.<authority>.…`, `interaction.<authority>.…` and `supervision.<authority>.…` (what was parked
    of its own is there), write its supervision topic, consumer groups `<authority>.…`.
    Raises ValueError, KafkaTrouble.
    """
    # A dot would let the rights of `a` reach `a.b`: its prefix is `approval.a.`.
    if not re.fullmatch(r"[A-Za-z0-9_-]+", authority):
        raise ValueError(
            f"机关代码 {authority!r} 只能含字母、数字、连字符和下划线。"
            f" An authority's code has letters, digits, hyphens and underscores only: {authority!r}."
        )
    try:
        admin.alter_user_scram_credentials([UserScramCredentialUpsertion(authority, _MECHANISM, password)])
        admin.create_acls(
            [
                _right(authority, ResourceType.TOPIC, f"approval.{authority}.", ACLOperation.READ),
                _right(authority, ResourceType.TOPIC, f"interaction.{authority}.", ACLOperation.READ),
                _right(authority, ResourceType.TOPIC, f"supervision.{authority}.", ACLOperation.READ),
                # This one topic and not the prefix: what is parked beside it is the platform's word, not theirs.
                _right(authority, ResourceType.TOPIC, Channel.SUPERVISION.topic(authority), ACLOperation.WRITE),
                _right(authority, ResourceType.GROUP, f"{authority}.", ACLOperation.READ),
            ]
        )
    except broker.KafkaError as failure:
        raise KafkaTrouble(
            f"未能为 {authority} 设置消息服务权限（{failure}）。"
            f" The rights of {authority} could not be set ({failure})."
        ) from failure


def expel(admin: KafkaAdminClient, authority: str) -> None:
    """Take the user and its rights away; nothing happens if there is none."""
    # The rights first: if this stops half way, what is left is a user who may do nothing.
    admin.delete_acls(
        [
            ACLFilter(
                f"User:{authority}",
                "*",
                ACLOperation.ANY,
                ACLPermissionType.ANY,
                ResourcePatternFilter(kind, None, ACLResourcePatternType.ANY),
            )
            for kind in (ResourceType.TOPIC, ResourceType.GROUP)
        ]
    )
    with contextlib.suppress(broker.ResourceNotFoundError):
        admin.alter_user_scram_credentials([UserScramCredentialDeletion(authority, _MECHANISM)])


def _right(authority: str, kind: ResourceType, name: str, operation: ACLOperation) -> ACL:
    """A name that ends with a dot is a prefix."""
    pattern = ACLResourcePatternType.PREFIXED if name.endswith(".") else ACLResourcePatternType.LITERAL
    return ACL(f"User:{authority}", "*", operation, ACLPermissionType.ALLOW, ResourcePattern(kind, name, pattern))
