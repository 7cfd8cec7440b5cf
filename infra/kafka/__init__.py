"""Kafka: the only room that speaks to the broker; two brokers, one behaviour.

`Connection` says where and how, `Producer` sends within a bounded window and notices a wedged client, `Consumer`
reads from positions that PostgreSQL holds, `topics` makes and probes topics, `access` gives authorities their rights.
"""

from infra.kafka.connection import APACHE, EMBEDDED, Admin, Connection, Profile
from infra.kafka.consumer import Consumer, Message, PositionLost
from infra.kafka.errors import BrokerUnreachable, ClusterChanged, KafkaTrouble, NotAllowed, TopicMissing
from infra.kafka.producer import Producer, ProducerLost, ProducerStalled, RecordRefused
from infra.kafka.topics import Probe, TopicDiffers, cluster_id, ensure_topics, readable, writable

__all__ = [
    "APACHE",
    "EMBEDDED",
    "Admin",
    "BrokerUnreachable",
    "ClusterChanged",
    "Connection",
    "Consumer",
    "KafkaTrouble",
    "Message",
    "NotAllowed",
    "PositionLost",
    "Probe",
    "Producer",
    "ProducerLost",
    "ProducerStalled",
    "Profile",
    "RecordRefused",
    "TopicDiffers",
    "TopicMissing",
    "cluster_id",
    "ensure_topics",
    "readable",
    "writable",
]
