"""How fast the main job is, in figures beside their goals (docs/benchmarks.md says how each is measured).

__main__    the command: what is measured, and what is done with the figures
stand       the ground on which is measured: generated deliveries, and an installation that publishes them
child       runs a measured program as a process of its own and watches its memory
daily       the program: the daily job without XLSX and successor, timed phase by phase
apart       the program: XLSX and the edition for tomorrow
files       every format beside ogr2ogr
start       from `vlok serve` to its first answers
server      `vlok serve` as a process of its own
serving     whole products, boxes, pages, memory and foreign programs over a running server
crowd       the release that is served: as many points as a measurement needs
answers     what is asked of it
load        many requests at once
wire        HTTP as plainly as it can be spoken
memory      what processes hold
nginx       the same bytes as a static file
readers     ogr2ogr and QGIS
timeline    which phase a program is in
figures     what was measured, as it is kept
goals       what must be met
table       a table
serving_page  the tables of serving
page        tables for a terminal and for the documentation
"""
