# Everything from a fresh clone, with only python3 (3.11 or newer), make and git on the machine.
#
#   make run [PORT=8123] [FACES=0]   start the portal (web, worker, beat) with the demo town; SSO=cas or
#                                    SSO=oidc adds a stand-in for the university's single sign-on
#   make test                        the whole test suite on both cores
#   make check                       linters, types, import layers, migrations, generated files
#   make fix                         let ruff repair and format
#   make bench [TINY=1] [JSON=path]  benchmarks, on SQLite or on the server of DATABASE_URL; TINY=1 runs each
#                                    at a tiny size, to see that it still runs; JSON=path keeps the table;
#                                    PEERS=1 runs other people's software beside ours (decision 0126)
#   make journeys                    count the taps of every matter in Chromium, for docs/journeys.md
#   make hour                        work off an intake of 300 cases in Chromium and count, for docs/desk.md
#   make shots                       take anew the pictures with which tests compare key pages
#   make pictures                    take the pictures of the README from a portal of its own
#   make lighthouse                  Lighthouse over six pages, 95 or more in all four categories;
#                                    the only command that needs Node (18.20 or newer) and npm
#   make deploy-check                the whole production set on this machine, as docs/deployment.md says
#   make advisories FROM=folder      published vulnerabilities of the pinned libraries, from advisories
#                                    in the OSV format (a folder, or the archive of a database)
#   make sbom                        the pinned libraries as a bill of materials (CycloneDX) on stdout
#   make soak [SECONDS=600]          people use it for a while, and things go wrong meanwhile
#   make lock [UPGRADE=1]            write requirements/*.txt from pyproject.toml, keeping the pins
#                                    that still fit, or with the newest versions

PYTHON ?= python3
PORT ?= 8000
FACES ?= 1

VENV := .venv
PEERS_VENV := .venv-peers
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	$(if $(UPGRADE),--upgrade)

FACES_STAMP := $(if $(filter 0,$(FACES)),,$(VENV)/faces.stamp)

.PHONY: run test check fix bench journeys hour shots pictures lighthouse deploy-check upgrade-check advisories sbom soak lock
.DELETE_ON_ERROR:

run: $(VENV)/run.stamp $(VENV)/heic.stamp $(FACES_STAMP)
	@# Compiled code is kept whatever the machine says: every process of the next start is sooner up.
	@PYTHONDONTWRITEBYTECODE= DEMO_SINGLE_SIGN_ON=$(SSO) exec $(BIN)/python manage.py serve --port $(PORT)

test: $(VENV)/dev.stamp $(VENV)/heic.stamp $(FACES_STAMP)
	@# Compiled tests are kept whatever the machine says: the next run starts sooner.
	@PYTHONDONTWRITEBYTECODE= $(BIN)/pytest -n 2 $(ARGS)

check: $(VENV)/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/check-jsonschema --builtin-schema vendor.compose-spec docker-compose.yml
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python manage.py lifecycle_diagram --check
	$(BIN)/python manage.py messages_table --check
	$(BIN)/python manage.py order_columns --check
	$(BIN)/python -m tests.migration_lint
	$(BIN)/python manage.py personal_data_table --check
	$(BIN)/python manage.py visibility_table --check
	@# A file that names a package registry would tie every installation to that host.
	@! git grep -n -I -i -E '(pypi|pythonhosted|npmjs|crates)[.][a-z]|(extra-)?index[-]url'
	@echo "检查全部通过。"

fix: $(VENV)/dev.stamp
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

journeys: $(VENV)/dev.stamp
	@JOURNEYS=write CI=true $(BIN)/pytest -q -n 0 tests/browser/test_taps.py

hour: $(VENV)/dev.stamp
	@JOURNEYS=write CI=true $(BIN)/pytest -q -n 0 tests/browser/test_the_hour.py

shots: $(VENV)/dev.stamp
	@SHOTS=write CI=true $(BIN)/pytest -q -n 0 tests/browser/test_shots.py

pictures: $(VENV)/dev.stamp
	@DJANGO_SETTINGS_MODULE=sbk_portal.settings $(BIN)/python -m tests.pictures

lighthouse: $(VENV)/dev.stamp tools/lighthouse/node_modules/.package-lock.json
	@DJANGO_SETTINGS_MODULE=sbk_portal.settings $(BIN)/python -m tests.lighthouse

tools/lighthouse/node_modules/.package-lock.json: tools/lighthouse/package-lock.json
	@command -v npm >/dev/null || { echo "make lighthouse 需要 Node 18.20 或更高版本和 npm。" >&2; exit 1; }
	@echo "▸ 安装 Lighthouse"
	@cd tools/lighthouse && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

