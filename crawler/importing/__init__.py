"""`morgue import`: what other programs kept (archive.imports) goes through the extraction, verdicts and store of a crawl."""
