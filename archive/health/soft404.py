"""A page that answers 200 and says that it is not there: known by its title or heading, in many languages."""

from __future__ import annotations

import re

from archive.models import Observation, Page, State, Verdict

LONG = 2_000  # characters: a page with that much text is an article, whatever its title (a story on "Page not found")

_SAYS_GONE = re.compile(
    r"""
    \b(error|http|fehler|erreur|errore|erro|fel|feil|fejl|virhe|błąd|chyba|ошибка|помилка|hata)\s*[:\-–]?\s*4(04|10)\b
  | ^\W*4(04|10)\b(?!\s*(people|dead|cases|killed|million|billion|years|days))
  | [\-–|:(]\s*4(04|10)\W*$
  | \b(page|story|article|content|file|url|document|site|link|item|post)\b.{0,30}\b(not|n't|cannot|couldn['’]?t)\b.{0,12}\b(found|exist|available|located)
  | \b(page|story|article|content)\b.{0,20}\b(no\ longer|has\ been\ (removed|deleted|moved)|does(n['’]t|\ not)\ exist|is\ gone|missing|unavailable|has\ expired)
  | ^\W*(not\ found|nothing\ found|page\ missing|gone|oops\W*|whoops\W*|uh\ oh\W*|whoops.{0,40}not\ found|oops.{0,60}(found|exist|wrong))\W*$
  | (we|you).{0,30}(can['’]?t|could\ ?n['’]?o?t|cannot|unable\ to)\ (find|locate).{0,40}(page|story|article|looking)
  | (seite|artikel|inhalt|beitrag).{0,25}(nicht\ (gefunden|vorhanden|verfügbar|mehr)|existiert\ nicht)
  | (page|article|contenu).{0,25}(introuvable|n['’]existe|non\ trouvée?|n['’]est\ plus)
  | (página|pagina|artículo|artigo|contenido|conteúdo|nota).{0,25}(no\ (encontrada|existe|disponible|encontrado)|não\ (encontrad|existe|disponível)|non\ (trovata|esiste|disponibile))
  | pagina\ (niet\ gevonden|bestaat\ niet|nu\ a\ fost|nem)|niet\ gevonden
  | (sidan|siden|sivua|sida).{0,20}(hittades\ inte|finns\ inte|ikke\ (funnet|fundet)|finnes\ ikke|ei\ löyty)
  | (strona|stránka|stranica|strany|oldal|puslapis|lapa).{0,25}(nie\ (istnieje|została|znaleziono)|nenalezena|neexistuje|nije\ pronađena|nem\ található|nerast|nav\ atrasta)
  | (страница|страницата|сторінк\w|материал|документ|запись).{0,25}(не\ (найден|существует|знайден|намерена|існує)|удал[её]н)
  | (sayfa|sayfası).{0,20}bulunamadı | (trang|halaman).{0,25}(không\ tồn\ tại|tidak\ ditemukan) | η\ σελίδα.{0,20}δεν
  | (页面|頁面|网页|網頁|文章|内容).{0,12}(不存在|找不到|未找到|已(被)?(删除|刪除)) | (ページ|記事).{0,14}(見つかり|存在し|ありません|削除)
  | (페이지|기사).{0,14}(찾을\ 수\ 없|존재하지|삭제) | (الصفحة|المقال).{0,20}(غير\ موجود|لم\ يتم|غير\ متاح) | (הדף|העמוד|הכתבה).{0,20}(לא\ נמצא|אינו\ קיים)
  | (पृष्ठ|पेज).{0,15}नहीं | (หน้า|ไม่พบ).{0,12}(ไม่พบ|หน้า|ที่คุณ)
    """,
    re.IGNORECASE | re.VERBOSE,
)


def soft404(observation: Observation) -> Verdict | None:
    """Title or first heading says "not found", and there is no article under it."""
    page = observation.page
    if page is None or page.text_length >= LONG:
        return None
    for name, text in (("heading", page.heading), ("title", page.head_title)):
        if text and says_gone(text):
            return Verdict(State.SOFT404, f"{name}_says_gone", {name: text[:200], "text_length": page.text_length})
    return None


def says_gone(text: str) -> bool:
    """True when a title or heading says that the page does not exist."""
    return len(text) < 200 and _SAYS_GONE.search(text) is not None


def looks_gone(page: Page) -> bool:
    """`soft404` for a page alone: a capture in an archive."""
    return page.text_length < LONG and any(text and says_gone(text) for text in (page.heading, page.head_title))
