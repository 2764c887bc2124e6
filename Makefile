# SPDX-License-Identifier: Apache-2.0

# Every target does its own set-up on a fresh Debian or Ubuntu machine that has Swift.

SWIFT ?= swift
# SwiftPM passes the traits in the order of a hash table: without this the order, and so every
# compile command, changes from run to run and all modules are built again.
export SWIFT_DETERMINISTIC_HASHING := 1
SOURCES := Sources Tests Package.swift Benchmarks

.PHONY: demo build test install lint format tables dependencies

PREFIX ?= /usr/local

## demo: install what is needed, build, and run the main job on the samples
demo: build
	.build/release/lenstrace analyze Samples/camera-abroad.pcapng \
	  --geoip Samples/geoip-sample.csv --home IT

## build: install what is needed and build the tool: .build/release/lenstrace
build: dependencies
	$(SWIFT) build -c release --product lenstrace

## install: build, and install tool, man page and shell completions below PREFIX (/usr/local)
install: build
	install -Dm755 .build/release/lenstrace $(DESTDIR)$(PREFIX)/bin/lenstrace
	set -e; folder=$$(mktemp -d); trap 'rm -r $$folder' EXIT; tool=.build/release/lenstrace; \
	  Scripts/make-manual $$tool > $$folder/lenstrace.1; \
	  for shell in bash zsh fish; do \
	    $$tool --generate-completion-script $$shell > $$folder/$$shell; done; \
	  share=$(DESTDIR)$(PREFIX)/share; \
	  install -Dm644 $$folder/lenstrace.1 $$share/man/man1/lenstrace.1; \
	  install -Dm644 $$folder/bash $$share/bash-completion/completions/lenstrace; \
	  install -Dm644 $$folder/zsh $$share/zsh/site-functions/_lenstrace; \
	  install -Dm644 $$folder/fish $$share/fish/vendor_completions.d/lenstrace.fish

## test: install what is needed and run all tests
test: dependencies
	$(SWIFT) test

## lint: check the form of all sources
lint:
	$(SWIFT) format lint --strict --recursive $(SOURCES)

## format: bring all sources into form
format:
	$(SWIFT) format --in-place --recursive $(SOURCES)

## tables: make the embedded tables again from the TSV files beside them
tables:
	set -e; for script in Scripts/make-*-tables; do "$$script"; done

dependencies:
	Scripts/install-dependencies.sh
