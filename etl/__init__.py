"""The private side: pull, check, gate, disclose. The only code that may see what the registers hold about people.

Errors::

    EtlError
    ├── BadDefinition       a dataset definition is wrong (file, key, remedy)
    ├── DeliveryRefused     a delivery breaks its own levering.json or the rules on numbers (CONTRACT A.4, first row)
    ├── SourceError         a source cannot be reached, answers wrongly, or too much
    │   └── NoDelivery      there is no delivery of this dataset for this day; says where it was expected
    ├── StoreError          the state cannot be read or written
    │   └── JobRunning      another process holds the lock of a job
    └── Collision           two objects have the same public number; the run stops (CONTRACT B.2)

No message of these holds a value of a record: file, line, field and reason only.
"""
