# The door to everything; logic lives in `bazaar` subcommands and in scripts/.
.DEFAULT_GOAL := help
.PHONY: help run test check schema bench graphiql

help: ## Lists the targets.
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# Builds in minutes from cold; PROFILE=release takes several times as long and runs faster.
PROFILE ?= dev

run: graphiql ## Runs the whole shop at http://127.0.0.1:4000 (PORT=…, BAZAAR_DATA=…, PROFILE=release).
	cargo run --profile $(PROFILE) --locked --quiet --package bazaar -- run

test: ## Runs all tests.
	scripts/test

check: ## Formatting, lints, licenses, unused dependencies, fresh and compatible schema.
	scripts/check

schema: ## Writes schema/ and clients/: SDLs, supergraph, event contracts, manifests, typed clients.
	cargo run --locked --quiet --package bazaar -- schema compose --write
	scripts/typescript-client

bench: ## Measures the gateway's CPU per request (PEER=… to compare with Hive Router).
	cargo build --profile dist --locked --quiet --package gateway --package gateway-bench
	target/dist/gateway-bench run

graphiql: ## Builds the offline GraphiQL page, if Node.js is there.
	scripts/graphiql
