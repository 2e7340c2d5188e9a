# `make help` lists what there is. Everything works offline after the first restore.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

PREFIX ?= /usr/local
RID ?= linux-$(if $(filter aarch64 arm64,$(shell uname -m)),arm64,x64)
BINARY := artifacts/publish/DynamicToolset.Service/release_$(RID)/dynamic-toolset
COMPLETION := src/DynamicToolset.Service/Cli/Completion/dynamic-toolset
# Says nothing unless something is wrong; `dotnet build` closes with a summary however it is asked.
BUILD := dotnet msbuild -restore -nologo -verbosity:quiet

.PHONY: help
help: ## List the targets
	@awk 'BEGIN { FS = ":.*## " } /^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: run
run: ## Watch the main job work on an embedded Kubernetes API, with nothing to set up
	@echo "Building; the first time takes half a minute."
	@$(BUILD) src/DynamicToolset.Service -p:Configuration=Release
	@exec artifacts/bin/DynamicToolset.Service/release/dynamic-toolset sandbox

.PHONY: test
test: publish ## Run all tests, against the published binary where they need one
	@eng/test.sh

.PHONY: cluster-assets
cluster-assets: ## Print a folder with a real API server for the tests; build it where there is none
	@eng/cluster/assets.sh

.PHONY: helm-assets
helm-assets: ## Print a folder with helm and a new kubectl for the tests of the chart; fetch it where there is none
	@eng/cluster/helm.sh

.PHONY: lint
lint: ## Check formatting and analyzers
	@dotnet restore -v quiet
	@dotnet format --no-restore --verify-no-changes

.PHONY: install
install: publish ## Put the native executable, its manual page and its completions below PREFIX, /usr/local unless you say otherwise
	@install -D -m 755 $(BINARY) "$(DESTDIR)$(PREFIX)/bin/dynamic-toolset"
	@install -D -m 644 docs/man/dynamic-toolset.1 "$(DESTDIR)$(PREFIX)/share/man/man1/dynamic-toolset.1"
	@install -D -m 644 $(COMPLETION).bash "$(DESTDIR)$(PREFIX)/share/bash-completion/completions/dynamic-toolset"
	@install -D -m 644 $(COMPLETION).zsh "$(DESTDIR)$(PREFIX)/share/zsh/site-functions/_dynamic-toolset"
	@install -D -m 644 $(COMPLETION).fish "$(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/dynamic-toolset.fish"
	@echo "$(DESTDIR)$(PREFIX)/bin/dynamic-toolset"

.PHONY: publish
publish: ## Make the native executable
	@[[ $$(uname -s) == Linux ]] || { echo "The native executable is made on Linux, for Linux: use a Linux container, or on Windows WSL 2. \"make run\" works without it." >&2; exit 1; }
	@dotnet publish src/DynamicToolset.Service -c Release -r $(RID) -v quiet
	@ls -l $(BINARY)

.PHONY: image
image: ## Make the container image with its list of parts and their licences, in artifacts/image (docs/image.md); RID=linux-arm64 for the other architecture
	@eng/image/build.sh $(RID)

.PHONY: image-twice
image-twice: ## Build the image of the last commit in two fresh folders and compare the bytes
	@eng/image/reproduce.sh $(RID)

CHURN_MINUTES ?= 10

.PHONY: image-churn
image-churn: image ## The image in containers of the three sizes, for so long each: make image-churn CHURN_MINUTES=10; as root, with podman and runc
	@$(BUILD) test/DynamicToolset.Service.Tests
	@IMAGE_CHURN_MINUTES=$(CHURN_MINUTES) artifacts/bin/DynamicToolset.Service.Tests/debug/DynamicToolset.Service.Tests -noColor -showLiveOutput -class '*.SizeClassTests'

.PHONY: release-version
release-version: ## Fail unless a tag is that of the version: TAG=v0.1.0 make release-version
	@version=$$(dotnet msbuild src/DynamicToolset.Service -getProperty:Version); [[ "$$TAG" == "v$$version" ]] || { echo "The tag $$TAG is not v$$version, which Directory.Build.props says." >&2; exit 1; }

.PHONY: golden
golden: ## Write the expected files of the golden cases anew; review the difference
	@$(BUILD) test/DynamicToolset.Tests
	@$(BUILD) test/DynamicToolset.Service.Tests
	UPDATE_GOLDEN=1 artifacts/bin/DynamicToolset.Service.Tests/debug/DynamicToolset.Service.Tests -class '*.ExpositionTests'
	UPDATE_GOLDEN=1 artifacts/bin/DynamicToolset.Tests/debug/DynamicToolset.Tests -class '*Golden*' -class '*HolmesMessageTests' -class '*ArrowTests' -class '*GrammarTableTests'
	@$(BUILD) test/DynamicToolset.Service.Tests
	UPDATE_GOLDEN=1 artifacts/bin/DynamicToolset.Service.Tests/debug/DynamicToolset.Service.Tests -class '*.LogMessageTests'

.PHONY: mutate
mutate: ## Change the deciding code in a thousand places and count what the tests notice (about an hour)
	@dotnet tool restore > /dev/null
	cd eng/mutation && PYTHON=/none dotnet stryker --output ../../artifacts/mutation

