"""What the commands do. Their options are in `crawler.commands`, which imports nothing heavy."""
