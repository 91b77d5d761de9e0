"""Addresses: one canonical form, lookup keys, and what can be read from their words. Pure; never fetches."""

from archive.urls.canonical import MAX_LENGTH, NotAURL, canonicalize
from archive.urls.keys import host, same_site, site, split_url, urlkey
from archive.urls.spellings import cleaned, variants, without_entities
from archive.urls.words import is_home, looks_like_article, path_date, slug, slug_words, url_ids

__all__ = [
    "MAX_LENGTH",
    "NotAURL",
    "canonicalize",
    "cleaned",
    "host",
    "is_home",
    "looks_like_article",
    "path_date",
    "same_site",
    "site",
    "slug",
    "slug_words",
    "split_url",
    "url_ids",
    "urlkey",
    "variants",
    "without_entities",
]
