"""What kind of page this is: first rule that matches, in the order of KINDS. Only some kinds are articles."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from archive.extract.body import is_teaser
from archive.extract.lines import MIN_PROSE, Line, width
from archive.extract.structured import Meta, Stated
from archive.extract.text import is_article_text
from archive.models import Kind
from archive.urls import is_home, looks_like_article

SHORT = 1_500  # characters: less may be the beginning of an article behind a paywall, or words around a video
LONG = 3_000  # characters of running text: a page with more is an article, whatever else is on it
MANY = 12  # teasers


def asks_password(tree: HtmlElement) -> bool:
    """True when a form of the page has a field for one."""
    return any(field.get("type") == "password" for field in tree.iter("input"))


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rules look at."""

    url: str
    title: str  # <title> and headings, one a line
    text: str  # of the article
    lines: list[Line]
    stated: Stated
    meta: Meta
    size: int  # its width
    asks_password: bool

    @property
    def declared(self) -> bool:
        """True when the publisher says that it is an article."""
        return bool(self.stated.headline) or (self.meta.first("og:type") or "").lower() == "article"

    def is_a(self, *types: str) -> bool:
        return any(name in self.stated.types for name in types)


def kind_of(facts: Facts) -> Kind | None:
    """The kind; None for a page that none of the rules knows."""
    return next((kind for kind, rule in KINDS if rule(facts)), None)


_ERROR = re.compile(
    r"^\W*((error|http|status)\s*:?\s*[45]\d\d\b|[45]\d\d\W*$"
    r"|[45]\d\d\W+(not found|forbidden|bad|internal|server|service|gateway))"
    r"|\b(bad gateway|gateway time-?out|service (temporarily )?unavailable|internal server error|application error)\b"
    r"|^\W*(page not found|something went wrong|(site |under |scheduled )?maintenance|wartungsarbeiten)\b",
    re.IGNORECASE | re.MULTILINE,
)


def _error(facts: Facts) -> bool:
    return facts.size < SHORT and not facts.stated.headline and _ERROR.search(facts.title) is not None


_CONSENT = re.compile(
    r"cookies?\b|consent|personali[sz]ed (ads|content)|privacy|gdpr|zustimm|einwillig|datenschutz|werbung und tracking"
    r"|personalisierte|consentement|confidentialité"
    r"|publicités personnalisées|consentimiento|privacidad|toestemming|samtycke|samtykke|zgod[aę]\b"
    r"|согласие|vendors?\b|legitimate interest|berechtigtes interesse|クッキー|同意",
    re.IGNORECASE,
)
_CONSENT_PLACE = re.compile(
    r"^(consent|cmp|privacy-?gate|myprivacy)\.|/(consent|privacy-?gate|cookie-?wall|collectconsent)\b", re.IGNORECASE
)


def _consent(facts: Facts) -> bool:
    """Nearly all that is said is of cookies and consent."""
    if facts.size > LONG or (facts.declared and facts.size > 400):
        return False
    parts = urlsplit(facts.url)
    if _CONSENT_PLACE.search(parts.hostname or "") or _CONSENT_PLACE.search(parts.path):
        return True
    told = [line for line in facts.text.splitlines() if width(line) >= MIN_PROSE]
    said = told or [line.text for line in facts.lines if line.prose]
    telling = [line for line in said if _CONSENT.search(line)]
    words = {match[0].lower() for line in telling for match in _CONSENT.finditer(line)}
    return len(words) > 1 and sum(map(len, telling)) >= 0.5 * sum(map(len, said))


_LOGIN = re.compile(
    r"\b(log ?in|sign ?in|anmelden|anmeldung|einloggen|connexion|se connecter|identif[iy]|iniciar sesión|acceso|inloggen|logga in"
    r"|logg inn|zaloguj|accedi|entrar|вход|войти)\b|ログイン|登录|登入|로그인",
    re.IGNORECASE,
)


def _login(facts: Facts) -> bool:
    return facts.size < SHORT and not facts.declared and facts.asks_password and _LOGIN.search(facts.title) is not None


def _front(facts: Facts) -> bool:
    return is_home(facts.url)


