# Every target is a thin cover over a script in tools/; all they make lives in .run/.
PYTHON ?= python3
PORT ?= 8069
export PORT PYTHON

.DEFAULT_GOAL := help
.PHONY: help setup run test lint format bench update-pot check-i18n reset stop clean

help:       ## List the targets
	@sed -n 's/^\([a-z0-9-]*\): *## /  make \1|/p' Makefile | column -t -s '|'

setup:      ## Put Odoo, its Python packages and PostgreSQL in place
	@$(PYTHON) -m tools.prepare

run:        ## Serve the demo group at http://localhost:8069 (PORT=... for another port)
	@$(PYTHON) -m tools.run_demo

test:       ## Lint and run all tests
	@$(PYTHON) -m tools.run_tests

lint:       ## Check style, Odoo's rules and the translations
	@$(PYTHON) -m tools.lint

format:     ## Correct what the lint can correct by itself
	@$(PYTHON) -m tools.lint fix

bench:      ## Measure the speed against Odoo's own documents
	@$(PYTHON) -m tools.run_bench

update-pot: ## Bring the translation files in line with the addons' terms
	@$(PYTHON) -m tools.i18n update

check-i18n: ## Check that every term is translated
	@$(PYTHON) -m tools.i18n check

reset:      ## Drop the demo group and every database of the run folder
	@$(PYTHON) -m tools.reset

stop:       ## Stop PostgreSQL
	@$(PYTHON) -m tools.postgres stop

clean: stop ## Remove the run folder
	@rm -rf "$${DEALER_RUN_DIR:-.run}"
