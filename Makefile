# make demo | test | lint | bench | simulate are the whole interface. Needs Python >= 3.11 and make, nothing else.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := -m pip --disable-pip-version-check --quiet

.PHONY: install demo test lint bench simulate lock docs clean

install: $(VENV)/.installed  ## .venv/bin/morgue

demo: install  ## the main job on a small internet of our own, offline
	$(BIN)/python -m tests.demo

test: $(VENV)/.installed-dev .venv-pywb/.installed  ## the whole suite, offline, on two cores
	$(BIN)/python -m pytest -n 2 --dist worksteal

lint: $(VENV)/.installed-dev  ## style, types, stale docs
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m tests.docs --check

simulate: $(VENV)/.installed-dev  ## a quarter of hourly runs over sixty sources, in minutes
	$(BIN)/python -m tests.simulation

docs: $(VENV)/.installed-dev  ## regenerate the pages on commands and database
	$(BIN)/python -m tests.docs --write

PAGES ?= ../shared/data/pages
bench: $(VENV)/.installed-dev  ## the claims about speed, each as a ratio in one run; with real pages at hand also about extraction
	$(BIN)/python -m bench.crawl
	test ! -d $(PAGES) || $(BIN)/python -m bench.extract_speed $(PAGES)
	test ! -d $(PAGES) || $(BIN)/python -m bench.quality $(PAGES)
	$(BIN)/python -m bench.repair
	$(BIN)/python -m bench.startup
	$(BIN)/python -m bench.search

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "morgue needs Python 3.11 or newer: make PYTHON=python3.12 …")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: requirements.lock pyproject.toml | $(VENV)/bin/python
	$(BIN)/python $(PIP) install --require-hashes -r requirements.lock
	$(BIN)/python $(PIP) install --require-hashes -r requirements-build.lock
	$(BIN)/python $(PIP) install --no-deps --no-build-isolation --editable .
	touch $@

$(VENV)/.installed-dev: $(VENV)/.installed requirements-dev.lock
	$(BIN)/python $(PIP) install --require-hashes -r requirements-dev.lock
	touch $@

# pywb reads our WARC files as an independent witness; it pins versions that do not go with ours, so it lives alone.
.venv-pywb/.installed: requirements-pywb.lock
	$(PYTHON) -m venv .venv-pywb
	.venv-pywb/bin/python $(PIP) install --require-hashes -r requirements-pywb.lock
	touch $@

UV_LOCK = uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url
lock:  ## needs uv; the locks name no host
	$(UV_LOCK) pyproject.toml -o requirements.lock
	$(UV_LOCK) pyproject.toml --extra dev -c requirements.lock -o requirements-dev.lock
	echo 'hatchling editables' | tr ' ' '\n' | $(UV_LOCK) - -c requirements-dev.lock -o requirements-build.lock
	echo 'pywb>=2.10,<3' | $(UV_LOCK) - -o requirements-pywb.lock

clean:
	rm -rf $(VENV) .venv-pywb demo-home .pytest_cache .mypy_cache .ruff_cache
