# The two commands of the README, and what they are made of.
.DEFAULT_GOAL := demo

# One static program for others to run, and what is in it.
release:
	mkdir -p build
	CGO_ENABLED=0 go build -trimpath -ldflags '-s -w' -o build/crafttalkd ./cmd/crafttalkd
	build/crafttalkd version --sbom > build/crafttalkd.cdx.json
	cd ui && npm sbom --sbom-format cyclonedx --omit dev --package-lock-only > ../build/interface.cdx.json

.PHONY: release demo test go-test check words words-test ui ui-test ui-budget emulators fuzz long bench earlier

demo:
	go run ./cmd/crafttalkd demo

# Everything that must hold, in two strands: a browser waits much of its time, and
# the program's own tests go on meanwhile.
test:
	$(MAKE) --output-sync=target --jobs=2 ui-test go-test

# Form, suspicion, tests, races, and the decoders of the channels fuzzed for a moment.
go-test: check words-test emulators
	cd testdata/calibration && go vet ./...
	cd testdata/authority && go vet ./...
	.ci/gotest
	go test -race -skip '$(LONG)' $(RACY)
	.ci/fuzz 10s channels

# The packages where goroutines meet; the others have none of their own.
RACY = ./actors/shell ./actors/system ./store/journal ./store/keys ./store/blob ./store/search \
	./transport/auth ./transport/live ./transport/desk ./transport/visitor ./transport/intake ./transport/courier

# What computes much in one goroutine, or does much of the same: once is enough.
LONG = PlainScan$$|^TestG27_OverdueAlarms$$

check:
	@test -z "$$(gofmt -l $$(git ls-files '*.go' | grep -v '\.pb\.go$$'))" || { gofmt -l $$(git ls-files '*.go'); echo "gofmt these"; exit 1; }
	go vet ./...
	go tool staticcheck ./...

# Whether the committed graphs of words are what the dictionaries give.
words-test:
	.ci/words

# The graphs of words anew, into what the program embeds.
words:
	go generate ./actors/spelling

# The web interface: form, tests, weight, and people at work in a real browser.
ui-test:
	.ci/ui

# How fast it is in the browser, on a machine that does little else.
ui-budget:
	node ui/e2e/budget.mjs

# The web interface anew, into what the program embeds: commit ui/dist with its sources.
ui:
	.ci/ui build

# Servers and libraries of messengers that others have written, as the lock files
# have them. None of them is in the product.
emulators:
	cd testdata/emulators && npm ci --ignore-scripts --no-audit --no-fund
	cd testdata/calibration && go mod download
	cd testdata/authority && go mod download

# Half a minute for every decoder and token.
fuzz:
	.ci/fuzz 30s

# Many seeds and many kills: an hour or more.
long:
	CRAFTTALK_SEEDS=500 CRAFTTALK_KILLS=200 CRAFTTALK_RECONNECTS=1000 CRAFTTALK_DAYS=7 go test -timeout 2h ./actors/day ./cmd/crafttalkd ./transport/desk ./store/pebblestore

# At a release: the data directory that this version leaves behind, for the tests of
# all later ones. `make release && make earlier NAME=0.1.0`
PROGRAM ?= build/crafttalkd
earlier:
	test -n "$(NAME)"
	go test ./cmd/crafttalkd -run '^TestEarlierIsMade$$' -earlier-program $(abspath $(PROGRAM)) -earlier-name $(NAME)

bench:
	go test ./transport/bench ./store/pebblestore ./actors/queue -run '^$$' -bench . -benchtime 3s
