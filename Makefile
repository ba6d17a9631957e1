# Thin names for what the launcher and the tools do; `./run` alone is enough to use the hotline.
.PHONY: test postgresql browser fuzz rough chaos lint format types check bench demo diagram lock
.DEFAULT_GOAL := check
BIN := .venv/bin

.venv/bin/ruff: requirements-dev.lock
	./run setup dev

test:
	./run test

postgresql: .venv/bin/ruff
	HOTLINE_TEST_DATABASE=postgresql REQUIRE_POSTGRES=1 ./run test

browser:
	./run setup e2e
	REQUIRE_BROWSER=1 $(BIN)/python -m pytest -m browser

# Odd but signed requests to every webhook, as many per route as N says; the usual tests send 200.
fuzz: .venv/bin/ruff
	HOTLINE_FUZZ_EXAMPLES=$(or $(N),3000) $(BIN)/python -m pytest -n 2 tests/stories/test_webhook_fuzz.py

# 500 calls over two real replicas, PostgreSQL and HAProxy, a kill -9 or a SIGSTOP every 25: a quarter of an hour.
rough: .venv/bin/ruff
	$(BIN)/python -m tests.rough --calls $(or $(N),500)

lint: .venv/bin/ruff
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-logo

format: .venv/bin/ruff
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: .venv/bin/ruff
	$(BIN)/mypy

check: lint types test

# Ratios against a bare endpoint on the same machine, both databases: 8 minutes, or 90 s with QUICK=1.
bench: .venv/bin/ruff
	QUICK=$(QUICK) $(BIN)/python -m bench

# Random calls with random faults, on each database: a table, and every failing play written down to be replayed.
chaos: .venv/bin/ruff
	$(BIN)/python -m tests.chaos --calls $(or $(N),5000) --seed $(or $(SEED),1) --database sqlite
	$(BIN)/python -m tests.chaos --calls $(or $(N),5000) --seed $(or $(SEED),1) --database postgresql

demo:
	./run demo

# Draws docs/call_flow.md again from the flow table; a test fails while it is stale.
diagram: .venv/bin/ruff
	$(BIN)/python -m hotline.ivr.diagram

# Needs uv. --universal: one lock for every platform; the --no-emit options keep index addresses out.
LOCK := uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-emit-find-links --no-annotate --custom-compile-command 'make lock' --quiet
lock:
	$(LOCK) --extra checkout -o requirements.lock
	$(LOCK) --extra checkout --extra dev -c requirements.lock -o requirements-dev.lock
	$(LOCK) --extra checkout --extra dev --extra e2e -c requirements-dev.lock -o requirements-e2e.lock
