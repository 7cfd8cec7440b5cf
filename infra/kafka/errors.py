"""What can go wrong between us and the broker, said in Chinese first."""


class KafkaTrouble(Exception):
    """消息服务故障。Something between us and the broker; the message says what happened and what to do."""


class ClusterChanged(KafkaTrouble):
    """消息集群已更换。The broker is another one than before: it is empty, positions in it mean nothing.

    Make the topics, publish again from the store, let consumers begin at the start and deduplicate by event id.
    """

    def __init__(self, expected: str, found: str) -> None:
        self.expected, self.found = expected, found
        super().__init__(
            f"消息集群已更换（原 {expected}，现 {found}），其中没有历史消息：请重建主题并从事件库重新推送。"
            f" The Kafka cluster is another one ({expected} before, {found} now) and holds nothing of ours:"
            " make the topics and publish again from the event store."
        )
