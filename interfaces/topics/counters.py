"""Counters (计数) of relay and intake, as Prometheus reads them."""

from __future__ import annotations

from prometheus_client import Counter, Gauge

RELAYED = Counter("shuangtui_relay_messages_total", "Messages handed to the broker.", ["channel"])
RELAY_RESTARTS = Counter("shuangtui_relay_restarts_total", "Sessions ended by trouble, and begun anew.", ["reason"])
RELAY_ACTIVE = Gauge("shuangtui_relay_active", "1 while this process is the relay that sends.")
RELAY_POSITION = Gauge("shuangtui_relay_position", "Position up to which everything was acknowledged.")
RELAY_READ = Gauge("shuangtui_relay_read_position", "Position up to which the log was read.")
RELAY_HELD = Gauge("shuangtui_relay_held_cases", "Cases held back from one authority because it refused a message.")

TAKEN = Counter("shuangtui_intake_messages_total", "Received messages by what became of them.", ["channel", "outcome"])
INTAKE_RESTARTS = Counter("shuangtui_intake_restarts_total", "Readings ended by trouble, and begun anew.", ["reason"])
INTAKE_TOPICS = Gauge("shuangtui_intake_topics", "Topics that are read.")
