# Everything a person types here. `make` alone shows the list; each target builds what it needs.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
COMPILE := $(BIN)/uv pip compile --quiet --generate-hashes --no-header --no-annotate --no-emit-index-url --universal --python-version 3.11

.DEFAULT_GOAL := help
.PHONY: help setup demo demo-once test check bench pictures requirements clean

help: ## show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | while IFS="$$(printf '\t')" read -r name text; do \
		printf '  make %-13s %s\n' "$$name" "$$text"; done

setup: $(READY) ## make the virtual environment with every dependency at its pinned hash

$(READY): requirements.txt requirements-dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo 'Doorstroom heeft Python 3.11 of nieuwer nodig: installeer het (apt install python3) of wijs het aan met make PYTHON=pad.' >&2; exit 1; }
	@test -x $(BIN)/pip || { $(PYTHON) -c 'import ensurepip, venv' 2>/dev/null && $(PYTHON) -m venv $(VENV); } || { \
		echo 'De module venv ontbreekt: installeer haar met "apt install python3-venv" en probeer opnieuw.' >&2; exit 1; }
	@echo 'De afhankelijkheden worden geïnstalleerd (de eerste keer duurt dit een paar minuten) ...' >&2
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt -r requirements-dev.txt >&2
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e . >&2
	@touch $(READY)

demo: $(READY) ## start everything on this machine with sample dossiers; Ctrl-C stops it
	@exec $(BIN)/doorstroom demo

demo-once: $(READY) ## let rehearsed staff take every step once and print one JSON summary
	@exec $(BIN)/doorstroom demo --once --json

# Three at once on two cores: a test waits for its servers half of the time.
test: $(READY) ## run all tests against real PostgreSQL, Temporal and a real browser
	@.ci/browser
	@$(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder

check: $(READY) ## format, lint, types and tests
	@$(BIN)/ruff format --check
	@$(BIN)/ruff check
	@$(BIN)/mypy
	@.ci/browser
	@$(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder

bench: $(READY) ## measure the product beside bare Temporal on this machine
	@$(BIN)/python -m benchmarks
	@$(BIN)/python -m benchmarks.worklist
	@$(BIN)/python -m benchmarks.payments
	@$(BIN)/python -m benchmarks.outcomes
	@.ci/browser
	@$(BIN)/python -m benchmarks.approving

pictures: $(READY) ## take the pictures of every page again, for docs/portal.md
	@.ci/browser
	@$(BIN)/python -m tests.portal.pictures

requirements: $(READY) ## pin what the .in files ask for, with hashes; UPGRADE=--upgrade takes the newest
	@$(COMPILE) $(UPGRADE) requirements.in -o requirements.txt
	@$(COMPILE) $(UPGRADE) requirements-dev.in -o requirements-dev.txt

clean: ## remove the virtual environment and caches; the data in .doorstroom stays
	@rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
