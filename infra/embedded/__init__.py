"""内置引擎: a real PostgreSQL and a real Kafka-protocol broker, started from installed packages.

Nothing here is a stand-in: the same SQL and the same wire protocol as in production. What the embedded broker
does not promise is said by `promises()`.
"""

from infra.embedded.engines import Engines, KafkaChoice, Running, promises, running
from infra.embedded.process import EnginesFailed

__all__ = ["Engines", "EnginesFailed", "KafkaChoice", "Running", "promises", "running"]
