"""Encoders: public tables become feature texts, download files, schemas and metadata documents.

Imports `release` and libraries only; what comes out depends on the content, its date and the settings given, never on the
clock, the machine or the network.

Errors::

    ExportError
    ├── UnfitText     a text that an encoding cannot or may not hold; the message names the field, never the value
    ├── UnfitLayer    a file format would change names, cut values or outgrow its limit
    ├── TooLarge      more rows than are put into a file on request
    ├── Busy          too many files on request are being made at once
    └── BrokenTile    bytes that are no vector tile
"""
