# Every verb works from a bare checkout: Python >= 3.11 with pip is all it takes.

BIN := .venv/bin
PYTEST_OPTIONS ?= -n 2

.PHONY: help run demo stop test lint format bench clauses docs snapshots lock

help:
	@echo 'make run      start everything here: PostgreSQL, Redis, demo tenants, API, worker'
	@echo 'make stop     stop what make run started'
	@echo 'make demo     play the stories through the API of the running instance'
	@echo 'make test     run the tests (PYTEST_OPTIONS="-n 2 tests/server" for some of them)'
	@echo 'make lint     check style, types and the direction of imports'
	@echo 'make format   put the style right'
	@echo 'make bench    measure, as a ratio to plain asyncpg'
	@echo 'make clauses  say plan by plan which clauses are tested'
	@echo 'make docs     write the reference pages that are generated: error codes, hooks'
	@echo 'make snapshots  write the GraphQL schemas that tests compare with, after a change you mean'
	@echo 'make lock     lock newer versions of the dependencies'

run:
	@python3 tools/environment.py run
	@exec $(BIN)/aftersales run

stop:
	@python3 tools/environment.py run
	@$(BIN)/aftersales stop

demo:
	@python3 tools/environment.py run
	@exec $(BIN)/aftersales demo

test:
	@python3 tools/environment.py dev
	@$(BIN)/pytest $(PYTEST_OPTIONS)

lint:
	@python3 tools/environment.py dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m tools.reference --check

format:
	@python3 tools/environment.py dev
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench:
	@python3 tools/environment.py dev
	@$(BIN)/python -m bench

clauses:
	@python3 tools/environment.py dev
	@$(BIN)/python -m tests.seed.accounting

docs:
	@python3 tools/environment.py dev
	@$(BIN)/python -m tools.reference

snapshots:
	@python3 tools/environment.py dev
	@$(BIN)/python -m tests.snapshots

# Versions and hashes only: the address of an index belongs to the machine, not to the project.
COMPILE := uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-emit-find-links --no-header --no-annotate --upgrade --quiet

lock:
	@command -v uv >/dev/null || { echo 'make lock needs uv on the PATH: pip install uv.' >&2; exit 1; }
	$(COMPILE) --extra build --output-file requirements.lock pyproject.toml
	$(COMPILE) --extra build --extra dev --constraint requirements.lock --output-file requirements-dev.lock pyproject.toml
