# One command each; the first run makes .venv.  `make reproduce` is the main job: its report is reproduction/index.html.
PYTHON ?= python3
EXAMPLES ?= quick
BIN := .venv/bin
# Two workers with one BLAS thread each: more threads than cores wait for each other and take ten times as long.
# Byte code is kept, whatever the user's setting: a hundred processes that tests start would compile the package again.
PYTEST := PYTHONDONTWRITEBYTECODE= OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n 2
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt

.PHONY: reproduce test slow lint types docs clean

reproduce: .venv/.installed
	$(BIN)/qllg reproduce --out reproduction

# `make test EXAMPLES=thorough` takes two and a half times as many random examples.
test: .venv/.installed-dev
	@echo "The fast tests take some eight minutes on two idle cores."
	$(PYTEST) -m "not slow" --hypothesis-profile=$(EXAMPLES)

slow: .venv/.installed-dev
	$(PYTEST) --dist worksteal -m slow || test $$? -eq 5  # 5: no test is slow now

lint: .venv/.installed-dev
	$(BIN)/ruff check .

types: .venv/.installed-dev
	$(BIN)/mypy

# Its gallery takes a minute the first time; `make docs DOCS="-D pictures=0"` leaves it out.
docs: .venv/.installed-docs
	$(BIN)/python -m sphinx -b html -W --keep-going -n -q $(DOCS) docs docs/_build/html
	@echo "The site is docs/_build/html/index.html."

clean:
	rm -rf .venv build dist reproduction docs/_build docs/reference .pytest_cache .mypy_cache .ruff_cache .hypothesis *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/.installed: pyproject.toml setup.py constraints.txt | .venv/bin/python
	$(INSTALL) -e .
	touch $@

.venv/.installed-dev: pyproject.toml setup.py constraints.txt | .venv/bin/python
	$(INSTALL) -e ".[dev]"
	touch $@ .venv/.installed

.venv/.installed-docs: pyproject.toml setup.py constraints.txt | .venv/bin/python
	$(INSTALL) -e ".[docs]"
	touch $@
