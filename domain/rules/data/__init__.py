"""Practice as dated data (实务数据): JSON only, read by ``domain.rules.loader`` alone."""
