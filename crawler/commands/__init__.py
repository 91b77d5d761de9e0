"""The commands that act, one file each. A new command is one file here and one line below."""

from __future__ import annotations

COMMANDS = {  # each is imported when it is asked for
    "add": "crawler.commands.add:add",
    "check": "crawler.commands.check:check",
    "crawl": "crawler.commands.crawl:crawl",
    "doctor": "crawler.commands.doctor:doctor",
    "reextract": "crawler.commands.reextract:reextract",
    "import": "crawler.commands.import_:import_",
    "repair": "crawler.commands.repair:repair",
    "save": "crawler.commands.save:save",
    "source": "crawler.commands.source:source",
}
