# Two commands carry the course: `make lab` opens it, `make test` checks it. `make help` lists the others.
# Each sets up what it needs in .venv, once; a second call installs nothing.
PYTHON ?= python3
BIN := .venv/bin
export JUPYTER_PREFER_ENV_PATH := 1
# Jupyter refuses to run as root unless told so; containers usually run as root.
ROOT := $(shell [ "$$(id -u)" = 0 ] && echo --allow-root)

# Two test processes with two BLAS threads each would wait for one another on two cores.
ONE_EACH := OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1

# The other BLAS kernel that `make full` computes with: the last bits of its sums differ.
OTHER_KERNEL := OPENBLAS_CORETYPE=$(if $(filter arm64 aarch64,$(shell uname -m)),ARMV8,Nehalem)

PYTEST := $(ONE_EACH) $(BIN)/python -m pytest -p no:nbval -n 2 --dist worksteal
NBVAL := $(ONE_EACH) $(BIN)/python -m pytest --nbval --nbval-current-env --nbval-cell-timeout=600 \
	--nbval-sanitize-with tests/nbval_sanitize.cfg -n 2 --dist loadfile notebooks
BROWSER := $(BIN)/python -m pytest -p no:nbval -m browser

.PHONY: help lab fresh check style test full notebooks explorer lesson claims bench lint lock clean

help:  ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-10s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

lab: .venv/.ready-lab  ## open the course in JupyterLab
	$(BIN)/python -m tools.own_copy
	$(BIN)/jupyter lab --ip=127.0.0.1 $(ROOT) my_course/00_start_here.ipynb

fresh: .venv/.ready-lab  ## a fresh copy of one lesson beside your own: make fresh LESSON=05
	$(BIN)/python -m tools.own_copy $(LESSON)

check: style  ## before each commit, two minutes: style, types, imports, unit tests
	$(PYTEST) -m "not gate and not browser and not slow"

style: .venv/.ready-test  ## the first part of it: style, types, imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

test: style  ## what gates a change: check, and explorers, claims, notebooks, browser
	$(PYTEST) --durations=15 -m "not browser and not slow"
	$(NBVAL)
	$(BROWSER)

full: style  ## nightly, hours: all of test, and slow walks, two BLAS kernels, sweeps, mutants
	$(PYTEST) -m "not browser and not slow" --cov --cov-report=term
	$(PYTEST) -m "slow and not browser" --durations=15
	$(NBVAL)
	$(BROWSER)
	$(OTHER_KERNEL) $(BIN)/python -m threadpoolctl -i numpy
	$(OTHER_KERNEL) $(PYTEST) -m "not browser and not slow"
	$(OTHER_KERNEL) $(NBVAL)
	$(BIN)/python -m tools.run_sweeps --check
	$(BIN)/python -m tools.mutants
	$(BIN)/python -m tools.mutants --table faults

notebooks: .venv/.ready-test  ## rebuild and execute every notebook from its paired script
	$(BIN)/python -m tools.build_notebooks

explorer: .venv/.ready-test  ## skeleton of a new explorer: make explorer NAME=my_subject LESSON=05
	$(BIN)/python -m tools.skeleton explorer "$(NAME)" "$(LESSON)"

lesson: .venv/.ready-test  ## skeleton of a new lesson: make lesson NAME=10_overfitting
	$(BIN)/python -m tools.skeleton lesson "$(NAME)"

claims: .venv/.ready-test  ## measure all claims anew, five seeds each, and write docs/claims.md
	$(ONE_EACH) $(BIN)/python -m tools.claims_page

bench: .venv/.ready-test  ## time a slider, memory and an error surface
	$(BIN)/python -m benchmarks.slider_latency
	$(BIN)/python -m benchmarks.memory
	$(BIN)/python -m benchmarks.error_surface

lint: .venv/.ready-test  ## mend what the linter can mend
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock:  ## exact versions anew, from the ranges in pyproject.toml
	rm -rf .venv-lock && $(PYTHON) -m venv .venv-lock
	.venv-lock/bin/pip install -q -e ".[test,compiled,dev]"
	{ sed -n '/^#/p' constraints.txt; .venv-lock/bin/pip freeze --exclude-editable; } > constraints.new
	mv constraints.new constraints.txt && rm -rf .venv-lock

.venv/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "coursekit needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Name another with: make PYTHON=python3.12 lab")'
	$(PYTHON) -m venv .venv

.venv/.ready-lab: pyproject.toml constraints.txt tools/jupyterlab_overrides.json | .venv/bin/python
	$(BIN)/python -m pip install -q --disable-pip-version-check -c constraints.txt -e .
	$(BIN)/python -m ipykernel install --sys-prefix --name python3 --display-name "Python 3 (coursekit)"
	$(BIN)/jupyter labextension disable --level=sys_prefix @jupyterlab/apputils-extension:announcements
	# Notebooks keep their explorers' last state, so that a page opened tomorrow shows still pictures.
	mkdir -p .venv/share/jupyter/lab/settings && cp tools/jupyterlab_overrides.json .venv/share/jupyter/lab/settings/overrides.json
	touch $@

.venv/.ready-test: .venv/.ready-lab
	$(BIN)/python -m pip install -q --disable-pip-version-check -c constraints.txt -e ".[test,compiled]"
	touch $@

clean:  ## remove the environment and all caches
	rm -rf .venv .pytest_cache .ruff_cache .mypy_cache .import_linter_cache .coverage build coursekit.egg-info
