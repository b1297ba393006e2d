# Glencheck's own habits in one place.
#
#   make check   before a commit: format, vet, staticcheck, fast tests, import table
#   make test    everything: both databases, the official clients, the browser
#   make run     the server on http://localhost:8484
#   make web     web/dist from its TypeScript and CSS; the result is committed
#
# Tests that need PostgreSQL or Chromium find them, install them where they may
# (Debian, as root), or say how to get them; they are never skipped by make test.

SHELL := /bin/bash
GO    ?= go

# Where the tests keep what they asked and were answered, for the check against
# the official OpenAPI document.
EXCHANGES := $(CURDIR)/.exchanges

.PHONY: check test run web tidy format vet lint fast needs full race clients browser

check: format vet lint fast

test: format vet lint needs full race clients browser
	@echo "make test: all of it passed"

run:
	$(GO) run ./cmd/glencheck serve

# After a change of dependencies: clienttest builds the server too.
tidy:
	$(GO) mod tidy
	$(GO) -C clienttest mod tidy

web:
	$(GO) generate ./web

format:
	scripts/gofmt

vet:
	$(GO) vet ./...

lint:
	$(GO) tool -modfile=tools/lint/go.mod staticcheck ./...

# Without servers of others: SQLite in memory or in a temporary file. The import
# table is one of these tests (internal/server).
fast:
	$(GO) test -short ./...

needs:
	scripts/need node postgresql chromium cc

# With CI set, a test that cannot find PostgreSQL fails instead of being left
# out.
full:
	rm -rf $(EXCHANGES) && mkdir -p $(EXCHANGES)
	CI=true GLENCHECK_EXCHANGES=$(EXCHANGES) $(GO) test -count 1 -timeout 20m ./...

# The race detector is why a C compiler is needed; Glencheck itself has no C.
race:
	CI=true CGO_ENABLED=1 $(GO) test -race -short -timeout 20m ./internal/...

# The official clients and the official OpenAPI document, in a module of their
# own so that nobody who only runs Glencheck downloads them.
clients:
	GLENCHECK_EXCHANGES=$(EXCHANGES) scripts/clients

browser:
	scripts/browser
