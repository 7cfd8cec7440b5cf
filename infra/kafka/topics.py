"""主题: made before any client starts, and probed for rights, because the client itself says nothing."""

from collections.abc import Mapping
from typing import NamedTuple

from kafka.admin import KafkaAdminClient

from infra.kafka.connection import Connection
from infra.kafka.errors import KafkaTrouble


class TopicDiffers(KafkaTrouble):
    """主题分区数不符。A topic exists with another number of partitions than asked: order per case would break."""


class Probe(NamedTuple):
    """探测结果: whether it works, and if not the reason."""

    ok: bool
    zh: str
    en: str


def ensure_topics(
    admin: KafkaAdminClient, topics: Mapping[str, int], configs: Mapping[str, str] | None = None
) -> list[str]:
    """Make the missing topics of {name: partitions} and wait until they can be used; returns those made."""
    raise NotImplementedError


def cluster_id(admin: KafkaAdminClient) -> str:
    """The id of the cluster: another one than before means an empty broker."""
    raise NotImplementedError


def readable(connection: Connection, topic: str) -> Probe:
    """May these credentials read the topic? Asks the broker and fetches once: a denied consumer just stays silent."""
    raise NotImplementedError


def writable(connection: Connection, topic: str) -> Probe:
    """May these credentials write to the topic? Asks the broker; writes nothing."""
    raise NotImplementedError
