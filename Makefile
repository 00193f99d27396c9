# The two commands of the README, and what they are made of.
.PHONY: demo test check words words-test ui ui-test ui-budget emulators fuzz fuzz-channels long bench

demo:
	go run ./cmd/crafttalkd demo

# Everything that must hold: form, suspicion, the web interface, tests and races.
# A browser waits much of its time: the decoders of the channels are fuzzed meanwhile.
test: check words-test emulators
	$(MAKE) --output-sync=target --jobs=2 ui-test fuzz-channels
	cd testdata/calibration && go vet ./...
	go test ./...
	go test -race -skip '$(LONG)' $(RACY)

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

# Half a minute for every decoder and token.
fuzz:
	.ci/fuzz 30s

fuzz-channels:
	.ci/fuzz 30s channels

# Many seeds and many kills: an hour or more.
long:
	CRAFTTALK_SEEDS=500 CRAFTTALK_KILLS=200 CRAFTTALK_RECONNECTS=1000 go test -timeout 2h ./actors/day ./cmd/crafttalkd ./transport/desk ./store/pebblestore

bench:
	go test ./transport/bench ./store/pebblestore ./actors/queue -run '^$$' -bench . -benchtime 3s
