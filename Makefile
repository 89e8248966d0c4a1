# Two commands are all a newcomer needs:  make demo  and  make test

PACKAGES := tesseract-ocr tesseract-ocr-chi-sim tesseract-ocr-osd libtesseract-dev libleptonica-dev \
            clang libclang-dev pkg-config build-essential curl poppler-utils qpdf python3-pip \
            fonts-noto-cjk fonts-arphic-uming fonts-arphic-ukai fonts-wqy-zenhei \
            chromium $(if $(shell command -v npm),,nodejs npm)
CARGO ?= cargo

.PHONY: help demo test web web-check web-sample web-browser screenshots check check-holidays bench bench-export bench-ocr bench-facts bench-search bench-volumes bench-findings bench-load build packages packages-bench models fmt

help:
	@echo "make demo   install what is missing, build, ingest sample scans, serve, print what to try"
	@echo "make test   install what is missing, run every check (what CI runs)"
	@echo "make web    build the web application, which the server then embeds"
	@echo "make screenshots  pictures of its pages for docs/screenshots"
	@echo "make check  the quick part of the checks: format, lints, documentation"
	@echo "make check-holidays  dictionaries/holidays.tsv against the regulation and published calendars"
	@echo "make bench  measurements (criterion)"
	@echo "make models fetch and check the OCR models (air-gapped: copy the folder models/ from a machine that has them)"
	@echo "make bench-ocr  how well and how fast pages are read, beside tesseract and OCRmyPDF [SCANS=dir SEED=n PAGES=n ENGINES=a,b PARTS=a,b]"
	@echo "make bench-facts  how well facts are read, by field, scan level and engine [SCANS=dir SEED=n CASES=n ENGINES=a,b]"
	@echo "make bench-volumes  how well bound volumes are divided, by shape and scan level [SEED=n CASES=n LEVELS=a,b]"
	@echo "make bench-findings  how well findings find what is planted in a generated archive [SEED=n CASES=n PLANTED=n DIR=dir]"
	@echo "make bench-export  a million rows as XLSX, CSV, JSON Lines: time and memory; LibreOffice opens the workbook where it is installed [ROWS=n DIR=dir]"
	@echo "make bench-search  how well cases are found, by kind of query and noise, beside FTS5 and plain tantivy [SEED=n CASES=n EACH=n NOISE=0,3,8 SCANS=dir]"
	@echo "make bench-load  a whole archive under load: import, reindex, queries over HTTP and in process [CASES=n DIR=dir CONNECTIONS=n SECONDS=n KINDS=a,b]"
	@echo "make build  optimised programs in target/release"

packages:
	@scripts/install-packages $(PACKAGES)

models: packages
	@scripts/fetch-models

web/node_modules/.package-lock.json: web/package.json web/package-lock.json
	cd web && npm ci --no-audit --no-fund
	@touch $@

web: packages web/node_modules/.package-lock.json
	cd web && npm run build

web-check: web
	cd web && npm run check && npm run unit

# The application is embedded when the programs are built, so it is built first.
web-sample: models web
	$(CARGO) build --workspace --bins --features juanzong-indexer/killpoints --locked
	scripts/web-sample

web-browser: web-sample
	cd web && npm run browser

screenshots: web-sample
	cd web && npm run screenshots

demo: packages models web
	@scripts/demo

# Against fixtures made from published libraries; and against the libraries themselves where they are installed.
check-holidays:
	$(CARGO) test --locked -p juanzong --lib -- analytics::calendar dictionary::tests::holidays
	@scripts/check-holidays

check: packages
	$(CARGO) fmt --all --check
	$(CARGO) clippy --workspace --all-targets --features juanzong-indexer/killpoints --locked -- -D warnings
	$(CARGO) clippy --package juanzong --bench load --bench suggest --bench statistics --features killpoints --locked -- -D warnings
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --workspace --no-deps --document-private-items --locked
	scripts/check-dependencies

test: packages models web-check check
	$(MAKE) web-browser
	OMP_THREAD_LIMIT=1 $(CARGO) test --workspace --features juanzong-indexer/killpoints --locked

bench: packages
	$(CARGO) bench --workspace --locked

# OCRmyPDF is only measured against.
packages-bench: packages models
	@scripts/install-packages ocrmypdf

# Cargo runs it in another directory, so a relative SCANS is made absolute; the other settings go through the environment.
bench-ocr: packages-bench
	$(if $(SCANS),SCANS="$(abspath $(SCANS))") $(CARGO) bench --locked -p juanzong-indexer --bench ocr

bench-facts: packages models
	$(if $(SCANS),SCANS="$(abspath $(SCANS))") $(CARGO) bench --locked -p juanzong-indexer --bench facts

bench-volumes: packages models
	$(CARGO) bench --locked -p juanzong-indexer --bench volumes

bench-findings: packages
	$(CARGO) bench --locked -p juanzong-indexer --bench findings

# LibreOffice is only measured with: apt-get install libreoffice-calc.
bench-export: packages
	$(CARGO) bench --locked -p juanzong --bench export -- $(or $(ROWS),1000000) $(abspath $(or $(DIR),target/bench-export))
	@if command -v soffice >/dev/null; then scripts/check-workbook $(or $(DIR),target/bench-export)/cases.xlsx $(or $(ROWS),1000000); \
	else echo "LibreOffice is not installed: the workbook was not opened"; fi

bench-search: packages
	$(if $(SCANS),SCANS="$(abspath $(SCANS))") $(CARGO) bench --locked -p juanzong --bench search

bench-load: build
	$(CARGO) bench --locked -p juanzong --bench load

# One package at a time: built together, the server would share the decoders of the indexer's image library.
build: packages web
	$(CARGO) build --release --locked -p juanzong
	$(CARGO) build --release --locked -p juanzong-indexer

fmt:
	$(CARGO) fmt --all
