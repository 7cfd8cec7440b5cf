"""Rules (规则): law as code, practice as dated data. Standard library only; nothing here reads the time.

``loader`` answers what number was in force on a date, ``working_days`` and ``office_hours`` count time,
``identifiers`` judges codes and numbers, ``dates`` turns moments into business dates."""
