"""The read side, one file a question: `from archive.query.search import search`. Opens the database read-only and follows a crawl
that is writing. Nothing is imported here, so that a command pays for its own question alone."""
