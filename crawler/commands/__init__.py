"""The commands that act, one file each. A new command is one file here and one line below."""

from __future__ import annotations

from crawler.commands.add import add
from crawler.commands.check import check
from crawler.commands.crawl import crawl
from crawler.commands.doctor import doctor
from crawler.commands.reextract import reextract
from crawler.commands.repair import repair
from crawler.commands.save import save
from crawler.commands.source import source

COMMANDS = (add, check, crawl, doctor, reextract, repair, save, source)
