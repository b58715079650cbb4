# Two commands carry the course: `make lab` opens it, `make test` checks all of it.
# Each sets up what it needs in .venv, once; a second call installs nothing.
PYTHON ?= python3
BIN := .venv/bin
export JUPYTER_PREFER_ENV_PATH := 1
# Jupyter refuses to run as root unless told so; containers usually run as root.
ROOT := $(shell [ "$$(id -u)" = 0 ] && echo --allow-root)

# Two test processes with two BLAS threads each would wait for one another on two cores.
ONE_EACH := OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1

.PHONY: lab test notebooks bench lock lint clean

lab: .venv/.ready-lab
	$(BIN)/jupyter lab --ip=127.0.0.1 $(ROOT) notebooks/00_start_here.ipynb

test: .venv/.ready-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(ONE_EACH) $(BIN)/python -m pytest -p no:nbval -n 2 --dist worksteal --durations=15 -m "not browser"
	$(ONE_EACH) $(BIN)/python -m pytest --nbval --nbval-current-env --nbval-sanitize-with tests/nbval_sanitize.cfg \
		--nbval-cell-timeout=600 -n 2 --dist loadfile notebooks
	$(BIN)/python -m pytest -p no:nbval -m browser

# Rebuild and execute every notebook from its paired script.
notebooks: .venv/.ready-test
	$(BIN)/python scripts/build_notebooks.py

bench: .venv/.ready-test
	$(BIN)/python -m benchmarks.slider_latency
	$(BIN)/python -m benchmarks.memory
	$(BIN)/python -m benchmarks.error_surface

lint: .venv/.ready-test
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# Exact versions anew, from the ranges in pyproject.toml.
lock:
	rm -rf .venv-lock && $(PYTHON) -m venv .venv-lock
	.venv-lock/bin/pip install -q -e ".[test]"
	{ sed -n '/^#/p' constraints.txt; .venv-lock/bin/pip freeze --exclude-editable; } > constraints.new
	mv constraints.new constraints.txt && rm -rf .venv-lock

.venv/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "coursekit needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Name another with: make PYTHON=python3.12 lab")'
	$(PYTHON) -m venv .venv

.venv/.ready-lab: pyproject.toml constraints.txt | .venv/bin/python
	$(BIN)/python -m pip install -q --disable-pip-version-check -c constraints.txt -e .
	$(BIN)/python -m ipykernel install --sys-prefix --name python3 --display-name "Python 3 (coursekit)"
	$(BIN)/jupyter labextension disable --level=sys_prefix @jupyterlab/apputils-extension:announcements
	touch $@

.venv/.ready-test: .venv/.ready-lab
	$(BIN)/python -m pip install -q --disable-pip-version-check -c constraints.txt -e ".[test]"
	touch $@

clean:
	rm -rf .venv .pytest_cache .ruff_cache build coursekit.egg-info
