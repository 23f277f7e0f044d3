# Everything that a person or CI does with this project. `make help` lists it.
.DEFAULT_GOAL := help
.PHONY: help secrets demo up test test-faults test-chart cover lint vuln versions build tools bench histories sandbox release release-check clean

BIN := $(CURDIR)/bin
# The tools that a target needs, built from the module proxy at the versions of tools/go.mod. The Temporal dev server is
# built only where none is on PATH: its first build takes some minutes.
TEMPORAL := $(shell command -v temporal || echo $(BIN)/temporal)
LINTERS := $(BIN)/staticcheck $(BIN)/gofumpt $(BIN)/workflowcheck

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

demo: build $(TEMPORAL) ## connect, sign in, fail and roll back on this machine, and prove each
	@$(BIN)/demo

up: build $(TEMPORAL) ## start Temporal with its UI, the sandbox and a worker, and stay up
	@$(BIN)/demo --stay

secrets: ## make the secrets of docker-compose.yml: a password for the database, and the tokens that you paste
	@sh deploy/secrets.sh

test: $(TEMPORAL) ## every test, with the race detector, against a real Temporal server
	go test -race -timeout 24m ./...

test-faults: $(TEMPORAL) ## break a run at each of its calls in every way, and print the table; takes about an hour on 2 cores
	@mkdir -p $(BIN)
	@go test -c -o $(BIN)/faults.test ./e2e/faults
	@cd e2e/faults && $(BIN)/faults.test -full -test.timeout 90m

test-chart: ## render the Helm chart and check what it makes; a module of its own, with Helm and the types of Kubernetes
	cd deploy/helm && go vet ./... && go test ./...

# What is counted, and the tests that count: every unit test, and the end-to-end tests, whose worker and starter are processes of
# their own. The fault matrix and the random histories take long and reach little that these don't. What is killed leaves no counts, nor
# do the commands that the scripts in starter/testdata run.
COVERED := ./activities,./connection/...,./internal/...,./starter/...,./worker,./workflows
COUNTING := ./activities/... ./connection/... ./internal/... ./starter/... ./worker/... ./workflows/... ./e2e
COVER := $(CURDIR)/.cover
cover: $(TEMPORAL) ## what share of each package the tests execute, in the worker and the starter as processes too
	@rm -rf $(COVER) && mkdir -p $(COVER)/counts $(COVER)/merged
	ACCESSBRIDGE_COVER=$(COVER)/counts go test -count=1 -timeout 20m -cover -coverpkg=$(COVERED) $(COUNTING) -args -test.gocoverdir=$(COVER)/counts > $(COVER)/tests.txt || (cat $(COVER)/tests.txt; exit 1)
	@go tool covdata merge -i=$(COVER)/counts -o $(COVER)/merged
	@go tool covdata textfmt -i=$(COVER)/merged -o $(COVER)/profile.txt
	@go tool covdata percent -i=$(COVER)/merged
	@echo "line by line: go tool cover -html=.cover/profile.txt"

lint: $(LINTERS) ## vet, staticcheck, workflowcheck, gofumpt
	go vet ./...
	$(BIN)/staticcheck ./...
	$(BIN)/workflowcheck -config workflowcheck.yaml ./workflows/... ./examples/...
	@unformatted=$$($(BIN)/gofumpt -l .); if [ -n "$$unformatted" ]; then echo "run gofumpt -w on:"; echo "$$unformatted"; exit 1; fi
	go mod tidy -diff
	go mod verify

vuln: build $(BIN)/govulncheck ## known vulnerabilities in the worker and the starter; the database comes through the module proxy
	@go run ./internal/vulncheck $(BIN)/govulncheck $(BIN)/vulndb $(BIN)/worker $(BIN)/starter

versions: ## say which pinned images and tools have newer versions
	@said=$$(go test ./deploy -count=1 -v -run Versions) || { echo "$$said"; exit 1; }; \
	echo "$$said" | grep -E "has version|doesn't answer" || echo "every pinned version is the newest"

build: ## build the programs into bin/
	@mkdir -p $(BIN)
	go build -o $(BIN)/ ./worker ./starter ./sandbox ./e2e/demo ./e2e/bench ./examples/onboarding

tools: $(TEMPORAL) $(LINTERS) ## build the tools into bin/

bench: build $(TEMPORAL) ## measure calls, their longest chain and run times
	@$(BIN)/bench

# One test for each workflow and outcome: what they save is replayed against the code of every later change. Those of earlier versions are
# in testdata/histories/earlier, and stay.
RECORDED := Inventory_Started|OffersOthersAlone/a_choice|Connect_FreshOrg|Connect_Again|EditedDocument/(one_group_less|an_application)|UpdateRefused|StepRefused/(registration|the_test)|Connect_Cancelled/after_the_app|SurveyFinds.*/ambiguous_group|Adopt|Plan_|Disconnect_AfterConnect|Disconnect_Cancelled|DeletionRefused|StillUsed.*/policy|TokenRevoked|SecretRotated|MovedToAnother|MemoryTakenAway|CancelledDuringASlowCreate/app|Pause_Resume|Pause_NobodyComes|Pause_GivenUp/rollback|Turns_(AnotherConnection|EachIsGivenBack)|UnassignedPriorityZero.*/every
histories: $(TEMPORAL) ## save a history of every workflow and outcome, for the replay tests
	rm -f workflows/testdata/histories/*.json
	go test -count=1 ./e2e -run '$(RECORDED)' -histories $(CURDIR)/workflows/testdata/histories

sandbox: ## run the sandbox alone: an Okta org and a Cloudflare account on this machine
	go run ./sandbox --write-config .sandbox/worker.yaml

release: $(BIN)/goreleaser $(BIN)/cyclonedx-gomod ## build and publish what .goreleaser.yaml says, of the tag that is checked out
	PATH="$(BIN):$$PATH" $(BIN)/goreleaser release --clean

release-check: $(BIN)/goreleaser ## check .goreleaser.yaml; building goreleaser takes some minutes
	$(BIN)/goreleaser check

clean: ## remove what the targets made
	rm -rf $(BIN) .sandbox .run .cover dist

$(BIN)/temporal: tools/go.mod
	@mkdir -p $(BIN)
	@echo "building the Temporal dev server; the first time takes some minutes"
	cd tools && go build -o $(BIN)/ github.com/temporalio/cli/cmd/temporal

$(BIN)/staticcheck: tools/go.mod
	@mkdir -p $(BIN)
	cd tools && go build -o $(BIN)/ honnef.co/go/tools/cmd/staticcheck

$(BIN)/gofumpt: tools/go.mod
	@mkdir -p $(BIN)
	cd tools && go build -o $(BIN)/ mvdan.cc/gofumpt

$(BIN)/govulncheck: tools/go.mod
	@mkdir -p $(BIN)
	cd tools && go build -o $(BIN)/ golang.org/x/vuln/cmd/govulncheck

$(BIN)/workflowcheck: tools/go.mod
	@mkdir -p $(BIN)
	cd tools && go build -o $(BIN)/ go.temporal.io/sdk/contrib/tools/workflowcheck

$(BIN)/goreleaser: tools/release/go.mod
	@mkdir -p $(BIN)
	cd tools/release && go build -o $(BIN)/ github.com/goreleaser/goreleaser/v2

$(BIN)/cyclonedx-gomod: tools/release/go.mod
	@mkdir -p $(BIN)
	cd tools/release && go build -o $(BIN)/ github.com/CycloneDX/cyclonedx-gomod/cmd/cyclonedx-gomod
