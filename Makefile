# Everything a person or a machine needs, from a bare Debian with Python and make.
#   make run     a working demonstration office on 127.0.0.1:8000
#   make test    all tests        make check   style, types, layers, templates, translations
#   make bench   the figures      make setup   only the environment
# Variables: PYTHON (an interpreter, 3.11 to 3.14), ARGS (for pytest or `qms serve`).

SHELL := /bin/sh
# An office may trust certificates of its own.
export UV_SYSTEM_CERTS := true
.SHELLFLAGS := -ec
.ONESHELL:
.DEFAULT_GOAL := run
.PHONY: setup run test check coverage bench paper lock translations pictures clean

BIN := .venv/bin
UV_VERSION := 0.13.9
INSTALL = { [ -x $(BIN)/uv ] && $(BIN)/uv pip install --quiet --python $(BIN)/python "$$@"; } || \
	$(BIN)/python -m pip install --quiet --disable-pip-version-check "$$@"
LOCK = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-annotate --custom-compile-command "make lock"

setup: .venv/.runtime paper

# The first interpreter that starts and is of a fitting version: a name on the path may be a
# pyenv shim that cannot start.
.venv/bin/python:
	@for name in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11 python; do
	  "$$name" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))' \
	    2>/dev/null || continue
	  found=$${found:-$$name}
	  "$$name" -c 'import ensurepip, venv' 2>/dev/null || continue
	  echo "Setting up .venv with $$("$$name" --version) ..."
	  "$$name" -m venv .venv
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION) \
	    || echo "uv could not be installed; going on with pip, which is slower." >&2
	  exit 0
	done
	if [ -n "$$found" ]; then
	  echo "$$found has no complete 'venv' module. Debian, Ubuntu: sudo apt-get install python3-venv" >&2
	else
	  echo "Python 3.11 to 3.14 was not found. Debian, Ubuntu: sudo apt-get install python3 python3-venv" >&2
	fi
	exit 2

.venv/.runtime: requirements.txt pyproject.toml | .venv/bin/python
	@echo "Installing what the program needs ..."
	set -- --require-hashes -r requirements.txt
	$(INSTALL)
	set -- --no-deps --no-build-isolation --editable .
	$(INSTALL)
	touch $@

.venv/.development: requirements-dev.txt .venv/.runtime
	@echo "Installing what the tests need ..."
	set -- --require-hashes -r requirements-dev.txt
	$(INSTALL)
	touch $@

# WeasyPrint's system libraries, and fonts with Times metrics and every Vietnamese letter.
paper: .venv/.runtime
	@if command -v dpkg-query >/dev/null; then
	  installed() { dpkg-query -W -f '$${Status} $${Version}' "$$1" 2>/dev/null | sed -n 's/^install ok installed //p'; }
	  missing=
	  for package in libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0; do
	    [ -n "$$(installed $$package)" ] || missing="$$missing $$package"
	  done
	  version=$$(installed fonts-liberation)
	  if [ -z "$$(installed fonts-liberation2)" ] && ! dpkg --compare-versions "$${version:-0}" ge 1:2; then
	    missing="$$missing fonts-liberation2"
	  fi
	  [ -n "$$missing" ] || exit 0
	  root=
	  if [ "$$(id -u)" = 0 ]; then root=env; elif sudo -n true 2>/dev/null; then root="sudo -n"; fi
	  if [ -n "$$root" ]; then
	    echo "Installing what paper needs:$$missing ..."
	    $$root apt-get update -qq >/dev/null || true
	    case $$missing in *fonts-liberation2*)
	      [ -n "$$(apt-cache policy fonts-liberation2 | sed -n 's/.*Candidate: *\([0-9]\)/\1/p')" ] \
	        || missing=$$(echo "$$missing" | sed 's/fonts-liberation2/fonts-liberation/') ;;
	    esac
	    $$root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
	      $$missing >/dev/null && exit 0
	  fi
	  hint="sudo apt-get install$$missing"
	else
	  $(BIN)/python -c 'import weasyprint' >/dev/null 2>&1 && exit 0
	  hint="dnf install pango liberation-serif-fonts | apk add pango font-liberation | brew install pango"
	fi
	echo "PDF is switched off until this is installed / Chưa in được PDF, hãy cài:" >&2
	echo "    $$hint" >&2

run: setup
	@data=$${QMS_DATA_DIR:-var}
	if [ -z "$$QMS_DATABASE_URL$$QMS_CONFIG$$(ls -A "$$data" 2>/dev/null)" ]; then
	  $(BIN)/qms demo || { echo "The demonstration is not complete; remove $$data/ and try again." >&2; exit 1; }
	fi
	exec $(BIN)/qms serve $(ARGS)

test: .venv/.development paper
	@exec $(BIN)/pytest -n auto --maxprocesses 4 --dist worksteal $(ARGS)

check: .venv/.development
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/djlint --quiet --lint templates
	$(BIN)/pytest -q tests/test_architecture.py tests/test_templates.py tests/test_translations.py

# All of qms is measured; what decides and proves must be covered whole, branches too.
WHOLE := qms/*/rules.py,qms/documents/timeline.py,qms/trail.py,qms/web/guards.py

coverage: .venv/.development paper
	@$(BIN)/pytest -q -n auto --maxprocesses 4 --cov --cov-report=term $(ARGS)
	$(BIN)/coverage report --include='$(WHOLE)' --fail-under=100

bench: .venv/.development
	@for script in benchmarks/[a-z]*.py; do
	  echo "== $$script"
	  $(BIN)/python -m "benchmarks.$$(basename "$$script" .py)"
	done

# Take up new sentences in the catalogue; what is left to translate is named by `make check`.
translations: .venv/.development
	$(BIN)/python -m tests.sentences

# The pictures of the README, of a demonstration of their own.
pictures: .venv/.development paper
	$(BIN)/python -m tests.pictures

lock: .venv/.development
	$(LOCK) pyproject.toml --group setup -o requirements.txt
	$(LOCK) pyproject.toml --group setup --group dev -c requirements.txt -o requirements-dev.txt

clean:
	rm -rf .venv dist htmlcov .coverage .hypothesis .*_cache
