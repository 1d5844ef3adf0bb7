"""The error tree of the schedules (drawn in the package docstring)."""


class ScheduleError(Exception):
    """Anything that keeps a job from running or publishing."""


class ProofFailed(ScheduleError):
    """A candidate does not agree with itself; the message lists where."""


class LoadFailed(ScheduleError):
    """A release is published, but could not be loaded into PostGIS; what was there stays."""
