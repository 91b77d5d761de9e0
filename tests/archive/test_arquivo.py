"""arquivo.pt: pywb at its own addresses, and the text search as its wiki documents it."""

from __future__ import annotations

import json
from urllib.parse import parse_qs, urlsplit

import pytest

from archive.models import Outcome
from archive.webarchives import IndexQuery, TextQuery, WebArchive
from archive.webarchives.arquivo import Arquivo, words_of
from tests.archive.exchanges import TROUBLE, answer, failure, rows

ARQUIVO = Arquivo()
PROTOCOL: WebArchive = ARQUIVO
PAGE = "http://www.expresso.pt/noticia/um-titulo-1"
SEARCH = ARQUIVO.search_text(TextQuery("Um título")).url
ITEM = {"title": "Um título", "originalURL": PAGE, "tstamp": "20190427101500", "mimeType": "text/html", "digest": "5e8de36a"}


def found(*items: object, **more: object) -> str:
    return json.dumps({"serviceName": "Arquivo.pt - the Portuguese web-archive", "response_items": items} | more)


def test_its_addresses() -> None:
    request = ARQUIVO.replay(PAGE, "20190427101500")
    assert request.url == f"https://arquivo.pt/noFrame/replay/20190427101500id_/{PAGE}"
    listed = ARQUIVO.search(IndexQuery(PAGE))
    assert listed.url.startswith("https://arquivo.pt/wayback/cdx?url=http%3A")
    assert (request.service, listed.service) == ("arquivo-replay", "arquivo-cdx")


def test_a_person_is_shown_the_page_with_its_bar() -> None:
    row = {"urlkey": "pt,expresso)/", "timestamp": "20190427101500", "url": PAGE, "mime": "text/html", "status": "200"}
    capture = ARQUIVO.read_search(rows(ARQUIVO.search(IndexQuery(PAGE)).url, row)).captures[0]
    assert ARQUIVO.archive_url(capture) == f"https://arquivo.pt/wayback/20190427101500/{PAGE}"


def test_a_text_query() -> None:
    query = TextQuery(
        '"Kim" meets -Putin: see https://x.example/a', site="www.expresso.pt", first="2019", last="20191231", limit=900
    )
    request = ARQUIVO.search_text(query)
    asked = {name: values[0] for name, values in parse_qs(urlsplit(request.url).query).items()}
    assert request.url.startswith("https://arquivo.pt/textsearch?")
    assert asked["q"] == "Kim meets Putin: see"  # quotes and hyphens are operators, an address is answered 400
    assert (asked["siteSearch"], asked["from"], asked["to"], asked["maxItems"]) == ("www.expresso.pt", "2019", "20191231", "500")
    assert request.service == "arquivo-text"


@pytest.mark.parametrize(
    ("text", "words"),
    [("Um “título” – de hoje", "Um título de hoje"), ("-", ""), ("a " * 99, " ".join("a" * 20))],
)  # fmt: skip
def test_the_words_of_a_title(text: str, words: str) -> None:
    assert words_of(text) == words


def test_hits_with_their_titles() -> None:
    said = ARQUIVO.read_text(answer(SEARCH, 200, found(ITEM, ITEM | {"originalURL": "mailto:x"}, "odd", next_page="…")))
    assert said.outcome is Outcome.FOUND
    assert [(hit.capture.original, hit.capture.timestamp, hit.title) for hit in said.hits] == [
        (PAGE, "20190427101500", "Um título")
    ]
    assert said.hits[0].capture.digest is None  # theirs is MD5


def test_nothing_found_is_an_empty_list() -> None:
    assert ARQUIVO.read_text(answer(SEARCH, 200, found())).outcome is Outcome.NONE


@pytest.mark.parametrize("body", ["[]", "{}", '{"response_items": null}', '{"response_items": [{"title": 1}]}', "[" * 100_000])
def test_an_odd_answer_is_unknown(body: str) -> None:
    assert ARQUIVO.read_text(answer(SEARCH, 200, body)).outcome is Outcome.UNKNOWN


@pytest.mark.parametrize(("status", "body", "kind"), TROUBLE)
def test_trouble_is_unknown(status: int, body: str, kind: str) -> None:
    said = ARQUIVO.read_text(answer(SEARCH, status, body, content_type=kind, retry_after="9"))
    assert (said.outcome, said.retry_after) == (Outcome.UNKNOWN, 9.0)


def test_no_answer_is_unknown() -> None:
    assert ARQUIVO.read_text(failure(SEARCH)).outcome is Outcome.UNKNOWN
