# Two commands do everything: `make demo` and `make test`. Both set up what they need.
VENV := .venv
BIN := $(VENV)/bin
SETUP := $(VENV)/.setup
DEV := $(VENV)/.dev
# As many as cores: a browser and a demonstration beside each test already take their turns.
WORKERS := 2
PAGES := node_modules/.setup
PAGES_DEV := node_modules/.dev
# Hundreds of processes read the same modules: they are compiled once, whatever the machine thinks.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: setup dev demo test lint soak screenshots lock sbom clean

setup: $(SETUP) $(PAGES)

dev: $(DEV) $(PAGES_DEV)

# Stamps: as long as these files stand unchanged, neither pip nor npm is asked again.
$(SETUP): setup.cfg pyproject.toml requirements/demo.lock requirements/dev.lock scripts/venv.sh
	@scripts/venv.sh $(VENV) demo
	@touch $@

$(DEV): $(SETUP)
	@scripts/venv.sh $(VENV) dev
	@touch $@

# The environment is only asked for npm where the machine has none: its age does not matter.
$(PAGES): package.json package-lock.json .npmrc scripts/pages.sh scripts/charts.js | $(SETUP)
	@scripts/pages.sh $(VENV) --omit=dev
	@touch $@

# npm ci begins by deleting node_modules, so this one leaves both stamps.
$(PAGES_DEV): package.json package-lock.json .npmrc scripts/pages.sh scripts/charts.js | $(SETUP)
	@scripts/pages.sh $(VENV)
	@touch $(PAGES) $@

demo: setup
	@exec $(BIN)/qingyuan demo $(ARGS)

lint: dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: dev
	@scripts/servers.sh
	@$(MAKE) --no-print-directory lint
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder $(ARGS)

soak: dev
	@scripts/servers.sh
	SOAK=1 $(BIN)/python -m pytest tests/chaos tests/attack -s --timeout=3600
	SOAK=1 $(BIN)/python -m pytest tests/api/contract -n $(WORKERS) --timeout=3600
	SOAK=1 $(BIN)/python -m pytest -m hypothesis -n $(WORKERS) --dist loadfile
	$(BIN)/python -m benchmarks.ingest --memory 50

screenshots: dev
	@scripts/servers.sh
	$(BIN)/python scripts/screenshots.py docs/screenshots
	$(BIN)/python scripts/help_pictures.py
	@mkdir -p build/story
	PICTURES=build/story $(BIN)/python -m pytest tests/browser/test_one_story.py
	@mv build/story/case-*.png build/story/wall-*.png docs/screenshots

# After a change of setup.cfg; ARGS=--upgrade takes newer versions.
lock:
	@scripts/lock.sh $(ARGS)

# CycloneDX: every library with version and hashes, of Python and of the pages.
sbom:
	@scripts/sbom.sh build

clean:
	rm -rf $(VENV) node_modules build *.egg-info .coverage .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
