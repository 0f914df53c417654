# Regard's tasks. `make demo` and `make test` need nothing but Python 3.11 to 3.13 and make.
VENV ?= .venv
BIN := $(VENV)/bin
PORT ?= 8000
DEMO_CUSTOMERS ?= 4000
export REGARD_DATA_DIR ?= regard-data
PYTEST := $(BIN)/python -m pytest

.PHONY: help demo serve install develop system lint types imports test test-postgres test-long test-pages test-cluster bench lock translations pictures clean

help: ## what can be made
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 16

demo: install ## install, load the sample company and serve it on http://127.0.0.1:8000
	REGARD_DATA_DIR=demo-data $(BIN)/regard serve --port $(PORT) --demo --demo-customers $(DEMO_CUSTOMERS)

serve: install ## install and serve an empty Regard
	$(BIN)/regard serve --port $(PORT)

install: $(VENV)/.installed
$(VENV)/.installed: requirements/base.txt pyproject.toml scripts/environment
	sh scripts/environment base
	@touch $@

develop: $(VENV)/.developed
$(VENV)/.developed: requirements/dev.txt pyproject.toml scripts/environment
	sh scripts/environment dev
	@touch $@ $(VENV)/.installed

system: ## install what the tests need from the system (Debian, as root)
	sh scripts/system-parts

lint: develop
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: develop
	$(BIN)/mypy

imports: develop
	$(BIN)/lint-imports

test: develop system lint types imports ## everything that must hold, in under ten minutes
	$(PYTEST) -n 2 -m "not long and not pages and not cluster"

test-postgres: develop system ## the same tests with PostgreSQL as operational store, and all its kills
	scripts/with-postgresql $(PYTEST) -n 2 -m "not long and not pages and not cluster"
	scripts/with-postgresql $(PYTEST) -n 2 -m long tests/clients

test-long: develop system ## the whole of the long tests: all kills, fuzzing, simulations
	$(PYTEST) -n 2 -m long

test-pages: develop system ## every page for every role in every language: axe-core, widths, sizes, words
	$(PYTEST) -n 2 -m pages

test-cluster: develop system ## every metric on a Spark cluster beside DuckDB
	$(PYTEST) -m cluster

bench: develop ## how fast, beside what; results are kept in benchmarks/results
	$(BIN)/python benchmarks/run.py

lock: ## resolve the locked versions anew
	sh scripts/lock

translations: develop ## bring the catalogues of words up to date with what pages say
	$(BIN)/python scripts/gather_words.py

pictures: develop system ## take the pictures of the docs
	$(BIN)/python scripts/take_pictures.py

clean: ## remove what was made, not your data
	rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
