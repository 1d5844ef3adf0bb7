"""When jobs run, and the one act of publication.

Errors::

    ScheduleError
    ├── ProofFailed     a candidate does not agree with itself; nothing was published
    ├── LoadFailed      a release is published, but PostGIS still has the one before
    ├── WithdrawalsLost nothing tells any more what a person withdrew
    ├── BadSecret       the secret that signs notices cannot be read
    ├── NoticeFailed    a notice did not reach its address; it is tried again later
    └── Busy            another job holds the lock
"""
