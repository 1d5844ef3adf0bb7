"""The error tree of the schedules (drawn in the package docstring)."""


class ScheduleError(Exception):
    """Anything that keeps a job from running or publishing."""


class ProofFailed(ScheduleError):
    """A candidate does not agree with itself; the message lists where."""


class BadSecret(ScheduleError):
    """The secret that signs notices cannot be read; the message says what is expected."""


class WithdrawalsLost(ScheduleError):
    """Nothing tells any more which datasets a person withdrew; the message names the file and the remedy."""


class NoticeFailed(ScheduleError):
    """A notice did not reach its address; the message does not name it."""


class LoadFailed(ScheduleError):
    """A release is published, but could not be loaded into PostGIS; what was there stays."""