_LIVE = re.compile(
    r"\blive[ -]?(blog|ticker)|\bnews-?(blog|ticker)|\blive\b\s*[:|–-]|\blive (updates|news)\b|\ben (direct|vivo|directo)\b"
    r"|minuto a minuto|ao vivo|\bin diretta\b|онлайн-трансляция|livesending|direktesendt|速報中",
    re.IGNORECASE,
)
_CLOCK = re.compile(r"\b([01]?\d|2[0-3])[:.h][0-5]\d\b")


def _live(facts: Facts) -> bool:
    """Said to be one, and with the hours of its entries."""
    if facts.is_a("LiveBlogPosting"):
        return True
    return _LIVE.search(facts.title) is not None and sum(1 for line in facts.lines if _CLOCK.search(line.text[:40])) >= 5


_VIDEO_PLACE = re.compile(r"/(videos?|watch|mediathek|tv)/", re.IGNORECASE)
_GALLERY_PLACE = re.compile(
    r"/(galler(y|ies)|photo-?galler(y|ies)|photos|pictures|slideshow|bildergalerien?|fotostrecken?|diaporama"
    r"|fotogalerias?|galeria|galerie)[/-]",
    re.IGNORECASE,
)


def _video(facts: Facts) -> bool:
    told = (facts.meta.first("og:type") or "").lower().startswith("video") or facts.is_a("VideoObject")
    return facts.size < SHORT and (told or _VIDEO_PLACE.search(urlsplit(facts.url).path) is not None)


def _gallery(facts: Facts) -> bool:
    told = facts.is_a("ImageGallery", "MediaGallery") or _GALLERY_PLACE.search(urlsplit(facts.url).path) is not None
    return told and facts.size < LONG


_PAYWALL = re.compile(
    r"subscribe to (continue|read|keep)|(already|become) a (subscriber|member)|register to (read|continue)|for subscribers only"
    r"|to (continue|keep) reading|weiterlesen mit|jetzt weiterlesen|nur für abonnent|mit .{1,20}\+ (weiterlesen|lesen)"
    r"|réservé aux abonnés|pour lire la suite|(contenido|artículo) (exclusivo|solo) para suscriptores|lees verder met"
    r"|för prenumeranter|for abonnenter|dla (subskrybentów|prenumeratorów)|riservato agli abbonati|только для подписчиков"
    r"|会員限定|有料会員|続きを読む|この記事は有料",
    re.IGNORECASE,
)


_WALLS = frozenset({"paywall", "regwall", "piano"})


def _stub(facts: Facts) -> bool:
    """Little text, on a page that says that the rest is for subscribers."""
    if not 0 < facts.size < SHORT or facts.stated.free:
        return False
    return facts.stated.paid or any(
        _PAYWALL.search(line.text) or (line.prose and not _WALLS.isdisjoint(line.marks)) for line in facts.lines[:2_000]
    )


def _section(facts: Facts) -> bool:
    """Many teasers, little text, and neither the publisher nor the address calls it an article."""
    if facts.size > SHORT or facts.declared or looks_like_article(facts.url):
        return False
    listed = facts.is_a("CollectionPage", "ItemList", "SearchResultsPage") or (facts.meta.first("og:type") or "") == "website"
    teasers = sum(1 for line in facts.lines if width(line.text) >= 25 and line.linked and is_teaser(line))
    return teasers >= (MANY // 2 if listed else MANY) and teasers * 100 > facts.size


def _article(facts: Facts) -> bool:
    return is_article_text(facts.text)


KINDS: tuple[tuple[Kind, Callable[[Facts], bool]], ...] = (
    (Kind.ERROR, _error),
    (Kind.CONSENT, _consent),
    (Kind.LOGIN, _login),
    (Kind.FRONT, _front),
    (Kind.LIVE, _live),
    (Kind.PAYWALL, _stub),
    (Kind.VIDEO, _video),
    (Kind.GALLERY, _gallery),
    (Kind.SECTION, _section),
    (Kind.ARTICLE, _article),
)
ARTICLES = frozenset({Kind.ARTICLE, Kind.LIVE, Kind.GALLERY, Kind.VIDEO, Kind.PAYWALL})
INSTEAD = frozenset({Kind.CONSENT, Kind.LOGIN, Kind.ERROR})
"""What a site may show in place of an article, at its address."""
