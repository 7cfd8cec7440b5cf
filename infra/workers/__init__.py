"""Workers (后台任务): what runs beside the doors: policies, timers, projections, relay, intake."""
