"""What the simulation's sources answer at a moment."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from html import escape

from tests.internet.build import Outlet, Story, news_page, not_found_page, plain_page
from tests.internet.corpus import Host
from tests.internet.messages import Answer, Request, packed
from tests.simulation.world import START, Article, Source

XML = "application/xml"
REDESIGN, PAYWALL, MOVE = START + timedelta(weeks=5), START + timedelta(weeks=8), START + timedelta(weeks=4)
_PATH = re.compile(r"/(\d{4})/(\d\d)/(\d\d)/story-(\d+)-.*")
_SUBJECTS = ("The ferry", "A baker", "The choir", "Our lighthouse", "The school", "A surveyor", "The market", "An engineer")
_ACTS = ("closed the western gate", "counted the herring", "sang until midnight", "mended the old bell", "asked for a receipt")


class Sites:
    """In the place of tests.internet.sites.Sites: every answer is made for the moment of the request."""

    def __init__(self, sources: list[Source], now: Callable[[], datetime]) -> None:
        self._sources = {source.host: source for source in sources}
        self._now = now

    def host(self, netloc: str) -> Host | None:
        return Host(live=True) if netloc in self._sources else None

    def resolves(self, netloc: str) -> bool:
        source = self._sources.get(netloc)
        return source is not None and not (source.habit == "gone" and source.end is not None and source.end <= self._now())

    def fetch(self, request: Request) -> Answer | None:
        return self.answer(request) if self.resolves(request.netloc) else None

    def answer(self, request: Request) -> Answer:
        source, now = self._sources[request.netloc], self._now()
        if source.habit == "flapping" and (now - START) % timedelta(days=9) < timedelta(hours=7):
            return Answer(503, b"Back soon")
        return _conditional(_page(source, request.target, now), request)


def _conditional(answer: Answer, request: Request) -> Answer:
    if answer.status != 200:
        return answer
    tag = f'"{hashlib.sha1(answer.plain, usedforsecurity=False).hexdigest()[:16]}"'
    if request.headers.get("if-none-match") == tag:
        return Answer(304, type=None, headers=(("ETag", tag),))
    return Answer(answer.status, answer.body, answer.type, (("ETag", tag),), packed=answer.packed)


def _page(source: Source, target: str, now: datetime) -> Answer:
    outlet = outlet_of(source)
    feed = "/news/rss" if source.habit == "moved" and now >= MOVE else "/feed.xml"
    if target == "/robots.txt":
        return Answer(404, b"", "text/plain")
    if target == "/":
        return packed(200, plain_page(outlet, outlet.name, "All of today's news."))
    if source.listing == "feed" and target == feed:
        return packed(200, _feed(source, now), "application/rss+xml")
    if source.habit == "moved" and target == "/feed.xml":
        return Answer(301, headers=(("Location", f"{outlet.home}/news/rss"),))
    if source.listing == "sitemap" and target == "/sitemap.xml":
        return packed(200, _sitemap(source, now), XML)
    found = _PATH.fullmatch(target)
    article = next((one for one in source.alive(now) if found and one.number == int(found[4])), None)
    if article is None:
        return packed(404, not_found_page(outlet))
    return packed(200, article_page(source, article, now))


def outlet_of(source: Source) -> Outlet:
    return Outlet(source.name.replace("-", " ").title(), f"https://{source.host}")


def listing_url(source: Source) -> str:
    return f"https://{source.host}/{'feed' if source.listing == 'feed' else 'sitemap'}.xml"


def url_of(source: Source, article: Article) -> str:
    return story_of(source, article, changed=False).url(outlet_of(source))


def story_of(source: Source, article: Article, *, changed: bool) -> Story:
    """A story like no other; a change rewrites a third of it."""
    key = f"{source.name} {article.number}"
    parish = int(hashlib.sha1(key.encode(), usedforsecurity=False).hexdigest()[:6], 16)
    paragraphs = [
        f"{_SUBJECTS[(parish + line) % 8]} of parish {parish} {_ACTS[(parish * 3 + line) % 5]} on the {line + 2}th of the month, "
        f"and those who saw it in street {parish % 977 + line} of {source.name} spoke of nothing else for {line + 2} weeks."
        for line in range(7)
    ]
    if changed:
        paragraphs[2:4] = [f"The council of parish {parish} said on second thoughts that nobody of {source.name} had seen it."]
    title = f"Parish {parish}: {_SUBJECTS[parish % 8]} of Street {parish % 977} Speaks Up"
    path = f"/{article.published:%Y/%m/%d}/story-{article.number}-parish-{parish}-speaks-up-in-street-{parish % 977}"
    return Story(path, title, article.published.isoformat(), tuple(paragraphs))


def article_page(source: Source, article: Article, now: datetime) -> str:
    story = story_of(source, article, changed=article.changed is not None and article.changed <= now)
    if source.habit == "paywalled" and now >= PAYWALL:
        return _teaser(source, story)
    if source.habit == "redesigned" and now >= REDESIGN:
        return _shell(source, story)
    return news_page(outlet_of(source), story)


def _teaser(source: Source, story: Story) -> str:
    """The first paragraph, and what publishers put in the place of the others."""
    whole = news_page(outlet_of(source), Story(story.path, story.title, story.published, story.paragraphs[:1]))
    wall = '<div class="paywall"><p>Subscribe to continue reading. Already a subscriber? Log in.</p></div></article>'
    marked = whole.replace('"@type": "NewsArticle"', '"@type": "NewsArticle", "isAccessibleForFree": false')
    return marked.replace("</article>", wall, 1)


def _shell(source: Source, story: Story) -> str:
    """A page that is made in the browser: nothing to read without running its scripts."""
    name = outlet_of(source).name
    return f'<!doctype html><html lang="en"><head><title>{name}</title></head><body><div id="app"></div><script src="/a.js"></script></body></html>'


def _listed(source: Source, now: datetime) -> list[tuple[str, Story, Article]]:
    newest = source.alive(now)[: source.listed]
    return [(url_of(source, one), story_of(source, one, changed=False), one) for one in newest]


def _feed(source: Source, now: datetime) -> str:
    items = "".join(
        f"<item><title>{escape(story.title)}</title><link>{url}</link>"
        f"<pubDate>{article.published:%a, %d %b %Y %H:%M:%S +0000}</pubDate></item>"
        for url, story, article in _listed(source, now)
    )
    head = f"<title>{escape(outlet_of(source).name)}</title><link>https://{source.host}/</link><description>News</description>"
    return f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>{head}{items}</channel></rss>'


def _sitemap(source: Source, now: datetime) -> str:
    rows = "".join(
        f"<url><loc>{url}</loc><lastmod>{article.published:%Y-%m-%dT%H:%M:%S+00:00}</lastmod></url>"
        for url, _, article in _listed(source, now)
    )
    return f'<?xml version="1.0" encoding="utf-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</urlset>'
