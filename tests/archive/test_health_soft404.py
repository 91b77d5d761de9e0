"""Pages that answer 200 and say that they are not there, in many languages; and headlines that only sound so."""

from __future__ import annotations

import pytest

from archive.health import judge
from archive.health.soft404 import LONG, MAX_TITLE, says_gone
from archive.models import Hop, Observation, Page
from archive.states import State

GONE = {
    "English": [
        "Page not found", "404", "404 Not Found", "404 - Page Not Found - The Gazette", "Page Not Found | The Gazette", "Error 404 (Not Found)!!1",
        "HTTP Status 404 – Not Found", "The page you requested was not found", "Sorry, the page you are looking for could not be found.",
        "Oops! That page can’t be found.", "This page isn't available", "This content is no longer available", "This page doesn’t exist",
        "We can't find the page you're looking for", "Sorry, we couldn’t find that page", "The requested URL was not found on this server",
        "File or directory not found.", "Object not found!", "Article removed", "The story you requested is no longer available", "Nothing Found",
        "Not Found", "The Gazette | 404", "410 Gone", "Whoops!", "This article has been removed", "Page has expired", "No such page",
        "Page Not Found: 404",
    ],
    "German": ["Seite nicht gefunden | Die Zeitung", "Fehler 404", "Diese Seite existiert nicht mehr", "Der Artikel ist nicht mehr verfügbar", "Die Seite konnte nicht gefunden werden."],
    "French": ["Page introuvable - Le Journal", "Cette page n'existe pas", "Erreur 404", "Page non trouvée", "La page demandée n’existe plus"],
    "Spanish": ["Página no encontrada", "Error 404", "La página que buscas no existe", "No se ha encontrado la página", "La página no está disponible"],
    "Portuguese": ["Página não encontrada", "Erro 404", "Esta página não existe", "Conteúdo não disponível"],
    "Italian": ["Pagina non trovata", "Errore 404", "La pagina non esiste", "La pagina richiesta non è disponibile"],
    "Catalan": ["Pàgina no trobada"],
    "Dutch": ["Pagina niet gevonden", "Deze pagina bestaat niet (meer)", "De pagina kon niet worden gevonden"],
    "Afrikaans": ["Bladsy nie gevind nie"],
    "Romanian": ["Pagina nu a fost găsită", "Pagina nu există"],
    "Swedish": ["Sidan hittades inte", "Sidan finns inte längre", "Fel 404"],
    "Norwegian": ["Siden ble ikke funnet", "Siden finnes dessverre ikke", "Fant ikke siden"],
    "Danish": ["Siden blev ikke fundet", "Siden findes ikke længere"],
    "Finnish": ["Sivua ei löytynyt", "Sivua ei löydy", "Virhe 404"],
    "Icelandic": ["Síðan fannst ekki"],
    "Polish": ["Strona nie istnieje", "Nie znaleziono strony", "Strona nie została znaleziona", "Błąd 404"],
    "Czech": ["Stránka nenalezena", "Stránka nebyla nalezena", "Chyba 404"],
    "Slovak": ["Stránka nebola nájdená"],
    "Hungarian": ["Az oldal nem található"],
    "Croatian": ["Stranica nije pronađena"],
    "Slovenian": ["Stran ne obstaja"],
    "Serbian": ["Страница није пронађена"],
    "Bulgarian": ["Страницата не е намерена", "Страницата не съществува"],
    "Lithuanian": ["Puslapis nerastas"],
    "Latvian": ["Lapa nav atrasta"],
    "Estonian": ["Lehte ei leitud"],
    "Russian": ["Страница не найдена", "Ошибка 404", "Такой страницы не существует", "Материал удалён"],
    "Ukrainian": ["Сторінку не знайдено", "Помилка 404"],
    "Greek": ["Η σελίδα δεν βρέθηκε"],
    "Turkish": ["Sayfa bulunamadı", "Aradığınız sayfa mevcut değil", "Hata 404"],
    "Vietnamese": ["Trang không tồn tại", "Không tìm thấy trang"],
    "Indonesian": ["Halaman tidak ditemukan"],
    "Swahili": ["Ukurasa haupatikani"],
    "Chinese": ["页面不存在", "頁面不存在", "您访问的页面找不到", "文章已被删除", "找不到页面", "404错误"],
    "Japanese": ["ページが見つかりません", "お探しのページは見つかりませんでした", "この記事は存在しません"],
    "Korean": ["페이지를 찾을 수 없습니다", "요청하신 페이지를 찾을 수 없습니다."],
    "Arabic": ["الصفحة غير موجودة", "الصفحة المطلوبة غير متاحة"],
    "Persian": ["صفحه مورد نظر یافت نشد"],
    "Hebrew": ["הדף לא נמצא", "העמוד המבוקש לא נמצא"],
    "Hindi": ["पृष्ठ नहीं मिला"],
    "Bengali": ["পৃষ্ঠাটি পাওয়া যায়নি"],
    "Thai": ["ไม่พบหน้าที่คุณต้องการ"],
}  # fmt: skip

