# The only task runner. `make` alone lists the targets; each is three lines at most.
# Needed: make and a Python >= 3.11 with venv. PYTHON=… names one, VENV=… another folder.

VENV := .venv
BIN = $(VENV)/bin
UV_VERSION := 0.13.9
UV_READY = $(VENV)/.uv-$(UV_VERSION)
UV = $(BIN)/uv pip install --quiet --python $(BIN)/python
COMPILE = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
  --no-emit-index-url --no-annotate --custom-compile-command "make requirements" $(UPGRADE)
MESSAGES := $(wildcard src/tidu/locale/*/LC_MESSAGES/*.po src/tidu/locale/*/LC_MESSAGES/django/*.po)
PYTHON ?= $(firstword $(foreach python,python3.13 python3.12 python3.11 python3 \
  $(wildcard $(or $(PYENV_ROOT),$(HOME)/.pyenv)/versions/3.1[1-9]*/bin/python),$(call usable,$(python))))
usable = $(shell $(1) -c 'import sys, venv, ensurepip; sys.version_info < (3, 11) or print("$(1)")' 2>/dev/null)
NEEDED = Python 3.11 or newer with venv is needed. Install one, or name it: make PYTHON=/path/to/python

# Left out of full branch coverage: Spark, which not everybody has.
UNCOVERED = */bulk/spark.py

TOUR = $(BIN)/tidu
PLANS = srdi_sme:91990221MA00000114 srdi_sme:91990222MA0000020G little_giant:91990102MA00000298

PLATFORM = tests/pages $(addprefix tests/unit/,audit accounts registry eligibility)

export UV_PYTHON_DOWNLOADS := never
.DEFAULT_GOAL := help
.PHONY: help setup demo tour test check engines fuzz mutants redteam bench everybody paylist load packs docs bundle requirements clean

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile | expand -t 14

setup: $(VENV)/.installed ## make .venv and install everything into it
	@:

demo: setup ## the site with a fictional province, on http://127.0.0.1:8000
	@TIDU_HOME=build/demo $(BIN)/tidu serve --demo

tour: setup ## the command line: assess both samples, plan three paths, write a report
	@mkdir -p build && $(TOUR) assess samples/demo.xlsx --on 2026-06-01 --format xlsx -o build/report.xlsx 2> build/report.log
	@$(TOUR) assess samples/demo.xlsx --on 2026-06-01 && $(foreach plan,$(PLANS),$(TOUR) plan samples/demo.xlsx --on 2026-06-01 $(subst :, --enterprise ,--to $(plan)) &&) true
	@$(TOUR) assess samples/star_market_2025.csv --columns samples/star_market_2025.columns.yaml --on 2026-06-01

test: setup ## run all tests, those of the platform on SQLite and on PostgreSQL
	@$(BIN)/pytest -n auto --dist loadgroup -rs --cov --cov-report= $(ARGS)
	@TIDU_TEST_DATABASE=postgres $(BIN)/pytest -q -n auto -rs $(PLATFORM)
	@$(BIN)/coverage report --include='*/tidu/rules/*,*/tidu/bulk/*' --omit='$(UNCOVERED)' --fail-under=100

check: setup ## lint, format, types, imports: quick, changes nothing
	@$(BIN)/ruff check --quiet . && $(BIN)/ruff format --quiet --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

engines: setup ## install Spark and ClickHouse, so that the agreement tests run on them
	@$(UV) --require-hashes -r requirements/engines.txt

fuzz: setup ## compare the engines with the reference on new random trees, for minutes
	@TIDU_AGREEMENT_SEED=$$(date +%s) TIDU_AGREEMENT_TREES=2000 $(BIN)/pytest -q tests/agreement/test_trees.py $(ARGS)
	@HYPOTHESIS_PROFILE=long $(BIN)/pytest -q tests/property $(ARGS)

mutants: setup ## put faults into the SQL builder; build/mutants.md names those not noticed
	@$(BIN)/python -m tests.mutation.run $(ARGS)

redteam: setup ## forge 80 applications among 2,000 and write what the integrity signals find
	@$(BIN)/python -m tests.redteam.run

bench: setup $(VENV)/bench/.installed ## measure speed against the peers; takes half an hour and 12 GB of disk
	@BENCH_PYTHON=$(VENV)/bench/bin/python $(BIN)/python benchmarks/run.py $(ARGS)
	@BENCH_PYTHON=$(VENV)/bench/bin/python $(BIN)/python benchmarks/everybody.py

everybody: setup $(VENV)/bench/.installed ## only the second half of it: millions of firms
	@BENCH_PYTHON=$(VENV)/bench/bin/python $(BIN)/python benchmarks/everybody.py $(ARGS)

paylist: setup ## a grant over 600,000 fictional firms, as a list paid without applying
	@$(BIN)/python benchmarks/entitlement_list.py $(ARGS)

load: setup ## fifty users at once on the site, on SQLite and on PostgreSQL; ARGS="--firms 400000"
	@$(UV) gunicorn && $(BIN)/python benchmarks/load_site.py $(ARGS)

packs: setup ## check the packs and run their examples
	@$(BIN)/tidu packs check packs/national
	@$(BIN)/tidu packs check packs/demo_province

docs: setup ## write docs/reference again from the code
	@TIDU_WRITE_DOCS=1 $(BIN)/pytest --quiet tests/spec
	@mkdir -p docs/reference && $(BIN)/typer tidu.cli.main utils docs --name tidu --output docs/reference/cli.md

bundle: setup ## one zip that installs without a network; ARGS chooses another platform
	@$(BIN)/python build_bundle.py build/tidu-bundle $(ARGS)

requirements: $(UV_READY) ## write requirements/*.txt again; UPGRADE=--upgrade takes newer releases
	@$(COMPILE) pyproject.toml -o requirements/runtime.txt
	@$(COMPILE) pyproject.toml --group dev -c requirements/runtime.txt -o requirements/dev.txt
	@$(COMPILE) requirements/bench.in -o requirements/bench.txt
	@$(COMPILE) requirements/engines.in -c requirements/runtime.txt -o requirements/engines.txt

clean: ## remove everything that make has made
	@rm -rf .venv* build dist .coverage .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	@find src tests -name __pycache__ -prune -exec rm -rf {} +
	@rm -f src/tidu/locale/*/LC_MESSAGES/*.mo

$(UV_READY):
	@"$(or $(strip $(PYTHON)),$(error $(NEEDED)))" -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@touch $@

$(VENV)/.installed: requirements/dev.txt pyproject.toml build_locale.py build_assets.py package-lock.json $(MESSAGES) | $(UV_READY)
	@$(UV) --require-hashes -r requirements/dev.txt
	@$(UV) --no-deps --no-build-isolation --editable .
	@$(BIN)/python build_locale.py && $(BIN)/python build_assets.py && touch $@

$(VENV)/bench/.installed: requirements/bench.txt | $(UV_READY)
	@$(BIN)/uv venv --quiet --clear --python $(BIN)/python $(VENV)/bench
	@$(BIN)/uv pip install --quiet --python $(VENV)/bench/bin/python --require-hashes -r requirements/bench.txt
	@touch $@
