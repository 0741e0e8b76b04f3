# Every target works from a clean clone by itself.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PYTEST_FLAGS ?= -n 2 --dist worksteal

.DEFAULT_GOAL := help
.PHONY: help demo demo-reset setup test check format bench soak fuzz test-postgres audit lock

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## */\t/' | expand -t 14

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "需要 Python ≥ 3.11,例如:make PYTHON=python3.11 demo"; exit 2; }
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.run: $(BIN)/python requirements.lock
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

$(VENV)/.dev: $(BIN)/python requirements-dev.lock
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@ $(VENV)/.run

demo: $(VENV)/.run ## one street on this machine, no token, no network: prints one address
	@exec $(BIN)/python -m bot demo

demo-reset: $(VENV)/.run ## forget the demo's data; the next `make demo` starts anew
	@$(BIN)/python -m bot demo --reset

setup: $(VENV)/.dev ## the environment in .venv, and byte code: a service that may not write here starts sooner
	@$(BIN)/python -m compileall -q actions bot config domain handlers localchat messages storage web

test: $(VENV)/.dev ## all tests (browser tests need Chromium: apt-get install chromium fonts-noto-cjk)
	@$(BIN)/python -m pytest $(PYTEST_FLAGS) --cov --cov-report=

check: $(VENV)/.dev ## format, lint, types, layers
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: $(VENV)/.dev ## put the code into its one format
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix-only -q .

bench: $(VENV)/.dev ## measure speed and memory, each beside its ceiling; with SERVER=URL PostgreSQL too
	@$(BIN)/python -m bench $(if $(SERVER),--server $(SERVER))

test-postgres: $(VENV)/.dev ## the stories on a PostgreSQL server: make test-postgres SERVER=postgresql+asyncpg://user@host/postgres
	@DUTYROOM_STORIES_ON=$${SERVER:?SERVER=postgresql+asyncpg://user@host/postgres} $(BIN)/python -m pytest $(PYTEST_FLAGS) --timeout 300 tests/stories tests/storage/test_postgres.py tests/faults/test_postgres_away.py

soak: $(VENV)/.dev ## simulated days, planted defects, hostile inputs: make soak DAYS=10000 COUNT=200000
	@$(BIN)/python -m tests.simulation --days $${DAYS:-10000} --jobs $${JOBS:-2}
	@MUTANTS=99 $(BIN)/python -m pytest -q tests/simulation/test_mutants.py
	@$(BIN)/python -m tests.fuzz --count $${COUNT:-200000}

fuzz: $(VENV)/.dev ## hostile inputs of every kind: make fuzz COUNT=200000
	@$(BIN)/python -m tests.fuzz --count $${COUNT:-10000}

audit: $(VENV)/.dev ## known vulnerabilities of the locked packages (asks the public database)
	@$(BIN)/python -m pip install -q pip-audit
	@$(BIN)/pip-audit --disable-pip --require-hashes -r requirements-dev.lock

lock: $(VENV)/.dev ## write the lock files anew from pyproject.toml
	@$(BIN)/python -m pip install -q uv
	@$(BIN)/uv pip compile -q --no-strip-extras --universal --python-version 3.11 --generate-hashes --no-header --no-annotate pyproject.toml -o requirements.lock
	@$(BIN)/uv pip compile -q --no-strip-extras --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --extra dev pyproject.toml -o requirements-dev.lock
