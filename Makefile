# Two commands matter: `make run` and `make test`. Everything they need, they make.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help run brief test test-deep test-fuzz test-server test-spark lint bench bench-admissions clean env-run env-test

YEAR ?= 2021
PORT ?= 8000
HOST ?= 127.0.0.1
WORKERS ?= 2
FUZZ ?= 1600
BIN := .venv/bin

help: ## 显示帮助 / this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: env-run ## 安装、建库、生成年度简报并启动网站 / set up everything, make the brief, serve (PORT=8000)
	@exec $(BIN)/jineng up --host $(HOST) --port $(PORT)

brief: env-run ## 只生成年度简报 / make the year's brief and end (YEAR=2021)
	@exec $(BIN)/jineng brief $(YEAR)

test: env-test ## 运行测试 / run the tests, crash and scale tests sampled
	@exec $(BIN)/python -m pytest -p tests.measuring -n $(WORKERS) --dist loadfile --floor 95 --whole src/jineng/engines

test-deep: env-test ## 运行全部测试 / run the tests, crash and scale tests in full
	@JINENG_DEEP=1 exec $(BIN)/pytest -n $(WORKERS) --dist loadfile -m "deep or not deep"

test-fuzz: env-test ## 模糊测试约一小时（FUZZ=1600 倍样本） / fuzz parsers and verification for about an hour (FUZZ=1600 samples)
	@JINENG_FUZZ=$(FUZZ) exec $(BIN)/python -m pytest -n $(WORKERS) tests/engines/seals tests/credentials/test_credentials_verifying.py tests/credentials/test_credentials_early.py -k "fuzz or breaks or whatever"

test-server: env-test ## 在系统自带的 PostgreSQL 上运行数据库测试 / run the database tests on Debian's PostgreSQL
	@scripts/with-postgres $(BIN)/pytest -n $(WORKERS) tests/registry tests/majors tests/calls tests/briefs

test-spark: env-test ## 在 Spark 集群上核对全部指标 / hold every figure on three engines, Spark on a cluster on loopback
	@SPARK_JAVA="-XX:+UseSerialGC -XX:TieredStopAtLevel=1" scripts/with-spark $(BIN)/pytest -n 0 -m "deep or not deep" tests/briefs/test_briefs_engines.py

lint: env-test ## 检查代码 / style, types, floors, templates
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint src --lint --quiet

bench: env-test ## 性能测量 / measure, as ratios against peers and bounds
	@exec $(BIN)/python -m benchmarks

bench-admissions: env-test ## 录取引擎的性能测量 / measure the allocation engine, up to 13.4 million applicants
	@exec $(BIN)/python -m benchmarks allocation

clean: ## 删除环境与缓存，保留 var/ 的数据 / remove environment and caches, keep the data in var/
	@if [ -x $(BIN)/jineng ]; then $(BIN)/jineng db down; JINENG_TESTING=1 $(BIN)/jineng db down; fi
	@rm -rf .venv var/test .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	@find src tests -name __pycache__ -type d -prune -exec rm -rf {} +

env-run:
	@scripts/environment run

env-test:
	@scripts/environment test
