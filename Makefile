# `make help` lists what there is. Everything works offline after the first restore.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

RID ?= linux-$(if $(filter aarch64 arm64,$(shell uname -m)),arm64,x64)
BINARY := artifacts/publish/DynamicToolset.Service/release_$(RID)/dynamic-toolset

.PHONY: help
help: ## List the targets
	@awk 'BEGIN { FS = ":.*## " } /^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: run
run: ## Watch the main job work on an embedded Kubernetes API, with nothing to set up
	@echo "Building; the first time takes half a minute."
	@dotnet build src/DynamicToolset.Service -c Release -v quiet -clp:NoSummary
	@exec artifacts/bin/DynamicToolset.Service/release/dynamic-toolset sandbox

.PHONY: test
test: publish ## Run all tests, against the published binary where they need one
	@eng/test.sh

.PHONY: cluster-assets
cluster-assets: ## Print a folder with a real API server for the tests; build it where there is none
	@eng/cluster/assets.sh

.PHONY: lint
lint: ## Check formatting and analyzers
	@dotnet restore -v quiet
	@dotnet format --no-restore --verify-no-changes

.PHONY: publish
publish: ## Make the native executable
	@dotnet publish src/DynamicToolset.Service -c Release -r $(RID) -v quiet
	@ls -l $(BINARY)

.PHONY: golden
golden: ## Write the expected files of the golden cases anew; review the difference
	@dotnet build test/DynamicToolset.Tests -v quiet
	UPDATE_GOLDEN=1 artifacts/bin/DynamicToolset.Tests/debug/DynamicToolset.Tests -class '*Golden*' -class '*HolmesMessageTests' -class '*ArrowTests' -class '*GrammarTableTests'

.PHONY: mutate
mutate: ## Change the deciding code in a thousand places and count what the tests notice (about an hour)
	@dotnet tool restore > /dev/null
	cd eng/mutation && PYTHON=/none dotnet stryker --output ../../artifacts/mutation

MINUTES ?= 10

.PHONY: fuzz
fuzz: ## Send the readers what anybody might, for so long each: make fuzz MINUTES=10
	@for project in test/*/Fuzz; do dotnet build "$${project%/Fuzz}" -v quiet -clp:NoSummary; done
	@eng/fuzz.sh $(MINUTES)

.PHONY: transcript
transcript: ## Write the recorded kubectl session anew, from a real API server; review the difference
	@dotnet build test/DynamicToolset.Sandbox.Tests -v quiet
	UPDATE_TRANSCRIPT=1 artifacts/bin/DynamicToolset.Sandbox.Tests/debug/DynamicToolset.Sandbox.Tests -method '*A_real_server_shows_what_is_recorded'

.PHONY: docs
docs: ## Write the pages of docs/ that are made from code
	@dotnet build eng/docs -v quiet -clp:NoSummary
	@artifacts/bin/DynamicToolset.Docs/debug/DynamicToolset.Docs docs

BENCH := artifacts/bin/DynamicToolset.Bench/release/DynamicToolset.Bench quick --program $(BINARY) --baseline bench/baseline.json

.PHONY: bench-quick
bench-quick: publish ## Measure the native executable, beside the base line and what is promised
	@dotnet build bench/DynamicToolset.Bench -c Release -v quiet -clp:NoSummary
	@$(BENCH)

.PHONY: bench-soak
bench-soak: publish ## Memory of one that idles, until ten minutes after its start
	@dotnet build bench/DynamicToolset.Bench -c Release -v quiet -clp:NoSummary
	@artifacts/bin/DynamicToolset.Bench/release/DynamicToolset.Bench soak --program $(BINARY)

.PHONY: bench-attack
bench-attack: publish ## One tenant does their worst for ten minutes to a service in 64 MiB; as root, for the control group
	@dotnet build bench/DynamicToolset.Bench -c Release -v quiet -clp:NoSummary
	@artifacts/bin/DynamicToolset.Bench/release/DynamicToolset.Bench attack --program $(BINARY)

.PHONY: bench-failover
bench-failover: publish ## One of two replicas dies, stops or stands still, on a real API server (make cluster-assets); a quarter of an hour
	@dotnet build bench/DynamicToolset.Bench -c Release -v quiet -clp:NoSummary
	@artifacts/bin/DynamicToolset.Bench/release/DynamicToolset.Bench failover --program $(BINARY) --real "$$(eng/cluster/assets.sh)"

.PHONY: bench-churn-soak
bench-churn-soak: publish ## Two replicas for half an hour of changes, edits and restarts of a real API server, so that what creeps is seen
	@dotnet build bench/DynamicToolset.Bench -c Release -v quiet -clp:NoSummary
	@artifacts/bin/DynamicToolset.Bench/release/DynamicToolset.Bench churn-soak --program $(BINARY) --real "$$(eng/cluster/assets.sh)"

.PHONY: bench-real
bench-real: publish ## The same, and the latencies on a real API server too (make cluster-assets)
	@dotnet build bench/DynamicToolset.Bench -c Release -v quiet -clp:NoSummary
	@$(BENCH) --real "$$(eng/cluster/assets.sh)"

.PHONY: bench-detection
bench-detection: ## Measure detection: time and allocation for each Service
	@dotnet build bench/DynamicToolset.Bench -c Release -v quiet -clp:NoSummary
	@artifacts/bin/DynamicToolset.Bench/release/DynamicToolset.Bench detection

.PHONY: bench-baseline
bench-baseline: publish ## The same again, and make its figures the base line; on a quiet machine only
	@dotnet build bench/DynamicToolset.Bench -c Release -v quiet -clp:NoSummary
	@$(BENCH) --real "$$(eng/cluster/assets.sh)" --write-baseline

.PHONY: score
score: ## Print how well detection does on labeled Services: make score CORPUS=file (docs/detection-score.md)
	@dotnet build bench/DynamicToolset.Score -c Release -v quiet -clp:NoSummary
	@artifacts/bin/DynamicToolset.Score/release/DynamicToolset.Score $(CORPUS) $(DETECTORS)

SEED ?= 0
CASES ?= 1

.PHONY: simulate
simulate: ## Replicas in a simulated cluster in which everything goes wrong: make simulate SEED=7 CASES=100; a diary by SIMULATION_DIARY=file
	@dotnet build test/DynamicToolset.Service.Tests -c Release -v quiet -clp:NoSummary
	@TEST_SEED=$(SEED) TEST_CASES=$(CASES) artifacts/bin/DynamicToolset.Service.Tests/release/DynamicToolset.Service.Tests -noColor -showLiveOutput -class '*.SimulationTests'

.PHONY: election-model
election-model: ## All orders of events in an election within so many seconds, writes and calls that are given up: make election-model BOUNDS="4 1 0"
	@dotnet build test/DynamicToolset.Tests -c Release -v quiet -clp:NoSummary
	@ELECTION_MODEL="$(or $(BOUNDS),4 1 0)" artifacts/bin/DynamicToolset.Tests/release/DynamicToolset.Tests -noColor -showLiveOutput -class '*.ElectionModelTests'

.PHONY: clean
clean: ## Remove everything that was built
	rm -rf artifacts
