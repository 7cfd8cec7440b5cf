"""What can go wrong between us and the broker, said in Chinese first."""


class KafkaTrouble(Exception):
    """消息服务故障。Something between us and the broker; the message says what happened and what to do."""


class BrokerUnreachable(KafkaTrouble):
    """消息服务不可达。No broker answers, or it does not accept the credentials (the client cannot tell which)."""

    def __init__(self, bootstrap: object, cause: BaseException) -> None:
        at = ",".join(bootstrap) if isinstance(bootstrap, list) else str(bootstrap)
        super().__init__(
            f"消息服务 {at} 没有应答：请检查地址、网络与账号口令，以及服务是否已启动。"
            f" No answer from Kafka at {at}: check the address, the network, user and password, and that it runs."
            f" ({cause})"
        )


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


class NotAllowed(KafkaTrouble):
    """无权访问。The broker denies these credentials a topic or a group."""

    def __init__(self, cause: object) -> None:
        super().__init__(
            f"消息服务拒绝访问（{cause}）：请让平台运维核对该账号的主题与消费组权限。"
            f" Kafka denies access ({cause}): ask the operators to check this user's rights on the topic and the group."
        )


class TopicMissing(KafkaTrouble):
    """主题不存在。The topic is not there, or these credentials may not see it."""

    def __init__(self, topic: str) -> None:
        super().__init__(
            f"主题 {topic} 不存在或不可见：请先建立主题（shuangtui migrate），并核对权限。"
            f" Topic {topic} does not exist or cannot be seen: make it first (`shuangtui migrate`), check the rights."
        )
