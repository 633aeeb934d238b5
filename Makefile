# Every target sets itself up; a second run starts at once.
PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3; do \
	"$$p" -c 'import sys; sys.exit(not (3,11) <= sys.version_info[:2] <= (3,13))' 2>/dev/null && { echo "$$p"; break; }; done)
UV_VERSION := 0.13.9
BIN := .venv/bin
# What `make test` plays once more on PostgreSQL; `make postgres` plays everything there but rooms that keep nothing.
ON_POSTGRES := tests/storage tests/services/test_turns.py tests/services/test_delivery.py tests/services/test_clock_services.py \
	tests/scenarios/test_whole_life.py tests/scenarios/test_duplicates.py tests/scenarios/test_linking.py
KEEPING_NOTHING := dialogs fuzz nlu rules sandbox screening tickets
READY := .venv/.ready
# A network that looks into TLS has a root certificate of its own: in the system's store, where there is one.
export UV_SYSTEM_CERTS ?= $(if $(wildcard /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt /etc/ssl/cert.pem),true,false)

.PHONY: run test setup lint unit postgres soak bench fuzz audit lock clean

run: $(READY)
	@exec $(BIN)/kentongan run

test: $(READY) lint unit

setup: $(READY)

$(READY): requirements.lock pyproject.toml Makefile
	@test -n "$(PYTHON)" || { echo "Kentongan needs Python 3.11, 3.12 or 3.13: install one and try again."; exit 1; }
	@echo "==> Making .venv with $(PYTHON)"
	@$(PYTHON) -m venv .venv
	@echo "==> Installing the locked packages: once, about 1.3 GB on the disk; a minute, or several on a slow line"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@VIRTUAL_ENV=$(CURDIR)/.venv $(BIN)/uv pip sync --quiet --compile-bytecode --require-hashes requirements.lock
	@VIRTUAL_ENV=$(CURDIR)/.venv $(BIN)/uv pip install --quiet --no-deps --editable .
	@$(BIN)/python -m compileall -q bot dialogs nlu storage tickets
	@touch $@
	@echo "==> Ready"

lint: $(READY)
	@echo "==> ruff, mypy, import-linter"
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

unit: $(READY)
	@sh scripts/ensure_chromium.sh
	@sh scripts/ensure_widgets.sh
	@sh scripts/ensure_matrix.sh
	@sh scripts/ensure_kannel.sh
	@sh scripts/ensure_open311_clients.sh
	@sh scripts/ensure_postgres.sh
	@$(BIN)/pytest -q -n 2
	@KENTONGAN_TEST_DATABASE=postgresql $(BIN)/pytest -q -n 2 $(ON_POSTGRES)

postgres: $(READY)
	@sh scripts/ensure_postgres.sh
	@KENTONGAN_TEST_DATABASE=postgresql $(BIN)/pytest -q -n 2 $(KEEPING_NOTHING:%=--ignore=tests/%)

soak: $(READY)
	@sh scripts/ensure_postgres.sh
	@KENTONGAN_SOAK=1 $(BIN)/pytest -q tests/scenarios/test_month.py tests/operator/test_pace.py tests/scenarios/test_every_step.py tests/practice/test_class_of_twenty.py \
		tests/scenarios/test_database_gone.py tests/scenarios/test_upgrade.py
	@$(BIN)/python -m benchmarks.gate
	@$(BIN)/python -m tests.soak $(if $(MINUTES),--minutes $(MINUTES))

fuzz: $(READY)
	@$(BIN)/python -m tests.fuzz $(if $(INPUTS),--inputs $(INPUTS)) $(TARGETS)
	@KENTONGAN_HTTP_EXAMPLES=1000 $(BIN)/pytest -q --timeout 3600 tests/scenarios/test_http_api.py

bench: $(READY)
	@$(BIN)/python -m benchmarks.run $(if $(QUICK),--quick)

audit: $(READY)
	@$(BIN)/python scripts/audit.py

lock: $(READY)
	$(BIN)/uv pip compile pyproject.toml --all-extras --universal --python-version 3.11 --generate-hashes --no-annotate --quiet --output-file requirements.lock

clean:
	rm -rf .venv .clients .matrix .widgets .hypothesis .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
