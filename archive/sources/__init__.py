"""Sources as data: what lists the articles of a site, read, found, bounded, taken in and given out. Pure, no I/O.

`base` has the nouns, `listings` reads feeds, sitemaps and section pages, `discovery` and `places` find them, `bounds` says which
addresses belong to a source, `files` are OPML, bookmarks and CSV. What parses markup is for the worker processes: nothing is
imported here.
"""
