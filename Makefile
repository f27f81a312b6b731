# Everything runs in the project's own environment, .venv, made from uv.lock.
# Needed: Python 3.11 or later, and make. A uv on the PATH is used when it is new enough;
# otherwise one is put into .uv.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

UV_VERSION := 0.13.9
PYTHON := $(or $(PYTHON),$(shell for p in python3.11 python3.12 python3.13 python3.14 python3; do \
	if $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; \
	then command -v $$p; break; fi; done))
# The uv on the PATH if it is UV_VERSION or later, else the project's own.
UV := $(shell v=$$(uv --version 2>/dev/null | cut -d' ' -f2 || true); \
	if [ -n "$$v" ] && printf '%s\n' $(UV_VERSION) "$$v" | sort -CV; \
	then command -v uv; else echo .uv/$(UV_VERSION)/bin/uv; fi)

# The machine's own certificates, so that it works behind a proxy that has its own.
export UV_SYSTEM_CERTS := 1
export UV_PYTHON_DOWNLOADS := never
# Else each command that a test starts reads the sources anew, where an image forbids bytecode.
export PYTHONDONTWRITEBYTECODE :=

NEEDS_PYTHON := [ -n "$(PYTHON)" ] || \
	{ echo "Python 3.11 or later is needed: put it on the PATH, or say make PYTHON=..." >&2; exit 1; }
ENVIRONMENT := .venv/.from-lock
RUN := .venv/bin
# Node is the system's, else a package's, which uv keeps apart from the environment.
CONSOLE = $(RUN)/python console/build.py is-built || { if $(RUN)/python console/build.py has-node; \
	then $(RUN)/python console/build.py; else $(UV) run --quiet --no-project --python $(RUN)/python \
	--with $(NODE) python console/build.py; fi; }
NODE = $(shell sed -n 's/^NODE = "\(.*\)"/\1/p' console/build.py)
DAY := data/switzerland-2018-08-01.parquet

.PHONY: help run serve console test lint bench environment clean

help: ## Say what can be made
	@sed -nE 's/^([a-z]+):.*## (.*)/make \1|\2/p' Makefile | while IFS='|' read -r target what; do \
		printf '%-18s %s\n' "$$target" "$$what"; done

# detect answers 1 when it found conflicts, which this day has; 2 is an error.
run: $(ENVIRONMENT) ## Let a recorded day go through an authority, and a scenario: out/
	@mkdir -p out
	@$(RUN)/detente detect $(DAY) --party airline --drop-outliers \
		--out out/conflicts.parquet --map out/conflicts.html || [ $$? -eq 1 ]
	@echo
	@$(RUN)/detente rehearse $(DAY) --party airline --drop-outliers --out out --again
	@echo
	@$(RUN)/detente ledger verify out/airspace.ledger
	@echo
	@$(RUN)/detente demo diyala-2014 --quiet --out out/diyala-2014 --again

serve: $(ENVIRONMENT) console ## Keep the service running, in the middle of that day: docs/serving.md
	@mkdir -p out/live
	@$(RUN)/detente rehearse $(DAY) --party airline --drop-outliers --live --out out/live --again
	@exec $(RUN)/detente serve --ledger out/live/airspace.ledger

console: $(ENVIRONMENT) ## Build the console, where its sources changed: console/README.md
	@$(CONSOLE) || true

test: $(ENVIRONMENT) console ## Run all tests
	@$(RUN)/pytest -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder -rs

lint: $(ENVIRONMENT) ## Check style, format and types
	@$(RUN)/ruff check .
	@$(RUN)/ruff format --check .
	@$(RUN)/mypy

bench: $(ENVIRONMENT) ## Measure, with the peers beside it: benchmarks/RESULTS.md
	@$(RUN)/python -m benchmarks

environment: $(ENVIRONMENT) ## Make .venv as uv.lock says

clean: ## Remove what make made, the environment too
	@rm -rf .venv .uv out .pytest_cache .mypy_cache .ruff_cache .hypothesis \
		console/node_modules src/detente/console

$(ENVIRONMENT): pyproject.toml uv.lock | $(UV)
	@$(NEEDS_PYTHON)
	@$(UV) sync --quiet --locked --compile-bytecode --python "$(PYTHON)"
	@touch $@

.uv/$(UV_VERSION)/bin/uv:
	@$(NEEDS_PYTHON)
	@rm -rf .uv/$(UV_VERSION)
	@"$(PYTHON)" -m venv .uv/$(UV_VERSION)
	@.uv/$(UV_VERSION)/bin/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
