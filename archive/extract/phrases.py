"""What lines say that are no part of an article, in many languages: pleas, credits, labels, and where an article ends."""

from __future__ import annotations

import re

_SENTENCE = re.compile(r"[.!?…。！？।؟۔\"”»’“'）)\]]\s*$")


def is_sentence(text: str) -> bool:
    """True for a text that ends as sentences do, in any script."""
    return _SENTENCE.search(text[-5:]) is not None


# Nothing but an address, numbers, or the label of an advertisement; or what a template left behind.
_NOTHING = re.compile(
    r"https?://\S+|[\d\-:T.+/, ]+|\W*"
    r"(advert(isement)?|anzeige|werbung|reklama|publicité|publicidad|pubblicità|реклама|annonse|annons|広告|publicidade)?\W*",
    re.IGNORECASE,
)
_TEMPLATE = re.compile(r"\{[{|*%].*[}|*%]\}|^placeholder\b|^\[(embed|gallery)", re.IGNORECASE)
MAX_NOTHING = 300  # characters


def says_nothing(text: str) -> bool:
    """True for a line without words of its own."""
    return len(text) < MAX_NOTHING and bool(_NOTHING.fullmatch(text) or _TEMPLATE.search(text))


_CAPTION = re.compile(
    r"((photo|image|picture|photograph|illustration|video|source|credit|foto|bild|quelle|fuente|crédit)(s|os|er|n)?"
    r"( (by|credit|von|courtesy|de|:))?|©|\(c\))\s*[:/©|]",
    re.IGNORECASE,
)
_CREDIT = re.compile(
    r"file photo|getty images|/ ?afp\b|\bap photo|reuters/|\bvia ap\b|/ ?(epa|dpa|ap|pa)\b|shutterstock|picture[- ]alliance"
    r"|imago\b|\((photo|image|foto|picture)\b|\((ap|afp|reuters)\)\W*$|©"
)
_CREDITED = ("/", "(", "©", "photo", "getty", " ap", "shutterstock", "alliance", "imago")  # no credit is without one of them

_PLEAS = {
    "en": r"click here|sign up (for|to)|subscribe|follow (us|@|him|her|me|\w+ on)"
    r"|get (the|our|more|unlimited) .*(newsletter|inbox|app\b|alerts)|join (us|our|the conversation)|download (the|our)"
    r"|read (more|next|also)|have a tip|do you have a (story|tip)|got a (story|tip)|listen to (the|this|our)|watch( more| now)?:"
    r"|email \S+@|(you can )?(contact|reach) \w+ (\w+ )?(at|on|via)\b|(if|when) you (buy|purchase|click|shop).*commission"
    r"|this (article|story|post) (was )?(originally|first) (published|appeared)|we (may )?(earn|use income)|all rights reserved"
    r"|photograph:|image credit",
    "de": r"folgst du|folgen sie|abonnier|hier (geht es|finden sie|klicken|anmelden)|jetzt .*(abonnieren|anmelden|lesen)\W*$"
    r"|mehr zum thema|bitte (achten|beachten) sie|lest (den|hier)|lesen sie (auch|hier|mehr)|(auch|weitere) interessant",
    "fr": r"abonnez|inscrivez|suivez",
    "es, pt, it": r"suscr[ií]b|síguenos|sigue toda|iscriviti|seguici|leggi anche|assine|siga",
    "pl": r"subskryb|obserwuj|zapisz się|czytaj (więcej|też|także|również)",
    "ru": r"подпис|читайте (также|нас|по теме)|следите за",
    "signs": r">>|->|→",
}  # fmt: skip
_PLEA = re.compile(rf"\W*({'|'.join(_PLEAS.values())})")  # of lower-case text: half the price of IGNORECASE
_ANYWHERE = {  # by words that must be there: nearly no line has any of them, and looking for words costs a tenth
    ("newsletter", "whatsapp", "nyhetsbrev", "nieuwsbrief", "boletín"): (
        r"\b(newsletter|whatsapp[- ](channel|kanal|canal)|nyhetsbrev|nieuwsbrief|boletín)\b"
    ),
    ("contributed ",): r"contributed (reporting )?to this (report|story|article)",
    ("facebook", "twitter", "instagram", "whatsapp", "telegram"): (
        r"@\w+ (and|on) (twitter|facebook)|\b(follow|find|visit|like|join|folgen|folge|bei|suivez|síguenos|segui\w*)\b"
        r".{0,60}(facebook|twitter|instagram|whatsapp|telegram)"
    ),
    ("privatsphäre-", "datenschutz", "privacy "): (
        r"privatsphäre-einstellungen|datenschutzerklärung|privacy (settings|preferences|policy)"
    ),
    ("会員", "メールマガジン", "購読者"): r"会員限定|会員登録|有料会員|メールマガジン|購読者",
}
_PLEAS_ANYWHERE = [(words, re.compile(pattern)) for words, pattern in _ANYWHERE.items()]
MAX_PLEA = 400  # characters


def pleads(text: str) -> bool:
    """True for a line that asks its reader for something: to subscribe, to follow, to read on elsewhere."""
    if len(text) >= MAX_PLEA:
        return False
    text = text.lower()
    return _PLEA.match(text) is not None or any(
        any(word in text for word in words) and pattern.search(text) for words, pattern in _PLEAS_ANYWHERE
    )


def is_credit(text: str) -> bool:
    """True for the caption of a picture."""
    if len(text) < 200 and _CAPTION.match(text):
        return True
    end = text[-60:].lower() if len(text) < 500 else ""
    return any(sign in end for sign in _CREDITED) and _CREDIT.search(end) is not None


_ENDS = re.compile(
    r"\W*(\d+ )?(top rated |reader |leser-?)?("
    r"comments?|kommentare?|commentaires?|comentarios|comentários|commenti|reacties|komentarze|комментарии|отзывы|コメント|评论"
    r"|more (from|on|about|in|stories|news|articles|.{1,30}$).{0,50}|related.{0,30}|you (may|might) also like.{0,10}|popular"
    r"|most (read|popular).{0,20}|recommended.{0,20}|about the authors?|join the (conversation|discussion).{0,30}"
    r"|leave a (comment|reply)|our staff|editors.? picks?|trending.{0,20}|read next|latest.{0,30}|current issue|sites of interest"
    r"|weitere (artikel|themen|beiträge|meldungen).{0,40}|mehr (zum thema|aus|zu|von).{0,40}|das könnte.{0,40}"
    r")( \(\d+\))?\W*",
    re.IGNORECASE,
)


def ends_article(text: str) -> bool:
    """True for a heading under which comments or other articles stand."""
    return len(text) < 80 and _ENDS.fullmatch(text) is not None
