# `make help` lists the targets. Everything works offline after the first restore.
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
run: ## Run the service on an embedded Kubernetes API, with nothing to set up
	@echo "Building; the first time takes half a minute."
	@$(BUILD) src/DynamicToolset.Service -p:Configuration=Release
	@exec artifacts/bin/DynamicToolset.Service/release/dynamic-toolset sandbox

.PHONY: test
test: publish ## Run all tests, against the published binary where they need one
	@eng/test.sh

.PHONY: cluster-assets
cluster-assets: ## Print the folder of a real API server for the tests; build it if it is missing
	@eng/cluster/assets.sh

.PHONY: helm-assets
helm-assets: ## Print the folder of helm and a new kubectl for the tests of the chart; download them if they are missing
	@eng/cluster/helm.sh

.PHONY: lint
lint: ## Check formatting and analyzers
	@dotnet restore -v quiet
	@dotnet format --no-restore --verify-no-changes

.PHONY: install
install: publish ## Install the native executable, its manual page and its completions below PREFIX (default /usr/local)
	@install -D -m 755 $(BINARY) "$(DESTDIR)$(PREFIX)/bin/dynamic-toolset"
	@install -D -m 644 docs/man/dynamic-toolset.1 "$(DESTDIR)$(PREFIX)/share/man/man1/dynamic-toolset.1"
	@install -D -m 644 $(COMPLETION).bash "$(DESTDIR)$(PREFIX)/share/bash-completion/completions/dynamic-toolset"
	@install -D -m 644 $(COMPLETION).zsh "$(DESTDIR)$(PREFIX)/share/zsh/site-functions/_dynamic-toolset"
	@install -D -m 644 $(COMPLETION).fish "$(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/dynamic-toolset.fish"
	@echo "$(DESTDIR)$(PREFIX)/bin/dynamic-toolset"

.PHONY: publish
publish: ## Build the native executable
	@[[ $$(uname -s) == Linux ]] || { echo "The native executable is made on Linux, for Linux: use a Linux container, or on Windows WSL 2. \"make run\" works without it." >&2; exit 1; }
	@dotnet publish src/DynamicToolset.Service -c Release -r $(RID) -v quiet
	@ls -l $(BINARY)

.PHONY: image
image: ## Build the container image with its SBOM and licences in artifacts/image (docs/image.md); RID=linux-arm64 for the other architecture
	@eng/image/build.sh $(RID)

.PHONY: image-twice
image-twice: ## Build the image of the last commit in two fresh folders and compare the bytes
	@eng/image/reproduce.sh $(RID)

CHURN_MINUTES ?= 10

.PHONY: image-churn
image-churn: image ## Run the image in containers of the three sizes: make image-churn CHURN_MINUTES=10; as root, with podman and runc
	@$(BUILD) test/DynamicToolset.Service.Tests
	@IMAGE_CHURN_MINUTES=$(CHURN_MINUTES) artifacts/bin/DynamicToolset.Service.Tests/debug/DynamicToolset.Service.Tests -noColor -showLiveOutput -class '*.SizeClassTests'

.PHONY: release-version
release-version: ## Fail unless a tag is that of the version: TAG=v1.0.0 make release-version
	@version=$$(dotnet msbuild src/DynamicToolset.Service -getProperty:Version); [[ "$$TAG" == "v$$version" ]] || { echo "The tag $$TAG is not v$$version, which Directory.Build.props says." >&2; exit 1; }

