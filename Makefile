# The verbs a newcomer needs. `make serve` and `make test` set up everything they need themselves.
PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
WORKERS ?= auto
VENV := .venv
BIN := $(VENV)/bin

.PHONY: help setup setup-dev serve release test check conformance bench bench-sparql bench-documents bench-pages clean

help:           ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:[^#]*## */\t/' | expand -t 16

$(VENV)/.created:
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "ptce-lod needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Name another with: make PYTHON=python3.12 …")'
	@$(PYTHON) -m venv $(VENV) || { echo "python3 cannot make an environment; on Debian and Ubuntu: apt-get install python3-venv"; rm -rf $(VENV); exit 1; }
	@touch $@

$(VENV)/.installed: $(VENV)/.created requirements.lock pyproject.toml
	@echo "installing …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed requirements-dev.lock
	@echo "installing what the tests need …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.lock
	@touch $@

setup: $(VENV)/.installed           ## make the environment
setup-dev: $(VENV)/.installed-dev   ## … with what tests and checks need

release: setup  ## build, validate and publish the real data
	@PTCE_HOST=$(HOST) PTCE_PORT=$(PORT) $(BIN)/ptce-lod build --publish

serve: release  ## … and serve it on http://HOST:PORT/
	@PTCE_HOST=$(HOST) PTCE_PORT=$(PORT) $(BIN)/ptce-lod serve

test: setup-dev ## run all tests, a process for each core; make test WORKERS=0 runs them in one
	@$(BIN)/python -m pytest --numprocesses $(WORKERS) --dist loadfile $(ARGS)

check: setup-dev ## lint, format, types
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy

conformance: setup-dev ## only the tests against standards
	@$(BIN)/python -m pytest tests/conformance $(ARGS)

bench: setup-dev ## measure; prints tables, see benchmarks/README.md
	@$(BIN)/python -m benchmarks

bench-sparql: setup-dev ## measure the SPARQL endpoint beside others, some ten minutes
	@$(BIN)/python -m benchmarks.sparql $(ARGS)

bench-documents: setup-dev ## measure documents beside other servers, some five minutes
	@$(BIN)/python -m benchmarks.documents $(ARGS)

bench-pages: setup-dev ## measure what a reader of the pages waits for, in Chromium, one minute
	@$(BIN)/python -m benchmarks.pages $(ARGS)

clean:          ## remove environment and built things
	rm -rf $(VENV) var
