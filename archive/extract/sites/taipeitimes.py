"""Taipei Times: the caption of the picture is an <h1> in the text, authors are items of a list (seen on a page of 2024-10-15)."""

from datetime import date

from archive.extract.sites.base import Site
from archive.extract.tree import xpath

TAIPEI_TIMES = Site(
    domain="taipeitimes.com",
    since=date(2019, 1, 1),
    drop=xpath("//*[contains(concat(' ', @class, ' '), ' imgboxa ')]"),
    authors=xpath("//ul[contains(concat(' ', @class, ' '), ' as ')]//*[@class = 'name']"),
)
