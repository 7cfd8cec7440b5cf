"""XES (事件日志): permit logs of existing approval systems, taken in through the public reporting path.

``reader`` reads the file, ``mapping`` says in data what its words mean here, ``loading`` reports every event."""

from interfaces.xes.loading import Counts, Sent, import_log
from interfaces.xes.mapping import Mapping, mapping_named, mappings
from interfaces.xes.reader import Log, LogDamaged, Trace

__all__ = ["Counts", "Log", "LogDamaged", "Mapping", "Sent", "Trace", "import_log", "mapping_named", "mappings"]
