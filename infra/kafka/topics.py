"""主题: made before any client starts, and probed for rights, because the client itself says nothing."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from kafka import errors as broker

from infra.kafka.connection import EMBEDDED, Admin, Connection
from infra.kafka.consumer import Consumer
from infra.kafka.errors import KafkaTrouble, NotAllowed

# The partitions of a topic that the embedded broker makes unasked.
_UNASKED = 4
_EXISTS = broker.TopicAlreadyExistsError.errno
_DENIED = broker.TopicAuthorizationFailedError.errno


class TopicDiffers(KafkaTrouble):
    """主题分区数不符。A topic exists with another number of partitions than asked: order per case would break."""

    def __init__(self, topic: str, wanted: int, found: int) -> None:
        super().__init__(
            f"主题 {topic} 现有 {found} 个分区，应为 {wanted} 个："
            "更改分区数会打乱同一办件的顺序，请改配置，或换新版本主题。"
            f" Topic {topic} has {found} partitions, not {wanted}: changing the number would break the order of a case;"
            " change the setting, or move to a topic of a new version."
        )


class Probe(NamedTuple):
    """探测结果: whether it works, and what was found."""

    ok: bool
    zh: str
    en: str


def ensure_topics(
    admin: Admin,
    topics: Mapping[str, int],
    configs: Mapping[str, str] | None = None,
    replication: int = -1,
) -> list[str]:
    """Make the missing topics of {name: partitions} and wait until they can be used; returns those made.

    `replication` -1 is the broker's default. Raises TopicDiffers, KafkaTrouble with the broker's reason.
    """
    # All topics, not these by name: the embedded broker would make the ones it is asked about, with 4 partitions.
    present = _partitions(admin)
    absent = sorted(set(topics) - set(present))
    if absent:
        wanted = {
            name: {"num_partitions": topics[name], "replication_factor": replication, "configs": dict(configs or {})}
            for name in absent
        }
        answer = admin.create_topics(wanted, raise_errors=False)
        # Another process may have been faster.
        failed = [made for made in answer["topics"] if made["error_code"] not in (0, _EXISTS)]
        if failed:
            reasons = "; ".join(f"{made['name']}: {made['error_message'] or made['error_code']}" for made in failed)
            raise KafkaTrouble(f"主题未能建立：{reasons}。 Topics could not be made: {reasons}.")
        admin.wait_for_topics(absent, timeout_ms=20_000)
        present = _partitions(admin)
    for name, partitions in topics.items():
        # After its own restart the embedded broker may have made a topic before we came, because an old client asked
        # for it. The order of a case holds in it as well: the number differs from cluster to cluster, not within one.
        if present[name] != partitions and not (admin.profile is EMBEDDED and present[name] == _UNASKED):
            raise TopicDiffers(name, partitions, present[name])
    return absent


def cluster_id(admin: Admin) -> str:
    """The id of the cluster: another one than before means an empty broker."""
    return str(admin.describe_cluster()["cluster_id"])


def readable(connection: Connection, topic: str) -> Probe:
    """May these credentials read the topic? Asks the broker and fetches once: a denied subscriber just stays silent."""
    probe = _allowed(connection, topic, "READ", "读取", "read")
    if not probe.ok:
        return probe
    try:
        with Consumer.assigned(connection, [topic], {}, max_records=1) as consumer:
            consumer.poll(connection.profile.fetch_max_wait_ms)
    except NotAllowed:
        return Probe(False, f"主题 {topic}：无权读取", f"topic {topic}: no right to read")
    return probe


def writable(connection: Connection, topic: str) -> Probe:
    """May these credentials write to the topic? Asks the broker; writes nothing."""
    return _allowed(connection, topic, "WRITE", "写入", "write")


def _allowed(connection: Connection, topic: str, operation: str, zh: str, en: str) -> Probe:
    with connection.admin() as admin:
        # By name, where the broker does not make what it is asked about: only so it tells "denied" from "missing".
        described: list[dict[str, Any]] = admin.describe_topics(None if connection.profile is EMBEDDED else [topic])
    found = next((one for one in described if one["name"] == topic), None)
    if found is not None and found["error_code"] == _DENIED:
        return Probe(False, f"主题 {topic}：不存在或无权查看", f"topic {topic}: missing, or no right to see it")
    if found is None or found["error_code"]:
        return Probe(False, f"主题 {topic}：不存在", f"topic {topic}: missing")
    # The embedded broker has no rights and names none.
    operations = found["authorized_operations"]
    if operations is not None and operation not in operations:
        return Probe(False, f"主题 {topic}：无权{zh}", f"topic {topic}: no right to {en}")
    return Probe(True, f"主题 {topic}：可以{zh}", f"topic {topic}: may {en}")


def _partitions(admin: Admin) -> dict[str, int]:
    return {one["name"]: len(one["partitions"]) for one in admin.describe_topics()}
