"""The language of a text: by its script, and among those that share one by their commonest words."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

MAX_WORDS = 300  # read
MIN_WORDS = 20
MIN_HITS = 4  # different words
MIN_SHARE = 0.10  # of the words are among the commonest of their language: more than 0.2 in real texts
FOREIGN = 0.04  # a text with fewer of its common words is not in that language
MIN_LEAD = 1.15  # over the second: closer ones are left open

# Scripts of one language, or of one that nearly all pages in it are in.
_SCRIPTS = {
    "ko": "\uac00-\ud7a3", "ja": "\u3041-\u30fa", "zh": "\u4e00-\u9fff", "th": "\u0e01-\u0e30", "he": "\u05d0-\u05ea",
    "el": "\u0391-\u03c9", "hi": "\u0904-\u0939", "bn": "\u0985-\u09b9", "pa": "\u0a05-\u0a39", "gu": "\u0a85-\u0ab9",
    "ta": "\u0b85-\u0bb9", "te": "\u0c05-\u0c39", "kn": "\u0c85-\u0cb9", "ml": "\u0d05-\u0d39", "si": "\u0d85-\u0dc6",
    "lo": "\u0e81-\u0eae", "my": "\u1000-\u102a", "ka": "\u10d0-\u10fa", "hy": "\u0531-\u0587", "am": "\u1200-\u1357",
    "km": "\u1780-\u17a2", "arab": "\u0621-\u06d2", "cyrl": "\u0400-\u04ff", "latn": "A-Za-z\u00c0-\u024f\u1e00-\u1eff",
}  # fmt: skip
_LETTERS = {name: re.compile(f"[{signs}]") for name, signs in _SCRIPTS.items()}

_COMMON = {
    "latn": {
        "en": "the of and to in that is was for it with as he on be at by had not are but from they which this have said",
        "de": "der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch es an werden aus er hat",
        "fr": "de la le et les des en un du une que est pour qui dans a par plus pas au sur se ne ce il sont avec cette",
        "es": "de la que el en y a los se del las un por con no una su para es al lo como más pero sus le ha",
        "pt": "de a o que e do da em um para com não uma os no se na por mais as dos como mas ao das à seu foi são",
        "it": "di e il la che è per un in del non si a da le con i una dei ha sono nel al più della anche alla",
        "ca": "de la i que el a en les els per un una amb es del no al són ha va dels més però com aquest també",
        "ro": "de și în a la cu pe că nu din care o un se pentru sunt mai este au fost ale lui prin după sa fi",
        "nl": "de van het een en in is dat op te zijn met voor niet aan er die om ook als maar bij door naar uit nog",
        "af": "die van en in het nie is dat te 'n wat om vir met op as aan hy sy was by word sal kan haar ook",
        "sv": "och att i det som en på är av för med den till inte har om ett de var från sig men han så kan",
        "da": "og i at det er en til af på for med den der ikke de har som et om var han sig men blev ved efter fra",
        "no": "og i det er på en å til som for av at med har den ikke de et fra om han var seg ble men etter også",
        "is": "og að í á er sem til um við það með en var af fyrir hann því ekki frá hefur verið eru þess hafa",
        "fi": "ja on ei että se oli hän mutta myös ovat kun niin kuin mukaan ole sen tai jo joka mitä vain ollut voi",
        "et": "ja on ei et see oli ta kui ka oma aga mis seda kes siis veel nii või selle ning pole kas olid",
        "lv": "un ir ka no ar uz par kas to bet tas nav pēc arī ja lai kā viņš tika gan savu bija ļoti tiek",
        "lt": "ir yra kad į iš su ne tai kaip bet o po už apie buvo tik nuo dėl dar jau jo prie savo taip",
        "pl": "w i na z do się nie że to jest o jak po od za który przez są dla ale było tego oraz co może",
        "cs": "a se v na je že s z do o to i za podle od ve jako by pro po tak jsou byl ale který už",
        "sk": "a sa v na je že s z do o to aj za podľa od vo ako by pre po tak sú bol ale ktorý už",
        "sl": "in je v na da se za so z ne pa ki po bi kot tudi od s še ga bo do pri ali iz ki",
        "hr": "i je u na da se za su od s ne koji to kao o iz što će bi ali sve nije koja do bio",
        "hu": "a az és hogy nem is egy ez meg volt de csak már még mint el vagy szerint fel után azt lesz kell ami",
        "sq": "të e në dhe për me një që nga i është si se më nuk do ka ishte kjo janë edhe por",
        "tr": "ve bir bu da de için ile çok olarak olan daha ne gibi sonra kadar ancak oldu var ise değil en",
        "az": "və bir bu üçün ilə də olan olub edib ki o ən daha çox isə hər kimi onun deyib sonra",
        "vi": "và của là có không được cho các trong người một với đã những này khi từ để tại về đến cũng ở",
        "id": "yang dan di untuk dengan pada ini dari itu dalam tidak akan juga ke adalah oleh telah ada mereka kata bisa",
        "tl": "ng sa ang na mga at ay si para ni kay nang hindi siya ito kanyang niya may ko po kung",
        "sw": "ya na wa kwa ni za katika la cha kuwa hiyo huo baada hii yake pia watu alisema kama hivyo",
        "zu": "ukuthi futhi kodwa uma ngoba noma lapho kanye lo le la yena ngesikhathi nje khona",
        "eu": "eta da ez dira du zuen ere dute baina izan bat egin hau zen dela baino dituzte ditu",
    },
    "cyrl": {
        "ru": "и в не на что с по как это из а к для за то от но его о он был при также года она же",
        "uk": "і в не на що з та до як це у про за для його від але є під час він також які було",
        "be": "і у не на што з да як гэта па для за але ён яго пра каб ад так быў якія",
        "bg": "на и да в се за от с не че е по са като до това при ще ще но има му",
        "sr": "је и у на да се за су од не који то као о из што ће би али",
        "mk": "на и да во се за од не дека е со по како што ќе но има со го",
        "kk": "және бұл бір үшін деп де да мен болып осы жылы туралы оның бойынша",
        "mn": "нь байна энэ болон юм гэж байгаа улсын дээр байсан хийх бол",
    },
    "arab": {
        "ar": "في من على أن إلى التي عن هذا ما مع هذه الذي كان قد بعد لا كما بين",
        "fa": "در به از که این را با است برای آن یک خود تا کرد شد بر می شده",
        "ur": "کے میں کی ہے اور سے کا کو نے پر اس کہ ہیں یہ نہیں تھا کر",
    },
}  # fmt: skip
_WORDS = {
    family: {
        word: [language for language, words in known.items() if word in words.split()]
        for word in " ".join(known.values()).split()
    }
    for family, known in _COMMON.items()
}  # the languages of each word
_ONLY = {"ur": "ٹڈڑںے", "fa": "پچژگ", "uk": "їєґ", "be": "ў", "mk": "ѓќѕ", "sr": "ђћџ"}
# Not told apart with certainty by a few words: what the page declares among them stands.
_ALIKE: tuple[set[str], ...] = (
    *({"no", "nb", "nn", "da", "sv"}, {"hr", "sr", "bs", "sl", "mk", "bg"}, {"cs", "sk"}, {"id", "ms"}, {"es", "gl", "ca", "pt"}),
    *({"nl", "af"}, {"zh", "yue"}, {"hi", "mr", "ne"}, {"tr", "az"}, {"ru", "be", "uk"}, {"bn", "as"}),
)


def language_of(declared: str | None, text: str) -> str | None:
    """The declared language, unless the text is plainly in another; None for one that it plainly is not."""
    shares = _shares(text)
    told = _told(text, shares)
    if told is None:
        return None if declared in shares and shares[declared] < FOREIGN else declared
    return declared if declared and any({told, declared} <= alike for alike in _ALIKE) else told


def told_by(text: str) -> str | None:
    """ISO 639-1 code; None when the text is short or speaks for none."""
    return _told(text, _shares(text))


def _told(text: str, shares: dict[str, float]) -> str | None:
    if not shares:
        script = _script(text[:800])
        return script if script not in _WORDS else None
    (best, share), (_, second) = Counter(shares).most_common(2)
    return best if share >= MIN_SHARE and share >= MIN_LEAD * second else _by_letters(text[:5_000])


def _by_letters(text: str) -> str | None:
    """By letters that only one language of a script has; Arabic has none of its neighbours'."""
    told = (language for language, letters in _ONLY.items() if sum(map(text.count, letters)) >= 3)
    arabic = len(_LETTERS["arab"].findall(text)) >= 100
    return next(told, "ar" if arabic else None)