# Each with the sizes of a tiny run, which shows only that it still runs. The rows of all of them
# are one table at the end, and with JSON=path a list in a file.
bench: export BENCH_ROWS = $(CURDIR)/$(VENV)/bench$(if $(DATABASE_URL),-on-a-server).rows
bench: export BENCH_PEERS = $(if $(PEERS),$(CURDIR)/$(PEERS_VENV)/bin/python)
bench: $(VENV)/run.stamp $(FACES_STAMP) $(if $(PEERS),$(PEERS_VENV)/peers.stamp)
	@rm -f $(BENCH_ROWS)
	@$(BIN)/python -m bench.portrait $(if $(TINY),1)
	@$(BIN)/python -m bench.stage_durations $(if $(TINY),60)
	@$(BIN)/python -m bench.bulk $(if $(TINY),4)
	@$(BIN)/python -m bench.exports $(if $(TINY),100)
	@$(BIN)/python -m bench.roster $(if $(TINY),20)
	@$(BIN)/python -m bench.queue $(if $(TINY),600,200000)
	@$(BIN)/python -m bench.payments_list $(if $(TINY),600,200000)
	@$(BIN)/python -m bench.report_file $(if $(TINY),20)
	@$(BIN)/python -m bench.report_deployed $(if $(TINY),40)
	@$(BIN)/python -m bench.batch_file $(if $(TINY),20)
	@$(BIN)/python -m bench.figures $(if $(TINY),60)
	@$(BIN)/python -m bench.sweep $(if $(TINY),40 10)
	@$(BIN)/python -m bench.request_sweeps $(if $(TINY),20)
	@$(BIN)/python -m bench.contested_moves $(if $(TINY),5)
	@$(BIN)/python -m bench.seals $(if $(TINY),600)
	@$(BIN)/python -m bench.partitions $(if $(TINY),600)
	@$(BIN)/python -m bench.pages $(if $(TINY),60 0)
	@$(BIN)/python -m bench.busy_pages $(if $(TINY),5 0)
	@$(BIN)/python -m bench.table $(BENCH_ROWS) $(or $(JSON),$(BENCH_ROWS).json)
	@$(BIN)/python -m bench.simulate $(or $(JSON),$(BENCH_ROWS).json)

deploy-check: $(VENV)/dev.stamp
	@$(BIN)/python -m tests.deployment.check

# From an earlier commit, whose demo town is made, migrated and read by both programs.
upgrade-check: $(VENV)/dev.stamp
	@$(BIN)/python -m tests.deployment.upgrade $(FROM)

advisories: $(VENV)/dev.stamp
	@$(BIN)/python -m tests.deployment.advisories $(FROM)

sbom: $(VENV)/dev.stamp
	@$(BIN)/python -m tests.deployment.sbom

soak: $(VENV)/dev.stamp
	@$(BIN)/python -m tests.deployment.soak $(SECONDS)

lock: $(VENV)/dev.stamp
	$(COMPILE) pyproject.toml -o requirements/run.txt
	$(COMPILE) --group dev -c requirements/run.txt -o requirements/dev.txt
	$(COMPILE) --group faces -c requirements/run.txt -o requirements/faces.txt
	$(COMPILE) --group tracker -c requirements/run.txt -o requirements/tracker.txt
	$(COMPILE) bench/peers/requirements.in -o bench/peers/requirements.txt
	$(COMPILE) --group heic -c requirements/run.txt --no-emit-package pillow -o requirements/heic.txt

# --- Installing: a stamp per list, older than its list when the list has changed -------------------

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "需要 Python 3.11 或更高版本：请先安装，或用 make PYTHON=/path/to/python3.11 指定。" >&2; exit 1; }
	@echo "▸ 建立虚拟环境 $(VENV)"
	@$(PYTHON) -m venv $(VENV) >/dev/null 2>&1 || { rm -rf $(VENV); \
	  echo "无法建立虚拟环境：这个 Python 缺少 venv 或 ensurepip（Debian、Ubuntu 请安装 python3-venv），装好后再试一次。" >&2; exit 1; }

$(VENV)/run.stamp: requirements/run.txt | $(BIN)/python
	@echo "▸ 安装运行所需的软件包（首次约一分钟）"
	@$(PIP) install --quiet --require-hashes -r requirements/run.txt
	@touch $@

$(VENV)/dev.stamp: requirements/dev.txt $(VENV)/run.stamp
	@echo "▸ 安装开发与测试所需的软件包"
	@$(PIP) install --quiet --require-hashes -r requirements/dev.txt
	@touch $@

# Small, and not there for every platform.
$(VENV)/heic.stamp: requirements/heic.txt $(VENV)/run.stamp
	@if $(PIP) install --quiet --retries 1 --require-hashes --no-deps --only-binary :all: \
	    -r requirements/heic.txt 2>/dev/null; then touch $@; \
	  else echo "  HEIC 照片组件没有装上（本平台没有安装包或网络不通），会请大家改传 JPG。"; fi

# For units that run an error tracker, and for its test.
$(VENV)/tracker.stamp: requirements/tracker.txt $(VENV)/run.stamp
	@$(PIP) install --quiet --require-hashes -r requirements/tracker.txt
	@touch $@

# No stamp when there is no wheel, so that a failed download is tried again by the next start.
$(VENV)/faces.stamp: requirements/faces.txt $(VENV)/run.stamp
	@echo "▸ 安装人脸比对组件（约 100 MB；FACES=0 可跳过）"
	@if $(PIP) install --quiet --retries 1 --require-hashes --no-deps --only-binary :all: \
	    -r requirements/faces.txt 2>/dev/null; then touch $@; \
	  else echo "  人脸比对组件没有装上（本平台没有安装包或网络不通），核验时只提供“短信验证码＋密码”方式。"; fi

# What ours is compared with: an environment of its own, never mixed with ours. Without it the
# benchmarks say so and go on.
$(PEERS_VENV)/peers.stamp: bench/peers/requirements.txt
	@echo "▸ 安装用来对照的软件（约 650 MB，装在 $(PEERS_VENV)）"
	@rm -rf $(PEERS_VENV)
	@if $(PYTHON) -m venv $(PEERS_VENV) && $(PEERS_VENV)/bin/python -m pip --disable-pip-version-check \
	    --no-input install --quiet --retries 1 --require-hashes -r bench/peers/requirements.txt 2>/dev/null; \
	  then touch $@; else rm -rf $(PEERS_VENV); echo "  用来对照的软件没有装上（网络不通，或本平台没有安装包）。"; fi
