"""How fast the main job is, in figures beside their goals (docs/benchmarks.md says how each is measured).

__main__    the command: what is measured, and what is done with the figures
stand       the ground on which is measured: generated deliveries, and an installation that publishes them
child       runs a measured program as a process of its own and watches its memory
daily       the program: the daily job without XLSX and successor, timed phase by phase
apart       the program: XLSX and the edition for tomorrow
files       every format beside ogr2ogr
start       from `vlok serve` to its first answers
timeline    which phase a program is in
figures     what was measured, as it is kept
goals       what must be met
page        tables for a terminal and for the documentation
"""
