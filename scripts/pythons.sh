#!/bin/sh
# Prints every Python that can make an environment for this project, newest first, one path a line.
# Looks along PATH and among pyenv's versions (its shims on PATH may lead nowhere); a Python counts only when it really runs
# and has venv and ensurepip. Fails with the remedy when there is none.
set -u

probe='
import ensurepip, sys, venv
version = sys.version_info
if version.releaselevel != "final" or not (3, 11) <= version[:2] <= (3, 13):
    sys.exit(1)
print("%d.%d.%d" % version[:3], getattr(sys, "_base_executable", sys.executable))
'

candidates() {
    echo "$PATH" | tr ':' '\n' | while read -r directory; do
        ls "$directory"/python3 "$directory"/python3.[0-9] "$directory"/python3.[0-9][0-9] 2>/dev/null
    done
    ls "${PYENV_ROOT:-$HOME/.pyenv}"/versions/*/bin/python3 2>/dev/null
}

found=$(candidates | while read -r python; do "$python" -c "$probe" </dev/null 2>/dev/null; done | sort -s -u -r -V -k 1,1)
if [ -z "$found" ]; then
    echo "No Python 3.11, 3.12 or 3.13 with venv and ensurepip was found. On Debian: apt-get install python3 python3-venv" >&2
    exit 1
fi
echo "$found" | cut -d ' ' -f 2-
