"""The commands that act, one file each. A new command is one file here and one line below."""

from __future__ import annotations

COMMANDS = {  # imported when it is asked for; what the list of all commands says of it
    "add": ("crawler.commands.add:add", "Queue what FILEs and URLs mention, and fetch nothing."),
    "check": ("crawler.commands.check:check", "Look at the links that FILEs and URLs mention and tell how they are."),
    "crawl": ("crawler.commands.crawl:crawl", "Add what FILEs and URLs mention and fetch all that is due."),
    "doctor": ("crawler.commands.doctor:doctor", "Check installation, database, WARC files, clock, disk and settings,..."),
    "import": ("crawler.commands.import_:import_", "Take in what other programs kept: WARC (CC-NEWS, too), WACZ, saved..."),
    "reextract": ("crawler.commands.reextract:reextract", "Read the pages that are kept again, with today's extraction and..."),
    "repair": ("crawler.commands.repair:repair", "Check the links in FILEs and FOLDERs and find what stands for the..."),
    "save": ("crawler.commands.save:save", "Have the Wayback Machine capture living pages, before they die."),
    "source": ("crawler.commands.source:source", "What is read again and again for new articles: feeds, sitemaps and..."),
}
