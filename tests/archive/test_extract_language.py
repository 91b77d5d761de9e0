"""The language of a text, where the page does not say it or says it wrongly."""

from __future__ import annotations

import pytest

from archive.extract.language import language_of, told_by

TEXTS = {
    "en": "The council met on Tuesday to discuss the budget for the coming year, and many of the people who came had a question.",
    "de": "Der Rat hat am Dienstag über den Haushalt für das nächste Jahr beraten, und viele Leute sind gekommen, um sich das anzuhören.",
    "fr": "Le conseil s'est réuni mardi pour discuter du budget de l'année prochaine, et les habitants sont venus avec des questions.",
    "es": "El consejo se reunió el martes para hablar del presupuesto del año que viene, y muchos vecinos llegaron con sus preguntas a la sala.",
    "it": "Il consiglio si è riunito martedì per discutere del bilancio dell'anno prossimo, e molti sono venuti con una domanda per il sindaco.",
    "pt": "O conselho reuniu-se na terça-feira para falar do orçamento do ano que vem, e muitos não foram embora sem uma resposta da câmara.",
    "nl": "De raad kwam dinsdag bijeen om over de begroting van het komende jaar te praten, en veel mensen waren er met een vraag voor hem.",
    "pl": "Rada zebrała się we wtorek, aby rozmawiać o budżecie na przyszły rok, i nie było wiele osób, które się z tego cieszyły, ale to nie jest nowe.",
    "tr": "Meclis salı günü gelecek yılın bütçesini konuşmak için toplandı ve bu konuda çok soru var, ancak bir cevap olarak ne söylendi belli değil.",
    "hu": "A tanács kedden ült össze, hogy a jövő évi költségvetésről beszéljen, és nem volt egy ember sem, aki azt mondta, hogy ez már jó lesz.",
    "vi": "Hội đồng đã họp vào thứ ba để bàn về ngân sách của năm tới và có nhiều người đến nghe, nhưng không ai được trả lời trong cuộc họp này.",
    "id": "Dewan bertemu pada hari Selasa untuk membahas anggaran tahun depan, dan banyak orang yang datang dengan pertanyaan ini dari kota itu.",
    "ru": "Совет собрался во вторник, чтобы обсудить бюджет на будущий год, и многие люди пришли послушать, но никто не знал, как он это сделает.",
    "uk": "Рада зібралася у вівторок, щоб обговорити бюджет на наступний рік, і багато людей прийшли послухати, але ніхто не знав, як це буде.",
    "fa": "شورا روز سه‌شنبه برای گفتگو در باره بودجه سال آینده گرد آمد و مردم زیادی با پرسش‌های خود به آن جا آمدند که این را بشنوند.",
    "ar": "اجتمع المجلس يوم الثلاثاء لمناقشة ميزانية العام المقبل، وحضر كثير من الناس للاستماع إلى ما سيقال هناك عن الطرق والمدارس.",
    "he": "המועצה נפגשה ביום שלישי כדי לדון בתקציב של השנה הבאה.",
    "el": "Το συμβούλιο συνεδρίασε την Τρίτη για να συζητήσει τον προϋπολογισμό.",
    "ja": "市議会は火曜日に来年度の予算について話し合い、多くの市民が訪れた。",
    "zh": "市议会星期二开会讨论明年的预算，许多市民前来旁听会议。",
    "ko": "시의회는 화요일에 내년 예산을 논의하기 위해 모였다.",
    "th": "สภาเมืองประชุมเมื่อวันอังคารเพื่อหารือเรื่องงบประมาณ",
    "hi": "परिषद ने मंगलवार को अगले वर्ष के बजट पर चर्चा की।",
}  # fmt: skip


@pytest.mark.parametrize("language", TEXTS)
def test_told_by_the_text(language: str) -> None:
    assert told_by(TEXTS[language]) == language


@pytest.mark.parametrize("text", ["", "Paris", "1 2 3 4 5 6 7 8 9 10", "Xylo " * 100, "https://example.test/" * 30])
def test_not_told_by_little(text: str) -> None:
    assert told_by(text) is None


@pytest.mark.parametrize(
    ("declared", "text", "language"),
    [
        (None, "en", "en"),
        ("en", "de", "de"),
        ("en", "ru", "ru"),
        ("nb", "en", "en"),
        ("en", "en", "en"),
        ("yue", "zh", "yue"),  # one script, several languages: the page knows better
        ("mr", "hi", "mr"),
        ("be", "ru", "be"),
    ],
)
def test_the_text_over_the_declaration(declared: str | None, text: str, language: str) -> None:
    assert language_of(declared, TEXTS[text]) == language
