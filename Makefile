# make demo    clone to report on the sample calls
# make test    every check the project has
# make bench   speed of matching and of the whole audit
# make bench-timing [RECORDS=10000000]   call records judged beside the same limits in SQL, in turn
# make bench-desk [CALLS_STORED=1000000]   the review page over a large store, 20 users at work
# make demo-cluster [TRANSCRIPTS=20000]   a Spark cluster on this machine beside the plain command: time and tables
# make bench-cluster [TRANSCRIPTS=200000 RUNS=3]   the same over many transcripts, in turn
# make bench-peer [CALLS=folder LABELS=file]   beside faster-whisper, in turn

CARGO ?= cargo
PYTHON ?= python3
CALLAUDIT := target/release/callaudit
WEIGHTS := models/ggml-base-q8_0.bin models/e5-small-q4.bin
DEMO_OUT := audit-out
CALLS ?= tests/samples
RECORDS ?= 10000000
CALLS_STORED ?= 1000000
SAMPLES := $(wildcard tests/samples/*.wav tests/samples/*.mp3) tests/samples/calls.csv
SOURCES := Cargo.toml Cargo.lock $(shell find src lexicons models/manifest.toml models/semantic.json -type f 2>/dev/null)
# Debian's names for what building whisper.cpp and its bindings needs.
PACKAGES := cmake g++ libclang-dev
TEST_PACKAGES := postgresql chromium fonts-noto-cjk curl parallel kcat

.PHONY: help demo demo-cluster test bench bench-desk bench-peer bench-timing bench-cluster build weights tools test-tools cluster-tools install samples
.DEFAULT_GOAL := help

help:
	@sed -n 's/^# make/make/p' Makefile

demo: $(DEMO_OUT)/run.json
	@cat $(DEMO_OUT)/summary.txt
	@echo "report: $(CURDIR)/$(DEMO_OUT)/index.html"

# Exit status 1 says that something was found, which is what the samples are for.
$(DEMO_OUT)/run.json: $(CALLAUDIT) $(WEIGHTS) $(SAMPLES)
	@mkdir -p $(DEMO_OUT)
	@$(CALLAUDIT) audit tests/samples --calls tests/samples/calls.csv --out $(DEMO_OUT) >$(DEMO_OUT)/summary.txt || [ $$? -eq 1 ]

build: $(CALLAUDIT)

$(CALLAUDIT): $(SOURCES) | tools
	$(CARGO) build --release --locked --bin callaudit
	@touch $@

weights: $(WEIGHTS)

models/ggml-%: | $(CALLAUDIT)
	$(CALLAUDIT) model fetch base

models/e5-%: | $(CALLAUDIT)
	$(CALLAUDIT) model fetch e5-small

test: tools test-tools
	$(CARGO) fmt --check
	$(CARGO) clippy --release --locked --all-targets -- -D warnings
	$(CARGO) test --release --locked --lib --test it
	$(PYTHON) -B tests/scale/test_simulate.py
	$(CARGO) build --release --locked --bin callaudit
	$(CALLAUDIT) lexicon check
	$(CALLAUDIT) lexicon test

bench: tools
	$(CARGO) bench --locked --bench speed

bench-peer: $(CALLAUDIT) $(WEIGHTS)
	$(PYTHON) tests/bench/peer.py $(CALLS) $(if $(LABELS),--labels $(LABELS))

# Needs duckdb from PyPI.
bench-timing: $(CALLAUDIT)
	$(CARGO) run --release --locked --example make_records -- $(RECORDS) 7 target/bench-timing
	$(PYTHON) tests/bench/timing_sql.py target/bench-timing

bench-desk: $(CALLAUDIT)
	@command -v wrk >/dev/null || $(MAKE) --no-print-directory install WANTED=wrk
	$(CARGO) build --release --locked --example make_store
	$(PYTHON) tests/bench/desk.py $(CALLAUDIT) target/release/examples/make_store $(CALLS_STORED) target/bench-desk

# OPTIONS=--records: with call records, whose limits are shuffled.
demo-cluster bench-cluster: $(CALLAUDIT) cluster-tools
	$(CARGO) build --release --locked --example make_records
	$(PYTHON) -B tests/cluster/compare.py $(CALLAUDIT) target/release/examples/make_records \
	  $(TRANSCRIPTS) target/$@ $(RUNS) $(OPTIONS)

demo-cluster: TRANSCRIPTS ?= 20000
demo-cluster: RUNS ?= 1
demo-cluster: OPTIONS ?= --records
bench-cluster: TRANSCRIPTS ?= 200000
bench-cluster: RUNS ?= 3

# What building needs.
tools:
	@missing=; \
	command -v cmake >/dev/null || missing=1; \
	command -v c++ >/dev/null || missing=1; \
	[ -n "$$LIBCLANG_PATH" ] || ls /usr/lib/llvm-*/lib/libclang*.so* /usr/lib/*/libclang*.so* >/dev/null 2>&1 \
	  || ldconfig -p 2>/dev/null | grep -q libclang || missing=1; \
	[ -z "$$missing" ] || $(MAKE) --no-print-directory install WANTED="$(PACKAGES)"

# What the tests start besides: a database server of their own, in a folder of its own, a browser, a cluster, and other
# engines that hand out calls.
test-tools: tests/browser/node_modules cluster-tools
	@missing=; \
	command -v initdb >/dev/null || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing=1; \
	command -v chromium >/dev/null || missing=1; \
	command -v curl >/dev/null || missing=1; \
	command -v parallel >/dev/null || missing=1; \
	command -v kcat >/dev/null || missing=1; \
	[ -z "$$missing" ] || $(MAKE) --no-print-directory install WANTED="$(TEST_PACKAGES)"

# Spark, and the Java it runs on.
cluster-tools: target/python/.installed
	@command -v java >/dev/null || $(MAKE) --no-print-directory install WANTED=openjdk-17-jre-headless

tests/browser/node_modules: tests/browser/package-lock.json
	@command -v npm >/dev/null || $(MAKE) --no-print-directory install WANTED="nodejs npm"
	cd tests/browser && npm ci --no-audit --no-fund --silent
	@touch $@

target/python/.installed: tests/python/requirements.txt
	@$(PYTHON) -m pip --version >/dev/null 2>&1 || $(MAKE) --no-print-directory install WANTED=python3-pip
	$(PYTHON) -m pip install --quiet --upgrade --target target/python -r $<
	@touch $@

# Installs what is missing where that is allowed, else names the packages.
install:
	@if ! command -v apt-get >/dev/null; then echo "error: missing: $(WANTED); install them with your package manager" >&2; exit 1; fi; \
	if [ "$$(id -u)" = 0 ]; then as_root=; \
	elif sudo -n true 2>/dev/null; then as_root=sudo; \
	elif command -v sudo >/dev/null && [ -t 0 ]; then as_root=sudo; \
	else echo "error: packages are missing: ask an administrator to run: apt-get install $(WANTED)" >&2; exit 1; fi; \
	$$as_root apt-get update -qq && $$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(WANTED) >/dev/null
