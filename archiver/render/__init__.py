"""Output forms: functions of a Report alone."""
