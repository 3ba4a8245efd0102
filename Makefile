# Two commands do everything: `make demo` and `make test`. Both set up what they need.
VENV := .venv
BIN := $(VENV)/bin
SETUP := $(VENV)/.setup
PAGES := node_modules/.setup
DEV := $(VENV)/.dev

.PHONY: setup demo test soak screenshots clean

setup: $(SETUP) $(PAGES)

$(SETUP): setup.cfg pyproject.toml scripts/venv.sh
	@scripts/venv.sh $(VENV) demo
	@touch $@

$(PAGES): package.json package-lock.json .npmrc $(SETUP) scripts/pages.sh
	@scripts/pages.sh $(VENV)
	@touch $@

$(DEV): $(SETUP)
	@scripts/venv.sh $(VENV) dev
	@touch $@

demo: setup
	@exec $(BIN)/qingyuan demo $(ARGS)

test: setup $(DEV)
	@scripts/servers.sh
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest $(ARGS)

soak: setup $(DEV)
	@scripts/servers.sh
	QINGYUAN_SOAK=1 $(BIN)/python -m pytest tests/chaos -s --timeout=3600

screenshots: setup $(DEV)
	@scripts/servers.sh
	$(BIN)/python scripts/screenshots.py docs/screenshots

clean:
	rm -rf $(VENV) node_modules build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
