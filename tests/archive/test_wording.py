"""What makes another text of an article, and what a page only changes by itself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.wording import is_clockwork, wording

BODY = "The ferry sank at noon.\nTwelve were saved by a fishing boat."

# Lines that pages change without anybody having written anything: (then, later).
CLOCKWORK = [
    ("Updated 5 minutes ago", "Updated 2 hours ago"),
    ("Last modified 10:03", "Last modified 11:47"),
    ("Last updated: 25 November 2026, 10:03 GMT", "Last updated: 26 November 2026, 09:00 GMT"),
    ("This article was last updated at 10:03 on 25 November 2026.", "This article was last updated at 11:00 on 1 December 2026."),
    ("3 min ago", "1 hour ago"),
    ("just now", "5 minutes ago"),
    ("1,204 views", "98.113 views"),
    ("Views: 12", "Views: 13"),
    ("12 comments", "845 comments"),
    ("Comments (3)", "Comments (4)"),
    ("45 shares · 3 min read · 7 likes", "46 shares · 3 min read · 19 likes"),
    ("By Ana Ivić · Updated 5 minutes ago", "By Ana Ivić · Updated 3 days ago"),
    ("By Ana Ivić | 25 Nov 2026", "By Ana Ivić | 26 Nov 2026"),
    ("The story so far (updated 10:03)", "The story so far (updated 10:09)"),
    ("2026-11-25 10:03", "2026-11-26 08:00"),
    ("Aktualisiert vor 5 Minuten", "Aktualisiert vor 2 Stunden"),
    ("Stand: 25.11.2026, 10:03 Uhr", "Stand: 26.11.2026, 08:15 Uhr"),
    ("Zuletzt geändert am 3. März 2026", "Zuletzt geändert am 5. März 2026"),
    ("Mis à jour le 25 novembre 2026 à 10h03", "Mis à jour le 26 novembre 2026 à 11h40"),
    ("Publié il y a 5 minutes", "Publié il y a 3 heures"),
    ("Actualizado hace 5 minutos", "Actualizado hace 2 horas"),
    ("Última actualización: 25 de noviembre de 2026", "Última actualización: 26 de noviembre de 2026"),
    ("Bijgewerkt 10:03", "Bijgewerkt 12:30"),
    ("Обновлено 25 ноября 2026, 10:03", "Обновлено 26 ноября 2026, 11:00"),
    ("5 минут назад", "2 часа назад"),
    ("2026年11月25日 10時03分 更新", "2026年11月26日 08時00分 更新"),
    ("5分前", "12分前"),
    ("입력 2026.11.25 10:03", "입력 2026.11.26 08:00"),
    ("Read more: Mayor opens bridge", "Read more: Council votes on harbour"),
    ("Lesen Sie auch: Ein Tag am Hafen", "Lesen Sie auch: Der Bäcker"),
    ("© 2025 The Harbour Gazette", "© 2026 The Harbour Gazette Ltd."),
    ("Advertisement", ""),
    ("She said: “It’s late” – very late…", 'She said: "It\'s late" - very late...'),
    ("co\u00adoperate\u200b now", "cooperate now"),
    ("one\u00a0 two", "one two"),
]

# Changes that somebody wrote: each makes a version.
WRITTEN = [
    ("12 dead", "13 dead"),
    ("12 people were saved", "13 people were saved"),
    ("Updated: two more bodies were found", "Updated: three more bodies were found"),
    ("The talks begin on 25 November.", "The talks begin on 26 November."),
    ("The film has 1,204 views in Norway", "The film has 1,300 views in Norway"),
    ("Goals: 2", "Goals: 3"),
    ("45", "46"),
    ("10:03", "10:12"),
    ("2:1 (1:0)", "2:2 (1:0)"),
    ("Turnout: 45 %", "Turnout: 48 %"),
    ("5 minutes", "6 minutes"),
    ("He died five years ago", "He died six years ago"),
    ("Read more books, says the minister", "Read fewer books, says the minister"),
    ("Related costs rose", "Related costs fell"),
    ("沉船12人死亡", "沉船13人死亡"),
    ("Ferry Sinks", "FERRY SINKS"),
    ("10² metres", "102 metres"),
    ("Published minutes of the meeting show 3 votes against", "Published minutes of the meeting show 4 votes against"),
]


@pytest.mark.parametrize(("then", "later"), CLOCKWORK)
def test_what_a_page_changes_by_itself_is_no_version(then: str, later: str) -> None:
    assert wording(f"{then}\n{BODY}") == wording(f"{later}\n{BODY}")
    assert wording(f"{BODY}\n{then}") == wording(f"{BODY}\n{later}")


@pytest.mark.parametrize(("then", "later"), WRITTEN)
def test_what_somebody_wrote_is_a_version(then: str, later: str) -> None:
    assert wording(f"{then}\n{BODY}") != wording(f"{later}\n{BODY}")


def test_a_line_keeps_what_stands_beside_the_clockwork() -> None:
    assert wording("By Ana Ivić · Updated 5 minutes ago · 12 comments") == "By Ana Ivić"
    assert wording(BODY) == " ".join(BODY.split())


def test_a_paragraph_is_not_looked_into() -> None:
    paragraph = "It was the longest day of the year on the island. " * 5 + "(Updated 5 minutes ago)"
    assert wording(paragraph) == paragraph


@given(st.text())
def test_any_text_has_a_wording_which_is_its_own(text: str) -> None:
    assert wording(f"  {text}\n") == wording(text)
    assert is_clockwork(text) in (True, False)
