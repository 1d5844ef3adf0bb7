"""The documents of the catalogue, made by the run that publishes; the server copies them.

::

    iso/<uuid>.xml          ISO 19139 records of data sets and services, ISO 19110 of their feature catalogues
    dcat.ttl|rdf|jsonld     DCAT-AP Vlaanderen
    atom/…                  service and data set feeds, OpenSearch description

`documents` makes them all and loads rdflib; the server needs none of that, so that nothing is imported here.
"""
