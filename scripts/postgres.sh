#!/bin/sh
# A throw-away PostgreSQL with PostGIS for the tests that are marked `postgis`.
#
#   scripts/postgres.sh install        the Debian packages, when the programs are not there (needs root)
#   scripts/postgres.sh start DIR      a new cluster in DIR (absent or empty); prints the URL of a database with PostGIS
#   scripts/postgres.sh stop DIR       stops it and removes DIR
#
#   url=$(scripts/postgres.sh start "$dir") && VLOK_TEST_DATABASE_URL=$url python -m pytest -m postgis; scripts/postgres.sh stop "$dir"
#
# The server listens on a socket in DIR only, so two clusters never meet and nothing outside reaches them. It trusts whoever
# reaches that socket and does not sync to disk: for tests, never for data. PostgreSQL refuses to run as root; root runs it
# as the user `postgres`. Keep DIR short: a socket's path has at most 107 bytes.
set -eu

PACKAGES="postgresql postgresql-postgis"

usage() {
    sed -n '4,6s/^# *//p' "$0" >&2
    exit 2
}

programs() {
    for folder in $(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -r -V) "$(pg_config --bindir 2>/dev/null || true)"; do
        if [ -x "$folder/initdb" ] && [ -x "$folder/pg_ctl" ]; then
            echo "$folder"
            return
        fi
    done
    echo "No PostgreSQL server was found. On Debian: scripts/postgres.sh install" >&2
    exit 1
}

as_server() {
    if [ "$(id -u)" -eq 0 ]; then
        (cd / && runuser -u postgres -- "$@")
    else
        "$@"
    fi
}

install() {
    if ls /usr/lib/postgresql/*/bin/initdb /usr/share/postgresql/*/extension/postgis.control >/dev/null 2>&1; then
        return
    fi
    apt-get update -q
    DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $PACKAGES
}

start() {
    bin=$(programs)
    mkdir -p "$dir/socket"
    if [ "$(id -u)" -eq 0 ]; then
        chown -R postgres "$dir"
    fi
    chmod 0711 "$dir"
    as_server "$bin/initdb" -D "$dir/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync >"$dir/initdb.log" 2>&1 ||
        fail "$dir/initdb.log"
    as_server "$bin/pg_ctl" -D "$dir/data" -w -s -l "$dir/data/server.log" \
        -o "-k '$dir/socket' -c listen_addresses= -c fsync=off -c full_page_writes=off -c synchronous_commit=off" start >/dev/null 2>&1 ||
        fail "$dir/data/server.log"
    as_server "$bin/createdb" -h "$dir/socket" -U postgres vlok
    as_server "$bin/psql" -h "$dir/socket" -U postgres -q -v ON_ERROR_STOP=1 -c 'CREATE EXTENSION postgis' vlok
    echo "postgresql+psycopg://postgres@/vlok?host=$dir/socket"
}

stop() {
    bin=$(programs)
    if [ -d "$dir/data" ]; then
        as_server "$bin/pg_ctl" -D "$dir/data" -m immediate -s stop || true
    fi
    rm -rf "$dir"
}

fail() {
    cat "$1" >&2
    exit 1
}

command=${1:-}
case "$command" in
    install) install ;;
    start | stop)
        dir=${2:-}
        case "$dir" in
            "") usage ;;
            /*) ;;
            *) dir=$PWD/$dir ;;
        esac
        "$command"
        ;;
    *) usage ;;
esac
