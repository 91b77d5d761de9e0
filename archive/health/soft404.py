"""A page that answers 200 and says that it is not there: known by its title or heading, in many languages."""

from __future__ import annotations

import re

from archive.models import Observation, Verdict
from archive.states import State

LONG = 2_000  # characters: a page with that much text is an article, whatever its title (a story on "Page not found")
MAX_TITLE = 200  # characters: no error page has a longer one

# Sentences that a page says of itself. They end where the title does or where a sign sets the site's name off: in
# "Page, Robert, not found guilty" and "The story of a missing girl" the words go on.
_SENTENCES = (
    r"(page|story|article|content|file|url|document|resource|object|item|post|link|directory|site)\s+((you|that|we|this)\s.{0,40}\s)?((was|is|were|are|be|could|can|has|have)\s+)?(not|cannot|n[’']t)(\s+(be|been))?\s+(found|available|located|exist|accessible)",
    r"(page|story|article|content|file|url|document|resource|item|post|link)\s+((you|that|we|this)\s.{0,40}\s)?((could|ca|is|was|does|do|has)n?[’']t)(\s+(be|been))?\s+(found|available|located|exist|accessible)",
    r"(page|story|article|content|file|url|document|resource|item|post|link)\s+((you|that|we)\s.{0,40}\s)?(is|was|are|has|has\s+been|may\s+have\s+been)?\s*(no\s+longer\s+(available|exists?|here|active)|missing|gone|removed|deleted|unavailable|expired|moved)",
    r"(page|story|article|content|file|url|document|resource|item|post|link)\s+((you|that|we)\s.{0,40}\s)?(does|do|did)\s*(not|n[’']t)\s+exist(\s+anymore|\s+any\s+more)?",
    r"(we|i)\b.{0,20}(ca(n[’']t|nnot)|could\s*(n[’']t|not)|(are|were|am)\s+unable\s+to)\s+(find|locate)\s+(the|that|this|your|what|any)\s.{0,40}",
    r"no\s+(such\s+)?(page|article|story|results?)(\s+(was|were))?(\s+found)?(\s+here)?",
    r"(seite|artikel|inhalt|beitrag|dokument|datei)\b[^:]{0,30}(nicht\s+(gefunden(\s+werden)?|vorhanden|verfügbar|mehr\s+(verfügbar|vorhanden|online|da)|existent)|existiert\s+nicht(\s+mehr)?|gelöscht|entfernt)",
    r"(diese|die|der|dieser)\s.{0,30}(gibt\s+es\s+(hier\s+)?(nicht|nicht\s+mehr|leider\s+nicht))",
    r"(page|article|contenu|document|fichier)\b[^:]{0,30}(introuvable|n[’']existe\s+(pas|plus)|non\s+trouvée?|inexistante?|n[’']est\s+(pas|plus)\s+(disponible|accessible|en\s+ligne)|n[’']a\s+pas\s+été\s+trouvée?|supprimée?)",
    r"(página|artículo|contenido|nota|noticia|documento)\b[^:]{0,30}(no\s+(encontrad[oa]|existe|disponible|está\s+disponible|(se|ha\s+sido|fue)\s+.{0,12}(encuentra|encontró|encontrad[oa]|encontrar))|inexistente|eliminad[oa])",
    r"no\s+(se\s+(ha\s+)?encontr\w+|encontramos)\s+(la|el|esta|este)\s+(página|artículo|contenido|noticia)",
    r"(página|pagina|artigo|conteúdo|notícia|documento)\b[^:]{0,30}(não\s+(encontrad[oa]|existe|(está\s+)?disponível|foi\s+encontrad[oa]|pôde\s+ser\s+encontrad[oa])|inexistente|removid[oa])",
    r"(pagina|articolo|contenuto|documento)\b[^:]{0,30}(non\s+(è\s+(stat[oa]\s+)?)?(trovat[oa]|esiste(\s+più)?|disponibile|raggiungibile)|inesistente)",
    r"(pàgina|article)\b[^:]{0,30}no\s+(trobad[ao]|existeix|disponible|s[’']ha\s+trobat)",
    r"(pagina|artikel|bladsy)\b[^:]{0,30}(niet\s+(gevonden|beschikbaar|meer\s+beschikbaar)|bestaat\s+niet(\s+meer)?|nie\s+gevind\s+nie|kon\s+niet\s+worden\s+gevonden)",
    r"pagina\b[^:]{0,30}nu\s+(a\s+fost\s+găsită|există|a\s+putut\s+fi\s+găsită|este\s+disponibilă)",
    r"(sidan|artikeln|innehållet)\b[^:]{0,30}(hittades\s+inte|finns\s+inte(\s+längre)?|kunde\s+inte\s+hittas|kan\s+inte\s+hittas|saknas)|hittade\s+inte\s+sidan",
    r"(siden|artikkelen|artiklen|saken|innholdet|indholdet)\b[^:]{0,30}(ikke\s+(funnet|fundet|lenger|længere|tilgjengelig)|(finnes|findes|eksisterer)\s+(dessverre\s+|desværre\s+)?ikke(\s+lenger|\s+længere)?|blev\s+ikke\s+fundet|ble\s+ikke\s+funnet)|(fant|fandt)\s+ikke\s+siden",
    r"(sivua|artikkelia|sivu|sisältöä)\b[^:]{0,20}(ei\s+(löy[td]y\w*|ole(\s+olemassa)?)|poistettu)",
    r"(síða\w*|grein\w*)\b.{0,20}(fannst\s+ekki|er\s+ekki\s+til|finnst\s+ekki)",
    r"(strona|artykuł|strony|treść)\b[^:]{0,30}(nie\s+(istnieje|została\s+(znaleziona|odnaleziona)|znaleziono|odnaleziono|jest\s+dostępn[ay]))|nie\s+znaleziono\s+(strony|artykułu)",
    r"(stránka|stránku|článek|článok)\b[^:]{0,30}(nenalezena?|neexistuje|nebyla?\s+nalezena?|nebol[ao]?\s+nájden[áé]?|nenájden[áé]?|nenašla)",
    r"(oldal|cikk|lap)\b[^:]{0,30}(nem\s+(található|létezik|elérhető))",
    r"(stranica|stran|članak|članek|страница|страницата|страна)\b[^:]{0,30}(nije\s+(pronađena|dostupna)|ne\s+(postoji|obstaja)|ni\s+(bila\s+)?najdena|није\s+пронађена|не\s+постоји|не\s+(е\s+)?(намерена|съществува)|не\s+постои)",
    r"(puslapis|straipsnis)\b[^:]{0,30}(nerastas|neegzistuoja)|(lapa|raksts)\b[^:]{0,30}(nav\s+atrast[as]|neeksistē)|(lehte|lehekülge|artiklit)\b.{0,20}ei\s+(leitud|leia|ole)",
    r"(страница|материал|документ|запись|статья|новость|публикация)\b[^:]{0,30}(не\s+(найден[ао]?|существует|обнаружен[ао]?|доступн[ао]?)|удал[её]н[ао]?|отсутствует)|такой\s+страницы\s+(нет|не\s+существует)",
    r"(сторінк[аиу]|матеріал|статт[яю]|старонк[аі])\b[^:]{0,30}(не\s+(знайдено|існує|знайдена|знойдзена|існуе)|видален[оа])",
    r"(sayfa|sayfası|sayfayı|haber|içerik)\b[^:]{0,30}(bulunamadı|bulunmuyor|mevcut\s+değil|yok|kaldırıldı)",
    r"(trang|bài\s+viết)\b[^:]{0,30}(không\s+(tồn\s+tại|tìm\s+thấy|được\s+tìm\s+thấy))|không\s+tìm\s+thấy\s+(trang|bài\s+viết)",
    r"(halaman|laman|artikel)\b[^:]{0,30}(tidak\s+(ditemukan|tersedia|ada|dapat\s+ditemukan|dijumpai|wujud))",
    r"(ukurasa|makala)\b.{0,20}haupatikani|hindi\s+(nahanap|makita)\s+ang\s+pahina",
    r"(η\s+)?(σελίδα|άρθρο)\b[^:]{0,30}δεν\s+(βρέθηκε|υπάρχει)",
    r"(الصفحة|المقال|صفحه|مطلب).{0,24}(غير\s+(موجودة?|متاحة?|متوفرة?)|لم\s+يتم\s+العثور\s+عليها?|یافت\s+نشد|پیدا\s+نشد|موجود\s+نیست|وجود\s+ندارد)|صفحہ.{0,12}نہیں\s+ملا",
    r"(הדף|העמוד|הכתבה).{0,20}(לא\s+(נמצאה?|קיימת?)|אינו\s+קיים|אינה\s+קיימת)",
    r"(पृष्ठ|पेज|पन्ना).{0,15}नहीं(\s+\S+){0,2}|পৃষ্ঠাটি?.{0,12}(পাওয়া\s+যায়নি|নেই)|பக்கம்.{0,12}(இல்லை|கிடைக்கவில்லை)",
)
# Scripts that set no blanks between words: what stands before says nothing.
_UNSPACED = (
    r"(页面|頁面|网页|網頁|文章|内容|內容|新闻|新聞).{0,12}(不存在|找不到|未找到|已(被)?(删除|刪除|移除)|失效)|(找不到|未找到|没有找到|無法找到)(该|該|此|这个|這個|您.{0,8})?(的)?(页面|頁面|网页|網頁|文章)",
    r"(ページ|記事|ファイル).{0,16}(見つかりません|見つかりませんでした|存在しません|ありません|ございません|削除され\w+)",
    r"(페이지|기사|문서).{0,14}(찾을\s?수\s?없\w*|존재하지\s?않\w*|삭제되\w*|없습니다)",
    r"ไม่พบ(หน้า|เพจ|บทความ|ข้อมูล).{0,20}|(หน้า|เพจ).{0,12}(ไม่มีอยู่|ไม่พบ)",
)
_END = r"(\s+(on|at)\s+(this|our|the)\s+(server|site|website))?(?=[\W\d]*$|\s*[-–—|·•»(/]|[!.…。！]|\s*:\s*(4\d\d|error)\b)"
_SAYS_GONE = re.compile(
    rf"(?:(?<!\w)(?:{'|'.join(_SENTENCES)})|{'|'.join(_UNSPACED)}){_END}"
    r"|\b(error|http|status|code|fehler|erreur|errore|erro|fel|feil|fejl|virhe|błąd|chyba|hiba|eroare|ошибка|помилка|грешка|σφάλμα|hata|lỗi|エラー|错误|錯誤|오류|خطأ|שגיאה)\s*(code|status|http)?\s*[:#\-–]?\s*4(04|10)\b"
    r"|\b4(04|10)\s?(错误|錯誤|エラー|오류)"
    r"|^\W*4(04|10)\W*($|[-–—:|(]\D|\s(not|gone|error|page|file|fehler|erreur|errore|erro|ошибка|seite|página|pagina|sayfa)\b)|[-–—|]\s*4(04|10)\W*$"
    r"|^\W*(not\s+found|nothing\s+found|(page|file)\s+not\s+found|nicht\s+gefunden|introuvable|no\s+encontrad[oa]|não\s+encontrad[oa]|non\s+trovat[oa]|niet\s+gevonden|ikke\s+(funnet|fundet)|hittades\s+inte|ei\s+löytynyt|nie\s+znaleziono|nenalezeno|не\s+найдено|bulunamadı|찾을\s*수\s*없음|gone|oops|whoops|uh\W?oh)(\W*$|\s*[-–—|·(])",
    re.IGNORECASE,
)


def soft404(observation: Observation) -> Verdict | None:
    """Title or first heading says "not found", and there is no article under it."""
    page = observation.page
    if page is None or page.text_length >= LONG:
        return None
    for name, text in (("heading", page.heading), ("title", page.head_title)):
        if text and says_gone(text):
            return Verdict(State.SOFT404, f"{name}_says_gone", {name: text[:MAX_TITLE], "text_length": page.text_length})
    return None


def says_gone(text: str) -> bool:
    """True when a title or heading says that the page does not exist."""
    return len(text) < MAX_TITLE and _SAYS_GONE.search(text) is not None
