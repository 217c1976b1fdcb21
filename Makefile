# The few commands there are. `make help` lists them.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help install install-dev run telegram shell content train evaluate test widget test-widget lint format topics clean

export UV_PYTHON_PREFERENCE ?= managed
UV := $(shell command -v uv 2>/dev/null || echo .uv/bin/uv)
PY := .venv/bin/python
MODEL := models/assistant.tar.gz
MODEL_PARTS := config.yml domain.yml $(wildcard data/nlu/*.yml data/ordinary.txt data/rules/*.yml bot/nlu/*.py assets/encoder/*)

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(UV):
	@command -v python3 >/dev/null || { echo "Python 3.11 is needed and no python3 was found. Install Python 3.11."; exit 1; }
	@echo "uv is missing; installing it into .uv"
	@python3 -m venv .uv && .uv/bin/pip install --quiet uv

install: $(UV) ## install what the assistant needs into .venv
	@sh tools/python.sh "$(UV)" sync --quiet --inexact --no-default-groups

install-dev: $(UV)
	@sh tools/python.sh "$(UV)" sync --quiet --inexact

content: install ## set up the database and load the answers of content/
	@$(PY) -m bot content

$(MODEL): $(MODEL_PARTS) | install
	@echo "Training. This takes a minute or two."
	@$(PY) -m bot train && touch $(MODEL)

train: $(MODEL) ## train the model if anything it is made of changed

run: install content $(MODEL) ## serve the assistant on http://localhost:5005
	@$(PY) -m bot run

telegram: install content $(MODEL) ## the same, and answer on Telegram (TELEGRAM_BOT_TOKEN)
	@$(PY) -m bot telegram

shell: install content $(MODEL) ## talk to it in the terminal
	@$(PY) -m bot shell

topics: install $(MODEL) ## ask one real question per topic
	@$(PY) -m bot topics

test: install-dev $(MODEL) ## run every test
	@$(PY) -m pytest

widget/node_modules: widget/package.json widget/package-lock.json
	@command -v npm >/dev/null || { echo "The widget is built with Node.js 20.19 or later and npm. The built script is in bot/channels/page/."; exit 1; }
	@cd widget && PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --no-audit --no-fund --silent && touch node_modules

widget: widget/node_modules ## build the widget into bot/channels/page/widget.js
	@cd widget && npm run --silent build

test-widget: install widget/node_modules $(MODEL) ## test the widget: its logic, and in a browser (CHROMIUM=path)
	@cd widget && npm test --silent

evaluate: install-dev $(MODEL) ## measure on the held-out messages; report in var/evaluation/
	@$(PY) -m eval.run $(EVALUATE)

lint: install-dev ## style, types and content
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy
	@$(PY) -m bot check-content
	@$(PY) -m tools.check_training_data

format: install-dev ## mend style where it can be mended
	@$(PY) -m ruff check --fix .
	@$(PY) -m ruff format .

clean: ## remove what was built
	rm -rf .venv .uv models var .rasa .mypy_cache .ruff_cache .pytest_cache widget/node_modules widget/artefacts
