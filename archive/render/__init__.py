"""Articles as text for other programs. Pure: a row of `archive.query` in, text out."""