.PHONY: golden
golden: ## Update the expected files of the golden cases; review the difference
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
fuzz: ## Send random input to every reader: make fuzz MINUTES=10
	@for project in test/*/Fuzz; do $(BUILD) "$${project%/Fuzz}"; done
	@eng/fuzz.sh $(MINUTES)

.PHONY: transcript
transcript: ## Record the kubectl session again, with a real API server; review the difference
	@$(BUILD) test/DynamicToolset.Sandbox.Tests
	UPDATE_TRANSCRIPT=1 artifacts/bin/DynamicToolset.Sandbox.Tests/debug/DynamicToolset.Sandbox.Tests -method '*A_real_server_shows_what_is_recorded'

.PHONY: docs
docs: ## Generate the pages of docs/ that come from code
	@$(BUILD) eng/docs
	@artifacts/bin/DynamicToolset.Docs/debug/DynamicToolset.Docs docs

BENCH := artifacts/bin/DynamicToolset.Bench/release/DynamicToolset.Bench
BUILD_BENCH = $(BUILD) bench/DynamicToolset.Bench -p:Configuration=Release
CLUSTER ?= real

.PHONY: bench
bench: publish ## Measure speed and size on a real API server (make cluster-assets), as one table next to the promised limits; 20 minutes, or a part: ONLY="memory api" (docs/benchmarks.md)
	@$(BUILD_BENCH)
	@real=$$([[ $(CLUSTER) == simulated ]] || eng/cluster/assets.sh); \
	$(BENCH) table --program $(BINARY) --baseline bench/baseline.json $${real:+--real "$$real"} $(if $(ONLY),--only $(ONLY)) $(if $(SIZES),--sizes $(SIZES)) $(if $(BASELINE),--write-baseline)

.PHONY: bench-micro
bench-micro: ## Measure time and allocation of each step, and how they grow with twice the work; 5 minutes
	@$(BUILD) bench/DynamicToolset.MicroBench -p:Configuration=Release
	@artifacts/bin/DynamicToolset.MicroBench/release/DynamicToolset.MicroBench

.PHONY: bench-soak
bench-soak: publish ## Measure the memory of an idle service, until ten minutes after its start
	@$(BUILD_BENCH)
	@$(BENCH) soak --program $(BINARY)

.PHONY: bench-attack
bench-attack: publish ## Attack a service with 64 MiB as one tenant for ten minutes; as root, for the cgroup
	@$(BUILD_BENCH)
	@$(BENCH) attack --program $(BINARY)

.PHONY: bench-api
bench-api: publish ## Measure the REST API with a thousand toolsets at two hundred answers a second, also while others attack it
	@$(BUILD_BENCH)
	@$(BENCH) api --program $(BINARY)

.PHONY: bench-failover
bench-failover: publish ## Measure failover: one of two replicas dies, stops or freezes, on a real API server (make cluster-assets); a quarter of an hour
	@$(BUILD_BENCH)
	@$(BENCH) failover --program $(BINARY) --real "$$(eng/cluster/assets.sh)"

.PHONY: bench-churn-soak
bench-churn-soak: publish ## Run two replicas for half an hour of changes, edits and restarts of a real API server, to find leaks
	@$(BUILD_BENCH)
	@$(BENCH) churn-soak --program $(BINARY) --real "$$(eng/cluster/assets.sh)"

.PHONY: score
score: ## Print how well detection does on labeled Services: make score CORPUS=file (docs/detection-score.md)
	@$(BUILD) bench/DynamicToolset.Score -p:Configuration=Release
	@artifacts/bin/DynamicToolset.Score/release/DynamicToolset.Score $(CORPUS) $(DETECTORS)

RUNS ?= 10
OUTAGE ?= 60

.PHONY: faults
faults: publish ## Run nine faults on real API servers (make cluster-assets) and print their cost: make faults RUNS=10 OUTAGE=60
	@$(BUILD) test/DynamicToolset.Service.Tests -p:Configuration=Release
	@KUBEBUILDER_ASSETS="$$(eng/cluster/assets.sh)" eng/faults.sh $(RUNS) $(OUTAGE)

SEED ?= 0
CASES ?= 1

.PHONY: simulate
simulate: ## Run replicas in a simulated cluster in which everything goes wrong: make simulate SEED=7 CASES=100; SIMULATION_DIARY=file logs it
	@$(BUILD) test/DynamicToolset.Service.Tests -p:Configuration=Release
	@TEST_SEED=$(SEED) TEST_CASES=$(CASES) artifacts/bin/DynamicToolset.Service.Tests/release/DynamicToolset.Service.Tests -noColor -showLiveOutput -class '*.SimulationTests'

.PHONY: election-model
election-model: ## Try all orders of events in an election, within this many seconds, writes and abandoned calls: make election-model BOUNDS="4 1 0"
	@$(BUILD) test/DynamicToolset.Tests -p:Configuration=Release
	@ELECTION_MODEL="$(or $(BOUNDS),4 1 0)" artifacts/bin/DynamicToolset.Tests/release/DynamicToolset.Tests -noColor -showLiveOutput -class '*.ElectionModelTests'

.PHONY: clean
clean: ## Remove everything that was built
	rm -rf artifacts
