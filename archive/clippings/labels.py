# ruff: noqa: E501
"""The words by which documents say what an address is, in many languages. One language or two a line."""

from __future__ import annotations

import re

_ORIGINAL = (
    r"original(\s+(url|link|article|story|source|post|page|text)){0,2}|source(\s+(url|link|article))?|article(\s+(url|link))?|story(\s+(url|link))"
    r"|url|uri|link|permalink|web\s*(address|site|page)|address|retrieved from|available (at|online|from)|from|read at|published (at|on|in)|via|online|full (text|story)"
    r"|quelle|originaladresse|original-?(link|artikel|quelle)|link zum (artikel|original)|adresse|abgerufen von|zum artikel"
    r"|fuente( original)?|enlace( original)?|art[íi]culo original|direcci[óo]n|publicado en|fonte( originale?)?|ligação|endereço|indirizzo|articolo originale"
    r"|lien( original| de l.article)?|article original|adresse|consulté sur|l.original|bron|koppeling|oorspronkelijk(e artikel| adres)?"
    r"|źródło|oryginał|adres|odnośnik|zdroj|odkaz|původní (článek|adresa)|pôvodný článok|forrás|eredeti( cikk)?|sursa|legătur[ăa]|izvor|poveznica|vir|povezava"
    r"|källa|länk|originallänk|kilde|lenke|link til (artikkel|artikel)en|lähde|linkki|alkuperäinen( juttu)?|allikas|avots|saite|šaltinis|nuoroda|heimild"
    r"|kaynak|bağlantı|kaynak linki|nguồn|liên kết|bài gốc|sumber|tautan|pautan|chanzo|pinagmulan"
    r"|источник|оригинал|ссылка|адрес|первоисточник|оригинал статьи|джерело|посилання|оригінал|крыніца|източник|връзка|извор|веза"
    r"|πηγή|σύνδεσμος|המקור|מקור|קישור|المصدر|الرابط|رابط|مصدر|منبع|لینک|پیوند|स्रोत|मूल|लिंक|ที่มา|ลิงก์|წყარო|աղբյուր"
    r"|出典|原文(链接|連結|リンク|地址)?|来源|來源|链接|連結|网址|網址|元記事|引用元|記事(の)?URL|リンク|ソース|원문|출처|링크|주소"
)
_RELATED = (
    r"related(\s+(articles?|stor(y|ies)|links?|urls?|reading|news|coverage|posts?|content))?|see also|read (more|also|next|on)|more( on this( story)?)?|also( read)?"
    r"|you (may|might) also like|more (stories|articles|news)|further reading|background|earlier|previously|follow-?up|in other news|recommended"
    r"|mehr zum thema|zum thema|siehe auch|lesen sie auch|lesen sie mehr|weiterführend(e links)?|verwandte (artikel|themen)|hintergrund|passend dazu|lesetipps?"
    r"|(à )?lire aussi|voir aussi|sur le même sujet|articles? (liés?|connexes?)|lea también|lee también|v[ée]ase también|ver también|(noticias|art[íi]culos?) relacionad[oa]s?|más información"
    r"|vedi anche|leggi anche|articoli correlati|leia (também|mais)|veja também|(notícias|artigos?) relacionad[oa]s?|lees ook|zie ook|meer over|llegiu també"
    r"|zobacz (też|także|również)|czytaj (też|także|również)|čtěte (také|též)|viz také|související|súvisiace|prečítajte si|lásd még|kapcsolódó( cikkek)?|citește și|vezi și|pročitajte|povezano"
    r"|läs (också|mer|även)|se (också|även|også)|les (også|mer)|læs (også|mere)|relatert|relaterede?|lue (myös|lisää)|katso myös|loe ka|lasi arī|taip pat skaitykite|sjá einnig"
    r"|ilgili (haber|haberler)|ayrıca bakınız|đọc thêm|xem thêm|bài liên quan|baca juga|berita terkait"
    r"|по теме|читайте также|читайте ещё|читать также|см\. также|смотрите также|материалы по теме|ранее|читайте також|за темою|дивіться також|вижте още|прочетете още"
    r"|δείτε επίσης|διαβάστε (επίσης|ακόμα)|קראו (גם|עוד)|ראו גם|اقرأ (أيضا|أيضًا|المزيد)|مواضيع ذات صلة|بیشتر بخوانید|مطالب مرتبط|यह भी पढ़ें|संबंधित|อ่านเพิ่มเติม|ข่าวที่เกี่ยวข้อง"
    r"|関連(記事|リンク)?|あわせて読みたい|相关(阅读|新闻|报道|链接)?|相關(新聞|報導|閱讀)?|延伸(阅读|閱讀)|관련\s*기사|더 보기"
)
_NOTE = r"(\s*\([^()\n]{1,60}\))?"  # "Source (archived):"
_SIGN = r"\s*[:：=|–—-]+\s*"
_LEAD = r"^[\W\d_]*"

ORIGINAL = re.compile(rf"{_LEAD}({_ORIGINAL})(\s*(url|link))?{_NOTE}{_SIGN}$", re.IGNORECASE)
RELATED = re.compile(rf"{_LEAD}({_RELATED}){_NOTE}({_SIGN})?\W*$", re.IGNORECASE)
MANY_ORIGINALS = re.compile(
    rf"{_LEAD}((original\s+)?(sources|links|urls|articles|stories|addresses)|quellen|fuentes|enlaces|liens|fonti|źródła|источники|ссылки|出典一覧)({_SIGN})?\W*$",
    re.IGNORECASE,
)
RELATED_TITLE = re.compile(
    rf"^[ \t>*#•·–—-]*(?:{_RELATED}){_NOTE}[ \t]*[:：][ \t]*(?P<title>\S.{{5,250}}?)[ \t]*$", re.IGNORECASE | re.MULTILINE
)
