# One target folder and one profile (release) for everything: numerical code is far too slow
# without optimisation, and one set of artefacts keeps builds short. `make help` lists the targets.

CARGO ?= cargo
PROFILE := --release --locked
JOULERY := target/release/joulery

# The campaign that `make demo` runs, and where it leaves its results.
DEMO_CAMPAIGN ?= examples/quinones/campaign.toml
# A library of at least 101,000 SMILES for the ranking benchmark (first column, gzipped CSV).
BENCH_LIBRARY ?= ../shared/data/moses/test.csv.gz

.DEFAULT_GOAL := help
.PHONY: help setup build demo test bench bench-models validate docs fmt lint check

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14

setup: ## install what is missing (a C compiler); quiet when nothing is
	@scripts/setup

build: setup ## build the program, target/release/joulery
	$(CARGO) build $(PROFILE) --package joulery

demo: build ## run the example campaign over quinones and write its report
	$(JOULERY) quote $(DEMO_CAMPAIGN)
	$(JOULERY) run $(DEMO_CAMPAIGN)
	$(JOULERY) ledger $(DEMO_CAMPAIGN)

test: setup ## the default tests: all crates, the real binary included, and the xtb program as an engine
	@scripts/setup --xtb
	$(CARGO) test $(PROFILE) --workspace

bench: build ## the benchmarks, peers in the same run; figures go to bench/*.json
	@scripts/setup --bench
	$(CARGO) build $(PROFILE) --package synthesis --example molecule_times
	$(CARGO) build $(PROFILE) --package learn --example gp_rank
	.venv-bench/bin/python bench/value.py
	.venv-bench/bin/python bench/gfn2.py
	.venv-bench/bin/python bench/gfn2_optimise.py
	.venv-bench/bin/python bench/gfn2_robustness.py
	.venv-bench/bin/python bench/sa_score.py
	if [ -f $(BENCH_LIBRARY) ]; then .venv-bench/bin/python bench/gp_rank.py --library $(BENCH_LIBRARY) --json bench/gp_rank.json; \
	else echo "ranking benchmark left out: name a library with BENCH_LIBRARY=FILE.csv.gz"; fi
	$(MAKE) bench-models

bench-models: build ## the benchmarks of models: representations, kernels, trees, rungs, intervals, screening (two hours)
	@[ -d ../shared/data ] || { echo "the sets of data are missing: they are read from ../shared/data; each script in bench/ says which, and takes other places" >&2; exit 1; }
	@scripts/setup --bench --bench-kernels
	.venv-bench/bin/python bench/photoswitch.py
	.venv-bench/bin/python bench/coverage.py
	.venv-bench-kernels/bin/python bench/gp_fit.py
	.venv-bench-kernels/bin/python bench/kernels.py
	.venv-bench-kernels/bin/python bench/representations.py
	.venv-bench/bin/python bench/qm7.py
	.venv-bench/bin/python bench/fidelity.py
	.venv-bench/bin/python bench/trees.py
	.venv-bench/bin/python bench/classify.py
	.venv-bench/bin/python bench/screening.py
	.venv-bench/bin/python bench/qm9.py --again

validate: setup ## the slow tests, which `test` leaves out, and the property tests with more cases
	@scripts/setup --xtb
	$(CARGO) test $(PROFILE) --workspace -- --ignored
	PROPTEST_CASES=4096 $(CARGO) test $(PROFILE) --workspace

# Never with --quiet: it hides the warnings from --strict too, and nothing fails any more.
docs: ## build the documentation site into site/
	@scripts/setup --docs
	NO_MKDOCS_2_WARNING=1 .venv/bin/mkdocs build --strict
	@echo "docs: open site/index.html"

fmt: ## format the Rust code
	$(CARGO) fmt --all

lint: ## clippy on everything, warnings are errors
	$(CARGO) clippy $(PROFILE) --workspace --all-targets -- -D warnings

check: ## all that .ci/run checks
	.ci/run
