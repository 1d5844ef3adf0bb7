"""When jobs run, and the one act of publication.

Errors::

    ScheduleError
    ├── ProofFailed     a candidate does not agree with itself; nothing was published
    └── Busy            another job holds the lock
"""
