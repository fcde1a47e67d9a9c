# The two commands that always work on a fresh machine: `make demo` and `make test`.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ROOT := $(shell id -u 2>/dev/null)
# Pyodide, the Python of xlwings Lite; npm leaves this file when it is done.
PYODIDE := tests/lite/node_modules/.package-lock.json

.PHONY: demo test lint check bench fuzz trust mutants lock audit workbook pictures told schema bundle trial release clean system

demo: $(VENV)/.installed
	mkdir -p build-output
	$(BIN)/iif-reckoner demo --workbook build-output/IIF-demo-2022-23.xlsm --replace
	rm -rf build-output/year
	$(BIN)/iif-reckoner demo --year build-output/year

test: system $(VENV)/.tested lint check

check: $(VENV)/.tested $(PYODIDE)
	$(BIN)/python -m pytest -n auto --dist loadgroup --no-loadscope-reorder

lint: $(VENV)/.tested
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

bench: $(VENV)/.tested
	$(BIN)/python -m benchmarks

# Every target for a while, guided by coverage: what crashes stays in build-output/fuzz.
SECONDS ?= 60
fuzz: $(VENV)/.tested
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[fuzz]'
	$(BIN)/python -m tests.fuzz --seconds $(SECONDS)

# What can be trusted, in numbers: everything at full length, its last output in docs/trust.md. ROWS, SECONDS (for each
# fuzzing target) and SAMPLE (so many mutants instead of all) make it shorter or longer.
ROWS ?= 1000000
trust: system $(VENV)/.tested
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[trust,fuzz]'
	rm -rf mutants
	nice $(BIN)/python -m tests.trust --rows $(ROWS) --seconds $(SECONDS) $(if $(SAMPLE),--sample $(SAMPLE))

# So many mutants of the code and of the formulas, by chance but always the same ones: a fast part of the tests must notice.
mutants: $(VENV)/.tested
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[trust]'
	$(BIN)/python -m tests.trust.mutants --sample $(or $(SAMPLE),200)

# Every package with its version and the hashes of its files; `audit` asks which of them have known faults.
LOCK := .ci/requirements.lock
AUDIT = $(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[audit]'

lock: $(VENV)/.tested
	$(AUDIT)
	$(BIN)/python -m uv pip compile --quiet --generate-hashes --universal --python-version 3.11 --no-header --no-annotate \
		--extra plan --extra pdf --extra test --extra lint --output-file $(LOCK) pyproject.toml >/dev/null

audit: $(VENV)/.tested
	$(AUDIT)
	$(BIN)/python -m pip_audit --require-hashes --disable-pip --requirement $(LOCK)

# The workbooks that come with the project; built, never edited.
workbook: $(VENV)/.installed
	$(BIN)/python -m iif_reckoner.build.shipped

pictures: workbook
	$(BIN)/python -m iif_reckoner.build.pictures
	rm -rf build-output/year
	$(BIN)/iif-reckoner demo --year build-output/year >/dev/null
	$(BIN)/python -m iif_reckoner.build.pictures docs/pictures/year \
		build-output/year/Ashwater-and-Fernhill-2021-22.xlsm reckoner trend practice_gaps
	$(BIN)/python -m iif_reckoner.build.pictures docs/pictures/workshop \
		examples/Two-practices-2022-23-to-August.xlsx reckoner
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[pdf]'
	for page in poster tear-off board agenda; do \
		$(BIN)/iif-reckoner print examples/Ashwater-and-Fernhill-2022-23-to-December.xlsx $$page \
			--output build-output/$$page.pdf --replace && \
		pdftoppm -png -r 72 -singlefile build-output/$$page.pdf docs/pictures/print-$$page || exit 1; \
	done

# The pages whose commands are run: what they print is written anew.
told: workbook
	$(BIN)/python -m iif_reckoner.build.told docs/story-priorities.md docs/story-workshop.md docs/new-rules.md

schema: $(VENV)/.installed
	$(BIN)/iif-reckoner rules schema > rulesets/ruleset.schema.json

# For Windows x64: a folder of wheels with hashes, the installer and the workbooks for each Python.
bundle: $(VENV)/.released
	$(BIN)/python -m iif_reckoner.release.bundle

release: $(VENV)/.released
	$(BIN)/python -m iif_reckoner.release

# The installer's script over a laptop in a folder, with a real environment and real wheels for this computer.
trial: $(VENV)/.released
	$(BIN)/python -m tests.windows_doubles.trial

# What only the system can bring, where we may install it: for `demo` no more than what makes a virtual environment.
python-venv:
ifeq ($(ROOT),0)
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || $(MAKE) --no-print-directory apt WANTED=python3-venv
endif

# What the tests hold workbooks against; on a laptop they say what is missing.
system:
ifeq ($(ROOT),0)
	@wanted=""; \
	command -v soffice >/dev/null || wanted="libreoffice-calc"; \
	/usr/bin/python3 -c 'import uno' 2>/dev/null || wanted="$$wanted python3-uno"; \
	command -v pdftoppm >/dev/null || wanted="$$wanted poppler-utils"; \
	command -v npm >/dev/null || wanted="$$wanted nodejs npm"; \
	fc-match 'Liberation Sans' 2>/dev/null | grep -q Liberation || wanted="$$wanted fontconfig fonts-liberation"; \
	test -z "$$wanted" || $(MAKE) --no-print-directory apt WANTED="$$wanted"
endif

apt:
	@command -v apt-get >/dev/null || exit 0; \
	echo "Installing $(WANTED)"; apt-get update -qq; \
	DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $(WANTED) >/dev/null

$(VENV)/bin/python: | python-venv
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	touch $@

$(VENV)/.tested: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test,lint]'
	touch $(VENV)/.installed $@

# Without npm the tests that need it say so.
$(PYODIDE): tests/lite/package-lock.json
	-@! command -v npm >/dev/null || npm ci --prefix tests/lite --silent --no-audit --no-fund

$(VENV)/.released: $(VENV)/.tested
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test,lint,release]'
	touch $@

clean:
	rm -rf $(VENV) dist build-output tests/lite/node_modules .pytest_cache .mypy_cache .ruff_cache .hypothesis mutants
