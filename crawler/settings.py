"""Scrapy's settings for morgue: politeness first, unsafe defaults off.

Any of them can be set for one run with `-s NAME=VALUE`, for `morgue crawl` as for `scrapy crawl`.
"""

import os
from importlib.metadata import version

BOT_NAME = "morgue"
SPIDER_MODULES = ["crawler.spiders"]
NEWSPIDER_MODULE = "crawler.spiders"

# -- ours -------------------------------------------------------------------------------------------------------------

MORGUE_HOME = os.environ.get("MORGUE_HOME", "morgue-home")
MORGUE_CONTACT = os.environ.get("MORGUE_CONTACT", "")
MORGUE_WORKERS = max(1, (os.cpu_count() or 1) - 1)  # processes that parse pages and pack records; a core is for this one
MORGUE_RELATED_DEPTH = 1  # steps from what was asked for to what its pages call related
MORGUE_RELATED_PER_PAGE = 10
MORGUE_LADDER = True  # look for what stands for a dead page; `morgue check` does not
MORGUE_PROBE = True  # ask hosts for an address that cannot exist, where a page may be what they show for any
MORGUE_LIMIT = 0  # pages to fetch in one run at most; 0: no limit
MORGUE_PATIENCE = 12.0  # seconds that a run waits for a page whose retry is near
MORGUE_ARCHIVE_TIMEOUT = 90  # seconds; prefix listings take 25 s and more (agntn/archives issue 70, 2026-09)
MORGUE_SAVE_POLL = 10.0  # seconds between two questions about a page that is being saved, which takes 16 and more
MORGUE_ALLOW_PRIVATE = False  # addresses in private networks, for an intranet of one's own

# -- politeness -------------------------------------------------------------------------------------------------------

# No address is made up when none is given: a user and host name would tell every site who archives it.
USER_AGENT = f"morgue/{version('morgue')} (news archiving; contact: {MORGUE_CONTACT or 'none given'})"
ROBOTSTXT_OBEY = True  # by crawler.middlewares.robots
ROBOTSTXT_USER_AGENT = "morgue"
DOWNLOAD_DELAY = 1.0
DOWNLOAD_DELAY_JITTER = 0.0  # a Crawl-delay is a minimum: a random variation would go below it
CONCURRENT_REQUESTS = 32  # those that wait for their host's delay count: a few slow hosts must leave room for others
CONCURRENT_REQUESTS_PER_DOMAIN = 1
# One connection to an archive: quick new ones are answered with refusals (hartator/wayback-machine-downloader, issues
# 264-277). Its pace is kept by archive.budgets.
DOWNLOAD_SLOTS = {
    host: {"concurrency": 1, "delay": 0}
    for host in ("web.archive.org", "arquivo.pt", "index.commoncrawl.org", "data.commoncrawl.org")
}
DOWNLOAD_TIMEOUT = 60
DOWNLOAD_MAXSIZE = 32 * 1024 * 1024
DOWNLOAD_WARNSIZE = 0
# Bytes of pages under way. Pages whose replacement is being looked for wait for archives, some for minutes; with
# Scrapy's 5 MB a few dozen of them keep all other pages from being fetched.
CONCURRENT_ITEMS = 1  # a page gives one item; Scrapy 2.19 starts that many tasks for each response (0.9 ms, 2026-11-25)
SCRAPER_SLOT_MAX_ACTIVE_SIZE = 32 * 1024 * 1024
DOWNLOAD_FAIL_ON_DATALOSS = False  # a body cut short is kept, marked WARC-Truncated, and asked for again

# -- safety -----------------------------------------------------------------------------------------------------------

DOWNLOAD_VERIFY_CERTIFICATES = True  # Scrapy 2.19 does not by default
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False  # on by default in Scrapy 2.19: a local port that runs Python
DOWNLOAD_HANDLERS = {"file": None, "data": None, "ftp": None, "s3": None}
TWISTED_DNS_RESOLVER = "crawler.names.PublicResolver"

# -- the parts that make this a morgue --------------------------------------------------------------------------------

SCHEDULER = "crawler.scheduler.FrontierScheduler"
DUPEFILTER_CLASS = "scrapy.dupefilters.BaseDupeFilter"  # urls.url is unique: the frontier knows
ITEM_PIPELINES = {"crawler.pipelines.StorePipeline": 100}
DOWNLOADER_MIDDLEWARES = {
    # Scrapy 2.14-2.19 lets the third and later requests that wait for a robots.txt pass (facts of 2026-11-23).
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "crawler.middlewares.safety.SafetyMiddleware": 50,
    "crawler.middlewares.robots.RobotsMiddleware": 100,
    "crawler.middlewares.archives.ArchiveGate": 150,
    # Nobody allows domains or sets passwords; each middleware costs every page 0.1 ms of the one process (2026-11-25).
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
}
# A visit yields its record and nothing else: no request whose depth, length or referrer could be looked at.
SPIDER_MIDDLEWARES = {
    "scrapy.spidermiddlewares.httperror.HttpErrorMiddleware": None,
    "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware": None,
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,
    "scrapy.spidermiddlewares.metacopy.MetaCopyDetectionMiddleware": None,
}
DOWNLOADER_STATS = False
# Redirects are followed by crawler.fetch, which keeps each hop; failed pages are the frontier's; content codings are
# undone in the worker processes, so that the WARC has the bytes as received; nothing sets cookies or referrers.
REDIRECT_ENABLED = False
METAREFRESH_ENABLED = False
RETRY_ENABLED = False
COMPRESSION_ENABLED = False
COOKIES_ENABLED = False
REFERER_ENABLED = False
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.5",
    "Accept-Language": "*",
    "Accept-Encoding": "gzip, deflate, br",
}

LOG_LEVEL = "WARNING"
STATS_DUMP = False
LOGSTATS_INTERVAL = 0
