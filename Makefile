# NMD Tracker. Two commands matter: `make demo` runs everything, `make test` checks everything.
.DEFAULT_GOAL := help
.PHONY: help setup demo prepare test lint bench stop lock migrations browser
SHELL := /bin/bash
MAKEFLAGS += --no-print-directory

BIN := .venv/bin
PYTHON ?= $(shell for p in python3.11 python3 python3.12 python3.13; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
NODE_PATH := $(shell command -v npm >/dev/null && node -e 0 2>/dev/null && echo yes)
VAR = $${NMD_VAR_DIR:-var}
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-annotate --no-header

help:
	@echo "make demo        the whole site with a generated cohort on http://127.0.0.1:8000/"
	@echo "make test        lint, types, definitions, migrations, tests"
	@echo "make lint        only what reads the code; make bench: only what measures it"
	@echo "make stop        stop what runs in this clone"
	@echo "make migrations  write migrations; make lock: write the lock files again"

# --- what is installed; each once, until its lock file changes -------------------------------

setup: .venv/installed node_modules/installed

.venv/installed: requirements-dev.lock
	@test -n "$(PYTHON)" || { echo "Python 3.11 or later is needed."; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv || \
		{ rm -rf .venv; echo "Python's venv module is missing (Debian: python3-venv)."; exit 1; }
	@echo "Installing the Python packages ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input \
		--require-hashes -r requirements-dev.lock
	@# the clone itself is importable, from wherever it is moved to
	@$(BIN)/python -c "import pathlib, sysconfig; \
		site = pathlib.Path(sysconfig.get_path('purelib')); \
		(site / 'nmdtracker.pth').write_text('../' * 4 + '\n')"
	@touch $@

node_modules/installed: package-lock.json .npmrc | .venv/installed
	@echo "Installing the files for the browser ..."
ifneq ($(NODE_PATH),yes)
	@test -x $(BIN)/npm || $(BIN)/python -m pip install --quiet --disable-pip-version-check \
		--no-input --require-hashes -r requirements-node.lock
endif
	@PATH="$$PATH:$$PWD/$(BIN)" npm ci --silent
	@touch $@

browser: .venv/installed
	@$(BIN)/python -m nmdtracker.embedded.browser

# --- running ---------------------------------------------------------------------------------

prepare: setup
	@$(BIN)/python manage.py migrate --verbosity 0
	@$(BIN)/python manage.py collectstatic --no-input --verbosity 0

demo: prepare
	@mkdir -p "$(VAR)/secrets"; cd "$(VAR)/secrets"; test -e demo.txt || { umask 077; \
		"$(CURDIR)/$(BIN)/python" "$(CURDIR)/manage.py" demo_data --patients 200 --seed 1 > demo.new \
		&& mv demo.new demo.txt; }
	@cat "$(VAR)/secrets/demo.txt"
	@exec $(BIN)/python -m nmdtracker.supervise

stop:
	@test ! -e .venv/installed || $(BIN)/python -m nmdtracker.embedded stop

# --- checking --------------------------------------------------------------------------------

lint: setup
	$(BIN)/ruff check --quiet
	$(BIN)/ruff format --quiet --check
	$(BIN)/lint-imports --no-logo
	$(BIN)/mypy
	$(BIN)/python -m clinical.check

test: lint browser
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python manage.py collectstatic --no-input --verbosity 0
	@# two workers, each with servers of its own, a file to one of them, in the order of the files
	$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder

bench: setup
	$(BIN)/python -m bench

# --- keeping ---------------------------------------------------------------------------------

migrations: setup
	@$(BIN)/python manage.py makemigrations

lock: .venv/installed
	@$(COMPILE) pyproject.toml -o requirements.lock
	@$(COMPILE) pyproject.toml --group dev -o requirements-dev.lock
	@$(COMPILE) requirements-node.in -o requirements-node.lock
	@PATH="$$PATH:$$PWD/$(BIN)" npm install --silent --package-lock-only
	@$(BIN)/python -c "import json, pathlib; \
		path = pathlib.Path('package-lock.json'); lock = json.loads(path.read_text()); \
		[entry.pop(key, 0) for entry in lock['packages'].values() for key in ('funding', 'resolved')]; \
		path.write_text(json.dumps(lock, indent=2) + '\n')"
