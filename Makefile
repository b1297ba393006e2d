# Glencheck's own habits in one place.
#
#   make check   before a commit: format, vet, staticcheck, fast tests, import table
#   make test    everything: both databases, the official clients, the browser
#   make run     the server on http://localhost:8484
#
# Tests that need PostgreSQL or Chromium find them, install them where they may
# (Debian, as root), or say how to get them; they are never skipped by make test.

SHELL := /bin/bash
GO    ?= go

.PHONY: check test run format vet lint fast needs full clients browser

check: format vet lint fast

test: format vet lint needs full clients browser
	@echo "make test: all of it passed"

run:
	$(GO) run ./cmd/glencheck serve

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
	scripts/need postgresql chromium

# With CI set, a test that cannot find PostgreSQL fails instead of being left
# out.
full:
	CI=true $(GO) test -timeout 20m ./...

# The official clients and the official OpenAPI document, in a module of their
# own so that nobody who only runs Glencheck downloads them.
clients:
	scripts/clients

browser:
	scripts/browser
