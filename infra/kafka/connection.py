"""Where the broker is, how to speak to it, and the five values that differ between the two brokers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypeVar

from kafka.admin import KafkaAdminClient
from kafka.coordinator.assignors.cooperative_sticky import CooperativeStickyAssignor
from kafka.coordinator.assignors.range import RangePartitionAssignor
from kafka.errors import KafkaError
from kafka.net.compat import KafkaNetClient

from infra.kafka.errors import BrokerUnreachable
from infra.settings import Settings

Client = TypeVar("Client")


def open_client(kind: Callable[..., Client], **settings: Any) -> Client:
    """Make an admin client, a producer or a consumer; raises BrokerUnreachable and leaves nothing behind then.

    When no broker answers, the constructors of kafka-python raise but leave their thread and four file descriptors:
    somebody who tries once a second through an outage of an hour would end with 3,600 threads.
    """
    opened: list[KafkaNetClient] = []

    def net_client(*args: Any, **kwargs: Any) -> KafkaNetClient:
        opened.append(KafkaNetClient(*args, **kwargs))
        return opened[-1]

    try:
        return kind(kafka_client=net_client, **settings)
    except (KafkaError, OSError) as failure:
        for client in opened:
            client.close()
            client._manager._net.stop()
        raise BrokerUnreachable(settings["bootstrap_servers"], failure) from failure


@dataclass(frozen=True)
class Profile:
    """消息服务档案: what is tuned to the broker that answers. Milliseconds."""

    name: Literal["embedded", "kafka"]
    session_timeout_ms: int
    heartbeat_interval_ms: int
    fetch_max_wait_ms: int
    static_membership: bool
    assignor: type

    def group_settings(self, instance: str | None) -> dict[str, Any]:
        """Consumer settings of a group member; `instance` names it across restarts where the broker honours that."""
        settings: dict[str, Any] = {
            "session_timeout_ms": self.session_timeout_ms,
            "heartbeat_interval_ms": self.heartbeat_interval_ms,
            "partition_assignment_strategy": (self.assignor,),
        }
        if instance is not None and self.static_membership:
            settings["group_instance_id"] = instance
        return settings


# tansu holds every JoinGroup for half the session timeout (45 s would mean a 23 s wait), sleeps half of the
# fetch wait between looks, and doubles the join time of a static member.
EMBEDDED = Profile("embedded", 6_000, 2_000, 50, static_membership=False, assignor=RangePartitionAssignor)
APACHE = Profile("kafka", 45_000, 3_000, 500, static_membership=True, assignor=CooperativeStickyAssignor)


class Admin(KafkaAdminClient):  # type: ignore[misc]
    """管理端, which knows what kind of broker it speaks to."""

    profile: Profile


@dataclass(frozen=True)
class Connection:
    """连接: bootstrap servers, profile and credentials; the one thing every client here is made from."""

    bootstrap: str
    profile: Profile = APACHE
    security: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @classmethod
    def of(
        cls, settings: Settings, bootstrap: str | None = None, profile: Literal["embedded", "kafka"] | None = None
    ) -> "Connection":
        """The connection that `settings` describe; `bootstrap` and `profile` come from running engines, if any."""
        at = bootstrap or settings.kafka_bootstrap
        if at is None:
            raise ValueError(
                "没有消息服务地址：请设置 SHUANGTUI_KAFKA_BOOTSTRAP，或先运行 shuangtui up。"
                " No Kafka address: set SHUANGTUI_KAFKA_BOOTSTRAP, or run `shuangtui up` first."
            )
        return cls(at, EMBEDDED if (profile or settings.kafka_profile) == "embedded" else APACHE, _security(settings))

    def as_user(self, user: str, password: str, mechanism: str = "SCRAM-SHA-512") -> "Connection":
        """The same broker with other credentials, over the same kind of transport."""
        protocol = "SASL_SSL" if "SSL" in self.security.get("security_protocol", "") else "SASL_PLAINTEXT"
        return replace(
            self,
            security={
                **self.security,
                "security_protocol": protocol,
                "sasl_mechanism": mechanism,
                "sasl_plain_username": user,
                "sasl_plain_password": password,
            },
        )

    def client_settings(self) -> dict[str, Any]:
        """What every client of kafka-python takes; open it with `open_client`."""
        return {
            "bootstrap_servers": self.bootstrap.split(","),
            # The default of 30 s hides a broker that came up long before, and a wrong password for as long.
            "bootstrap_timeout_ms": 5_000,
            # The default of 30 s between attempts would make a short outage a long one.
            "reconnect_backoff_ms": 20,
            "reconnect_backoff_max_ms": 1_000,
            "retry_backoff_ms": 50,
            **self.security,
        }

    def admin(self) -> Admin:
        """An admin client; close it. Raises BrokerUnreachable."""
        admin = open_client(Admin, **self.client_settings())
        admin.profile = self.profile
        return admin


def _security(settings: Settings) -> dict[str, Any]:
    security: dict[str, Any] = {"security_protocol": settings.kafka_security_protocol}
    if "SASL" in settings.kafka_security_protocol:
        if settings.kafka_sasl_username is None or settings.kafka_sasl_password is None:
            raise ValueError(
                f"安全协议 {settings.kafka_security_protocol} 需要账号："
                "请设置 SHUANGTUI_KAFKA_SASL_USERNAME 与 SHUANGTUI_KAFKA_SASL_PASSWORD。"
                f" {settings.kafka_security_protocol} needs an account: set SHUANGTUI_KAFKA_SASL_USERNAME and"
                " SHUANGTUI_KAFKA_SASL_PASSWORD."
            )
        security |= {
            "sasl_mechanism": settings.kafka_sasl_mechanism,
            "sasl_plain_username": settings.kafka_sasl_username,
            "sasl_plain_password": settings.kafka_sasl_password.get_secret_value(),
        }
    for name in ("cafile", "certfile", "keyfile"):
        if (path := getattr(settings, f"kafka_ssl_{name}")) is not None:
            security[f"ssl_{name}"] = str(path)
    return security