def _shares(text: str) -> dict[str, float]:
    """For each language of the script, the share of the text's words that are among its commonest; empty for a short text."""
    family = _script(text[:800]) or ""
    known = _WORDS.get(family)
    words = re.findall(r"[^\W\d_]+", unicodedata.normalize("NFC", text[:3_000]).casefold())[:MAX_WORDS]
    if not known or len(words) < MIN_WORDS:
        return {}
    hits: dict[str, list[int]] = {language: [] for language in _COMMON[family]}
    for word, count in Counter(words).items():
        for language in known.get(word, ()):
            hits[language].append(count)
    return {language: sum(found) / len(words) if len(found) >= MIN_HITS else 0.0 for language, found in hits.items()}


def _script(text: str) -> str | None:
    """The script of most letters; Japanese is told from Chinese by a little Kana."""
    if len(_LETTERS["latn"].findall(text)) * 2 > len(text) >= 40:
        return "latn"
    counts = Counter({name: len(letters.findall(text)) for name, letters in _LETTERS.items()})
    whole = counts.total()
    if counts["ja"] and counts["ja"] * 20 > counts["zh"] and (counts["ja"] + counts["zh"]) * 2 > whole:
        return "ja"
    name, count = counts.most_common(1)[0]
    return name if count >= 20 and count * 2 > whole else None
