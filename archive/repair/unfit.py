"""Why a page cannot be anybody's article, whatever it says: gone, a wall, a consent form, a list of other articles. Pure."""

from __future__ import annotations

import re

from archive.health import judge
from archive.models import Hop, Observation, Page, Role
from archive.repair.words import words
from archive.urls import is_home, looks_like_article, site
from archive.webarchives import Memento

WALL = 3_000  # characters: a page with more text shows something beside its consent form
LIST = 15  # links to articles

# Whole titles, with the site's name behind a separator or without: "Cookies for Christmas" is an article.
_FORMS = re.compile(
    r"""
    \W*(
      before\ you\ continue(\ to\ .{1,30})? | we\ value\ your\ privacy | your\ (privacy|data)(\ (choices|rights|matters?))?
    | (.{0,20}\ )?privacy\ (settings|choices|preferences|gate|notice|policy|center) | datenschutz(erklärung|einstellungen)?
    | (manage\ )?(your\ )?(cookies?|consent|tracking)([ -](settings|preferences|consent|policy|notice|wall|instellingen))?
    | cookie-?(einstellungen|instellingen|zustimmung|hinweis) | (gdpr|privacy)[ -]consent | einwilligung | zustimmung
    | (please\ )?(sign|log)[ -]?(in|on)(\ to\ .{1,30})? | login | register | sign\ ?up | subscribe(\ to\ .{1,30}|\ now)?
    | create\ (an|your)\ account | subscription\ required | subscriber\ log[ -]?in | anmelden | anmeldung | einloggen | abonnieren
    | (se\ )?connecter | connexion | s['’]identifier | s['’]abonner | (votre\ )?consentement | (gestion\ des|vos)\ cookies
    | iniciar\ sesión | suscríbete | suscripción | accedi | registrati | inloggen | aanmelden | log\ ind | logga\ in | logg\ inn
    )\W*(\s[|–—·:-]\s.*)?
    """,
    re.IGNORECASE | re.VERBOSE,
)


def unfit(page: Page | None, url: str, memento: Memento | None) -> str | None:
    """One line for people; None when the page may be an article. `url` is where it lives or was captured."""
    if memento is not None and memento.status not in (200, 203):
        return f"captured with status {memento.status}"
    if memento is not None and memento.redirects_to:
        return "captured as a redirect"
    if page is None:
        return "no page"
    verdict = judge(Observation(url, (Hop(url, 200, memento.headers if memento else ()),), None, page))
    if not verdict.state.living:
        return f"not the page ({verdict.rule})"
    if page.article is None:
        return f"no article ({page.status})"
    return _no_article(page, url)


def _no_article(page: Page, url: str) -> str | None:
    title = page.article.title if page.article else None
    canonical = page.article.canonical_url if page.article else None
    if page.text_length < WALL and any(text and _FORMS.fullmatch(text) for text in (title, page.heading, page.head_title)):
        return "a form for consent or login"
    if is_home(url):
        return "a front page"
    if canonical and is_home(canonical):
        return "it calls the front page its address"
    if _is_list(page):
        return "a list of articles"
    return "its title is the site's name" if _named_as_site(page, url) else None


def _is_list(page: Page) -> bool:
    """Links to many articles, hardly a text of its own, and nobody's name or date on it."""
    article = page.article
    if article is None or article.published or article.authors:
        return False
    anchors = [link.anchor for link in page.links if link.role is not Role.CANONICAL and looks_like_article(link.url)]
    return len(anchors) >= LIST and sum(map(len, anchors)) > len(article.text) / 2


def _named_as_site(page: Page, url: str) -> bool:
    """Title and heading say no more than whose page it is."""
    names = {"".join(words(name)) for name in (page.article.site if page.article else None, site(url).partition(".")[0]) if name}
    titles = [title for title in (page.article.title if page.article else None, page.heading, page.head_title) if title]
    return bool(titles) and all("".join(words(title)) in names for title in titles)
