# Everything runs from an environment in .venv, made of wheels from the hashed locks. `make help` lists what there is.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

VENV ?= .venv
PYTHON ?=
UV ?= uv

INSTALL = $(VENV)/bin/python -m pip --disable-pip-version-check --no-input install --quiet
LOCK = $(UV) pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --quiet

NPM = scripts/npm.sh $(VENV)
MAP = publish/static/kaart/kaart.js

.PHONY: setup map demo publish test browser bench conformance lint lock clean help

setup: $(VENV)/.runtime  ## make .venv with the vlok command in it, and the map (PYTHON=… to choose the Python)
	@$(MAKE) --no-print-directory map || \
	  echo "The map could not be bundled: npm has to reach its registry once. /kaart says so, all else works; make map tries again." >&2

map: $(MAP)  ## bundle the map at /kaart (npm; Node.js of the system, or from a wheel)

demo: setup  ## run the daily and the monthly job on the example registers and serve them until Ctrl-C
	$(VENV)/bin/vlok demo

publish: setup  ## run both jobs without serving (DATE=2026-11-21 for another day than today)
	$(VENV)/bin/vlok publish $(if $(DATE),--date $(DATE))

test: lint  ## every check and the tests (wider tests that need other programs: .ci/run)
	$(VENV)/bin/python -m pytest -q --numprocesses logical --maxprocesses 4 --dist worksteal

lint: $(VENV)/.dev  ## style, types, architecture, docs and changelog
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports --no-logo
	$(VENV)/bin/python scripts/check_docs.py
	$(VENV)/bin/python scripts/changelog.py check

browser: $(VENV)/.dev map/node_modules/.tools $(MAP)  ## the tests of the pages and the map in a browser (chromium of the system)
	$(NPM) run check
	$(VENV)/bin/python -m pytest -q -m browser

bench: $(VENV)/.runtime  ## the benchmarks, with their limits
	$(VENV)/bin/python -m benchmarks

conformance: $(VENV)/.runtime  ## the OGC's own suites against a running server (Java 17, Maven; SUITES=DIR for suites that lie there)
	$(VENV)/bin/python -m conformance $(if $(SUITES),--suites $(SUITES))

lock:  ## work out the locks again from requirements*.in and map/package.json (LOCKFLAGS=--upgrade for newer versions)
	@command -v $(UV) >/dev/null || { echo "make lock needs uv (pip install uv)" >&2; exit 1; }
	$(LOCK) $(LOCKFLAGS) requirements.in -o requirements.txt
	$(LOCK) $(LOCKFLAGS) requirements-dev.in -o requirements-dev.txt
	$(LOCK) $(LOCKFLAGS) requirements-node.in -o requirements-node.txt
	$(NPM) $(if $(LOCKFLAGS),update,install) --package-lock-only
	$(NPM) run --silent lock

clean:  ## remove .venv and the caches; state in ./var stays
	rm -rf $(VENV) map/node_modules publish/static/kaart build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

help:  ## this list
	@sed -n 's/^\([a-z]*\):[^#]*## /\1	/p' $(MAKEFILE_LIST) | expand -t 12

# An environment that runs is kept; only a missing or broken one is made.
$(VENV)/bin/python:
	@python="$(PYTHON)"; \
	if [ -z "$$python" ]; then pythons=$$(scripts/pythons.sh) || exit 1; python=$$(echo "$$pythons" | head -n 1); fi; \
	echo "making $(VENV) with $$("$$python" --version)"; \
	"$$python" -m venv --clear $(VENV) || { rm -rf $(VENV); exit 1; }

$(VENV)/.runtime: requirements.txt pyproject.toml | $(VENV)/bin/python
	@echo "installing the locked packages (about a minute)"
	@$(INSTALL) --require-hashes --only-binary :all: -r requirements.txt
	@$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.runtime
	@$(INSTALL) --require-hashes --only-binary :all: -r requirements-dev.txt
	@touch $@

# Only what the lock names is installed, and nothing of it runs (map/.npmrc).
map/node_modules/.bundler: map/package-lock.json map/.npmrc | $(VENV)/.runtime
	@$(NPM) ci --omit=dev --loglevel=error
	@touch $@

map/node_modules/.tools: map/package-lock.json map/.npmrc | $(VENV)/.runtime
	@$(NPM) ci --loglevel=error
	@touch $@ map/node_modules/.bundler

$(MAP): map/build.mjs map/package.json $(wildcard map/src/*) map/node_modules/.bundler
	@echo "bundling the map"
	@$(NPM) run --silent build
	@touch $@
