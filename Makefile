# Everything from a fresh clone, with only python3 (3.11 or newer), make and git on the machine.
#
#   make run [PORT=8123] [FACES=0]   start the portal (web, worker, beat) with the demo town
#   make test                        the whole test suite on both cores
#   make check                       linters, types, import layers, migrations, generated files
#   make fix                         let ruff repair and format
#   make bench [TINY=1]              benchmarks, on SQLite or on the server of DATABASE_URL; TINY=1 runs each
#                                    at a tiny size, to see that it still runs
#   make lock [UPGRADE=1]            write requirements/*.txt from pyproject.toml, keeping the pins
#                                    that still fit, or with the newest versions

PYTHON ?= python3
PORT ?= 8000
FACES ?= 1

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	$(if $(UPGRADE),--upgrade)

FACES_STAMP := $(if $(filter 0,$(FACES)),,$(VENV)/faces.stamp)

.PHONY: run test check fix bench lock
.DELETE_ON_ERROR:

run: $(VENV)/run.stamp $(VENV)/heic.stamp $(FACES_STAMP)
	@exec $(BIN)/python manage.py serve --port $(PORT)

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
	@# A file that names a package registry would tie every installation to that host.
	@! git grep -n -I -i -E '(pypi|pythonhosted|npmjs|crates)[.][a-z]|(extra-)?index[-]url'
	@echo "检查全部通过。"

fix: $(VENV)/dev.stamp
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# Each with the sizes of a tiny run, which shows only that it still runs.
bench: $(VENV)/run.stamp $(FACES_STAMP)
	@$(BIN)/python -m bench.portrait $(if $(TINY),1)
	@$(BIN)/python -m bench.stage_durations $(if $(TINY),60)
	@$(BIN)/python -m bench.bulk $(if $(TINY),4)
	@$(BIN)/python -m bench.exports $(if $(TINY),100)
	@$(BIN)/python -m bench.roster $(if $(TINY),20)
	@$(BIN)/python -m bench.queue $(if $(TINY),600,200000)
	@$(BIN)/python -m bench.report_file $(if $(TINY),20)
	@$(BIN)/python -m bench.figures $(if $(TINY),60)
	@$(BIN)/python -m bench.sweep $(if $(TINY),40 10)

lock: $(VENV)/dev.stamp
	$(COMPILE) pyproject.toml -o requirements/run.txt
	$(COMPILE) --group dev -c requirements/run.txt -o requirements/dev.txt
	$(COMPILE) --group faces -c requirements/run.txt -o requirements/faces.txt
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

# No stamp when there is no wheel, so that a failed download is tried again by the next start.
$(VENV)/faces.stamp: requirements/faces.txt $(VENV)/run.stamp
	@echo "▸ 安装人脸比对组件（约 100 MB；FACES=0 可跳过）"
	@if $(PIP) install --quiet --retries 1 --require-hashes --no-deps --only-binary :all: \
	    -r requirements/faces.txt 2>/dev/null; then touch $@; \
	  else echo "  人脸比对组件没有装上（本平台没有安装包或网络不通），核验时只提供“短信验证码＋密码”方式。"; fi
