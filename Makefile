# Everything a person types. A machine with Python 3.11 or later is enough: .ci/bootstrap makes .venv with the rest.
#
#   make demo    the two specimen issues through the whole chain, in build/demo
#   make test    all tests that need no special rights
#   make check   format, lint, types, the rule of floors, and the tests
#   make faults  the long sweeps: kill, full disk and I/O error at every system call (Linux, strace)
#   make fuzz    inputs made to break every reader, FUZZ="--seconds 60 --target zip" (docs/fuzzing.md)
#   make bench   speed and memory, measured
#   make format  put the code into the house format

VENV ?= .venv
BIN := $(VENV)/bin
PYTEST ?= $(BIN)/python -m pytest
export VENV PYTHON

.PHONY: help demo test check faults fuzz bench format setup setup-dev clean
.DEFAULT_GOAL := help

help:
	@sed -n 's/^#   //p' Makefile

setup:
	@bash .ci/bootstrap run

setup-dev:
	@bash .ci/bootstrap dev

demo: setup
	@bash .ci/demo

test: setup-dev
	$(PYTEST) -n auto -m "not faults"

check: setup-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(PYTEST) -q tests/test_house_layers.py
	$(PYTEST) -n auto -m "not faults"

faults: setup-dev
	$(PYTEST) -m faults tests

fuzz: setup-dev
	$(BIN)/python tests/fuzz/run.py $(FUZZ)

bench: setup-dev
	@set -e; for file in benchmarks/[a-z]*.py; do echo "== $$file"; $(BIN)/python $$file; done

format: setup-dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clean:
	rm -rf build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
