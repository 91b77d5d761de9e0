"""The words that make a version: a text without what a page changes by itself from day to day. Pure.

A line, a part of one between `|`, `·` and `•`, or what stands in brackets is left out when it says nothing but *when* or
*how often*: labels ("updated", "views"), dates, times, ages and counts, and no other word at all. So is a line that
offers another article ("Read more: …"), and the publisher's own ("© 2026 …", "Advertisement"). Signs that typesetters
swap (quotes, dashes, blanks, soft hyphens) are one. Everything else is the article's: "12 dead" to "13 dead" is another text.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata

from archive.timestamps import month_number

LONGEST = 200  # characters: a longer line is a paragraph, and looked at no closer


def wording(text: str) -> str:
    """The words of a text that count, blanks folded; two texts of equal wording are one version."""
    lines = (_counted(line) for line in _typeset(text).splitlines())
    return " ".join(" ".join(lines).split())


def digest_of(title: str | None, text: str) -> str:
    """What makes a version: the first half of SHA-256 over the wording of title and text.

    128 bits tell the texts of any archive apart; the other half would be 2 % of the file, since it stands in an index, too.
    """
    seen = f"{wording(title or '')}\n{wording(text)}"
    return hashlib.sha256(seen.encode("utf-8", "replace")).hexdigest()[:32]


# Quotes, dashes and blanks as they are typed; what nobody sees is taken out.
_SIGNS = (
    dict.fromkeys("‘’‚‛′`´", "'") | dict.fromkeys("“”„‟″«»", '"') | dict.fromkeys("‐‑‒–—―−", "-") | {"…": "..."}
    | dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff", "")
)  # fmt: skip
_SWAPPED = re.compile(f"[{''.join(_SIGNS)}]")  # 0.02 ms for an article, str.translate() takes 0.2 (2026-11-25)


def _typeset(text: str) -> str:
    return _SWAPPED.sub(lambda sign: _SIGNS[sign[0]], unicodedata.normalize("NFC", text))


_PARTS = re.compile(r"\s*[|·•]\s*")
_BRACKETS = re.compile(r"[(\[]([^()\[\]]{3,80})[)\]]")


def _counted(line: str) -> str:
    """What of a line counts."""
    if len(line) > LONGEST:
        return line
    if _PUBLISHERS.fullmatch(line.strip()):
        return ""
    line = _BRACKETS.sub(lambda match: "" if is_clockwork(match[1]) else match[0], line)
    return " ".join(part for part in _PARTS.split(line) if not is_clockwork(part))


def is_clockwork(part: str) -> bool:
    """True when a part of a line says only when or how often: "Updated 5 minutes ago", "1,204 views", "25 November 2026"."""
    words = _WORDS.findall(part.casefold())
    if not any(word.isdigit() or word in _NOW for word in words) or not all(map(_is_of_clocks, words)):
        return False
    dated = _DATE.search(part) is not None or any(month_number(word) for word in words if not word.isdigit())
    return dated or any(word in _TELLING for word in words)


def _is_of_clocks(word: str) -> bool:
    return word.isdigit() or word in _KNOWN or month_number(word) is not None


_WORDS = re.compile(r"[^\W\d_]+|\d+")
_DATE = re.compile(r"\b\d{4}[-./]\d{1,2}[-./]\d{1,2}\b|\b\d{1,2}[-./]\d{1,2}[-./]\d{2,4}\b|\d{4}年")


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# One of these makes a part clockwork, when all the rest of it is known as well.
_STAMPED = _set(
    "updated modified published posted edited created uploaded aktualisiert geändert veröffentlicht erstellt stand "
    "jour modifié publié actualisé posté actualizado actualización modificado publicado atualizado atualização aggiornato "
    "aggiornamento modificato pubblicato bijgewerkt gewijzigd gepubliceerd geplaatst uppdaterad publicerad ändrad oppdatert "
    "publisert endret opdateret udgivet päivitetty julkaistu zaktualizowano aktualizacja opublikowano aktualizováno publikováno "
    "обновлено опубликовано изменено оновлено güncellendi yayınlandı güncelleme 更新 最終更新 更新日 更新日時 公開 公開日 発行 "
    "发布 发布时间 更新时间 입력 수정 등록 기사입력"
)
_AGES = _set(
    "ago vor hace há fa geleden sedan siden sitten temu назад тому önce 前 전 分前 時間前 日前 分钟前 小时前 天前 분전 시간전"
)
_COUNTED = _set(
    "views view reads shares share comments comment likes like retweets reactions claps visits hits aufrufe kommentare kommentar "
    "mal geteilt vues partages commentaires vistas visitas compartidos comentarios comentários visualizações visualizzazioni "
    "condivisioni commenti weergaven reacties visningar visninger kommentarer delningar delinger wyświetleń komentarzy "
    "просмотров комментариев просмотры комментарии görüntülenme yorum 閲覧 コメント 件のコメント 浏览 阅读 评论 조회 조회수 댓글"
)
_NOW = _set("now today yesterday heute gestern hoy ayer hoje ontem oggi ieri vandaag gisteren сегодня вчера")
_TELLING = _STAMPED | _AGES | _COUNTED | _NOW
_BESIDE = _set(
    "just last first originally this article story page post was has been is at on the of by about min read minute minutes mins m "
    "minuten minuta minuto minutos minuti minuter minutter минут минуты минуту hour hours hr hrs h stunde stunden std heure heures "
    "hora horas ora ore uur uren timmar timer час часа часов second seconds sec secs sekunden secondes segundos day days tag tagen "
    "jour jours día días dia dias giorno giorni dag dagen dagar dage день дня дней week weeks woche wochen semaine semaines semana "
    "semanas am pm utc gmt bst est edt cst cdt pst pdt cet cest mez mesz msk jst kst ist uhr um den der die dieser artikel wurde "
    "zuletzt am le la à a il y et mis mise dernière de el en las los última último ultimo del alle ore om laatst op kl kello "
    "senast sist o godz г в e "
    "monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun montag dienstag mittwoch "
    "donnerstag freitag samstag sonntag lundi mardi mercredi jeudi vendredi samedi dimanche lunes martes miércoles jueves viernes "
    "sábado domingo lunedì martedì mercoledì giovedì venerdì sabato domenica maandag dinsdag woensdag donderdag vrijdag zaterdag "
    "zondag k st nd rd th total so far "
    "年 月 日 時 分 秒 时 時間 小时 分钟 时间 분 시간 일 년 월 오전 오후 午前 午後 件 回 次"
)
_KNOWN = _TELLING | _BESIDE

_PUBLISHERS = re.compile(
    r"(©|\(c\)|copyright\b).{0,120}"
    r"|\W*(advert(isement)?s?|anzeige|werbung|reklama|publicité|publicidade?|pubblicità|реклама|annonse|annons|広告|广告)\W*"
    r"|(read (more|next|also|on)|see also|more on this|related( (story|stories|articles?))?|watch( now)?|lesen sie (auch|mehr)"
    r"|mehr zum thema|lire aussi|à lire aussi|lee también|leer más|leggi anche|leia (também|mais)|czytaj (też|także|również)"
    r"|lees ook|les også|läs också|læs også|читайте также|関連記事|相关阅读)(:.*|\W*)",
    re.IGNORECASE,
)
