"""The pages, one file each: what a path shows. A new page is one file here and one line below."""

from __future__ import annotations

from archive.web.pages.address import address
from archive.web.pages.article import article
from archive.web.pages.base import missing
from archive.web.pages.compare import compare
from archive.web.pages.front import front
from archive.web.pages.health import health
from archive.web.pages.record import record
from archive.web.pages.search import search
from archive.web.pages.sources import sources

# Paths as Datasette matches them, the first that fits; what fits none is Datasette's own: /morgue, its tables and SQL.
PAGES = (
    (r"/$", front),
    (r"/search$", search),
    (r"/article/(?P<article>[0-9]{1,18})$", article),
    (r"/article/(?P<article>[0-9]{1,18})/compare$", compare),
    (r"/address$", address),
    (r"/health$", health),
    (r"/sources$", sources),
    (r"/record/(?P<capture>[0-9]{1,18})$", record),
    # Datasette's pages about itself: they need scripts, or show what is nobody's business
    (r"/-/.*$", missing),
    (r"/_internal.*$", missing),
    (r"/morgue\.db$", missing),
)