MINUTES ?= 10

.PHONY: fuzz
fuzz: ## Send the readers what anybody might, for so long each: make fuzz MINUTES=10
	@for project in test/*/Fuzz; do $(BUILD) "$${project%/Fuzz}"; done
	@eng/fuzz.sh $(MINUTES)

.PHONY: transcript
transcript: ## Write the recorded kubectl session anew, from a real API server; review the difference
	@$(BUILD) test/DynamicToolset.Sandbox.Tests
	UPDATE_TRANSCRIPT=1 artifacts/bin/DynamicToolset.Sandbox.Tests/debug/DynamicToolset.Sandbox.Tests -method '*A_real_server_shows_what_is_recorded'

.PHONY: docs
docs: ## Write the pages of docs/ that are made from code
	@$(BUILD) eng/docs
	@artifacts/bin/DynamicToolset.Docs/debug/DynamicToolset.Docs docs

BENCH := artifacts/bin/DynamicToolset.Bench/release/DynamicToolset.Bench
BUILD_BENCH = $(BUILD) bench/DynamicToolset.Bench -p:Configuration=Release
CLUSTER ?= real

.PHONY: bench
bench: publish ## All that is promised of speed and size, in one table, on a real API server (make cluster-assets); 20 minutes, or ONLY="memory api" (docs/benchmarks.md)
	@$(BUILD_BENCH)
	@real=$$([[ $(CLUSTER) == simulated ]] || eng/cluster/assets.sh); \
	$(BENCH) table --program $(BINARY) --baseline bench/baseline.json $${real:+--real "$$real"} $(if $(ONLY),--only $(ONLY)) $(if $(SIZES),--sizes $(SIZES)) $(if $(BASELINE),--write-baseline)

.PHONY: bench-micro
bench-micro: ## Time and allocation of each step in one process, and how they grow where there is twice as much to do: 5 minutes
	@$(BUILD) bench/DynamicToolset.MicroBench -p:Configuration=Release
	@artifacts/bin/DynamicToolset.MicroBench/release/DynamicToolset.MicroBench

.PHONY: bench-soak
bench-soak: publish ## Memory of one that idles, until ten minutes after its start
	@$(BUILD_BENCH)
	@$(BENCH) soak --program $(BINARY)

.PHONY: bench-attack
bench-attack: publish ## One tenant does their worst for ten minutes to a service in 64 MiB; as root, for the control group
	@$(BUILD_BENCH)
	@$(BENCH) attack --program $(BINARY)

.PHONY: bench-api
bench-api: publish ## The REST API with a thousand toolsets at two hundred answers a second, and beside callers who mean harm
	@$(BUILD_BENCH)
	@$(BENCH) api --program $(BINARY)

.PHONY: bench-failover
bench-failover: publish ## One of two replicas dies, stops or stands still, on a real API server (make cluster-assets); a quarter of an hour
	@$(BUILD_BENCH)
	@$(BENCH) failover --program $(BINARY) --real "$$(eng/cluster/assets.sh)"

.PHONY: bench-churn-soak
bench-churn-soak: publish ## Two replicas for half an hour of changes, edits and restarts of a real API server, so that what creeps is seen
	@$(BUILD_BENCH)
	@$(BENCH) churn-soak --program $(BINARY) --real "$$(eng/cluster/assets.sh)"

.PHONY: score
score: ## Print how well detection does on labeled Services: make score CORPUS=file (docs/detection-score.md)
	@$(BUILD) bench/DynamicToolset.Score -p:Configuration=Release
	@artifacts/bin/DynamicToolset.Score/release/DynamicToolset.Score $(CORPUS) $(DETECTORS)

RUNS ?= 10
OUTAGE ?= 60

.PHONY: faults
faults: publish ## Nine faults on real API servers (make cluster-assets), so often each; a table of what they cost: make faults RUNS=10 OUTAGE=60
	@$(BUILD) test/DynamicToolset.Service.Tests -p:Configuration=Release
	@KUBEBUILDER_ASSETS="$$(eng/cluster/assets.sh)" eng/faults.sh $(RUNS) $(OUTAGE)

SEED ?= 0
CASES ?= 1

.PHONY: simulate
simulate: ## Replicas in a simulated cluster in which everything goes wrong: make simulate SEED=7 CASES=100; a diary by SIMULATION_DIARY=file
	@$(BUILD) test/DynamicToolset.Service.Tests -p:Configuration=Release
	@TEST_SEED=$(SEED) TEST_CASES=$(CASES) artifacts/bin/DynamicToolset.Service.Tests/release/DynamicToolset.Service.Tests -noColor -showLiveOutput -class '*.SimulationTests'

.PHONY: election-model
election-model: ## All orders of events in an election within so many seconds, writes and calls that are given up: make election-model BOUNDS="4 1 0"
	@$(BUILD) test/DynamicToolset.Tests -p:Configuration=Release
	@ELECTION_MODEL="$(or $(BOUNDS),4 1 0)" artifacts/bin/DynamicToolset.Tests/release/DynamicToolset.Tests -noColor -showLiveOutput -class '*.ElectionModelTests'

.PHONY: clean
clean: ## Remove everything that was built
	rm -rf artifacts
