"""When jobs run, and the one act of publication.

Errors::

    ScheduleError
    ├── ProofFailed     a candidate does not agree with itself; nothing was published
    ├── LoadFailed      a release is published, but PostGIS still has the one before
    └── Busy            another job holds the lock
"""
