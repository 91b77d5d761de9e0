"""Dagbladet (Norway): JSON-LD and <meta> name one author, the page shows all (seen on a page of 2024-08-04)."""

from datetime import date

from archive.extract.sites.base import Site
from archive.extract.tree import xpath

DAGBLADET = Site(
    domain="dagbladet.no",
    since=date(2024, 1, 1),
    until=date(2025, 12, 31),  # the page of 2026-01-06 has another layout
    authors=xpath("//*[contains(@class, 'bylines')]//address[contains(@class, 'name')]"),
)