INNOCENT = [
    "404 people rescued from the ferry",
    "404 killed as quake strikes the coast",
    "410 arrested after match",
    "Flight 404 lands safely",
    "Page, Robert, not found guilty",
    "Jimmy Page not found in breach of copyright",
    "Missing plane found",
    "The story of a missing girl",
    "A story that cannot be told",
    "A page is turned in Saltmere",
    "Article 50 cannot be revoked, minister says",
    "Site not available for new stadium until 2030",
    "New content not available to subscribers in Europe, regulator finds",
    "Why you can't find a better story this year",
    "We can't find enough nurses, hospitals say",
    "Gone with the wind: what became of the old mill",
    "Gone girl's father speaks",
    "Nothing found at search site near the harbour",
    "No page left unturned at the Booker",
    "Post office closes, letters not delivered",
    "Weapons were not found, the report says",
    "Link between the two cases has not been found by police",
    "Error at the polls: 404 ballots lost",
    "Removed statue returns",
    "Auf der Seite der Verlierer: Opfer nicht gefunden",
    "Keine Seite will nachgeben",
    "Une page se tourne pour le club",
    "La nota que no existe más que en la memoria",
    "El documento no fue encontrado por la policía en la casa",
    "Una pagina nera che non si dimentica",
    "Страница истории, которую не найти в учебниках",
    "Материалы дела не найдены в суде, заявил адвокат",
    "Sayfa sayfa bir hayat",
    "这篇文章改变了中国",
    "ページをめくる喜び",
    "Whoops, there goes another glacier",
    "",
]


@pytest.mark.parametrize("title", [title for titles in GONE.values() for title in titles])
def test_titles_of_error_pages(title: str) -> None:
    assert says_gone(title)
    assert says_gone(title.upper()) or not title.isascii()


def test_many_languages() -> None:
    assert len(GONE) >= 40


@pytest.mark.parametrize("headline", INNOCENT)
def test_headlines_are_not(headline: str) -> None:
    assert not says_gone(headline)


def seen(page: Page) -> Observation:
    return Observation("https://a.example/x", (Hop("https://a.example/x", 200),), page=page)


def test_the_heading_or_the_title_decides() -> None:
    heading = judge(seen(Page("ok", head_title="The Gazette", heading="Page not found", text_length=120)))
    assert (heading.state, heading.rule) == (State.SOFT404, "heading_says_gone")
    assert heading.evidence == {"heading": "Page not found", "text_length": 120}
    title = judge(seen(Page("empty", head_title="Page not found", heading="Try these", text_length=0)))
    assert (title.state, title.rule) == (State.SOFT404, "title_says_gone")


def test_a_long_article_on_error_pages_is_alive() -> None:
    page = Page("ok", head_title="Error 404: a history of the page that is not there", heading="404", text_length=LONG)
    assert judge(seen(page)).state is State.ALIVE


def test_a_page_without_words_is_not_gone() -> None:
    assert judge(seen(Page("empty"))).state is State.ALIVE
    assert judge(Observation("https://a.example/x", (Hop("https://a.example/x", 200),))).state is State.ALIVE


def test_no_error_page_has_so_long_a_title() -> None:
    assert not says_gone("Page not found" + "." * MAX_TITLE)


@pytest.mark.parametrize("unit", ["page ", "page that ", "we ", "not ", "страница ", "no such "])
def test_repetition_is_no_attack(unit: str) -> None:
    assert not says_gone((unit * MAX_TITLE)[: MAX_TITLE - 1])
