"""Rewriting over generated documents of every format: only targets change, a second run changes nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from archive.documents import FORMATS, LinkedDocument, Replacement, Style, read, rewrite, write_atomically
from archive.errors import DocumentError
from tests.archive.documents import CAPTURE, NEW

# Of each format: blocks in which {u} is a link's target, blocks in which {u} is none, and what stands between blocks.
BLOCKS = {
    "a.md": (
        ["See [some words]({u}).", "<{u}>", "A bare {u}, and", '<a href="{u}">w</a>', "[w](<{u}> 'title')", "- item {u}", "> [q]({u})"],
        ["`{u}`", "```\n{u}\n```", "x\n\n    {u}", "![i]({u})", "<!-- {u} -->", "", "# Title ü €"],
        "\n\n",
    ),
    "a.html": (
        ['<p><a href="{u}">w</a>', "<a class=x href='{u}'>ü €</a>", '<A HREF=" {u} ">w</A>'],
        ["<!-- <a href='{u}'> -->", "<script>'<a href=\"{u}\">'</script>", "<p>{u}", "<code><a href='{u}'>x</a></code>", "<img src='{u}'>"],
        "\n",
    ),
    "a.txt": (["See {u}, and", "({u})", '"{u}" ü', "Title €: {u}", "> {u} x"], ["no link", "a@b.test", "", "ftp://x.test/"], "\n\n"),
    "a.rst": (
        ["`words <{u}>`_ ü", "A bare {u}, and", "- {u} €", ".. __: {u}", "`w <{u}>`__ x"],
        ["``{u}``", "Literal::\n\n   {u}", ".. comment {u}", ".. image:: {u}", ".. code::\n\n   {u}"],
        "\n\n",
    ),
    "a.wiki": (
        ["[{u} words] ü", "A bare {u}, and", "{{{{cite web |url={u} |title=€}}}}", "<ref>{u}</ref>", "{{{{cite news\n| url = {u}\n| x = y\n}}}}"],
        ["<nowiki>{u}</nowiki>", "<!-- {u} -->", "[[Page|x]]", "== T ==", "<pre>{u}</pre>"],
        "\n",
    ),
    "a.csv": (['ü,"{u}",x', 'y,"see {u}, €",x', '"{u}",,'], ["a,b,c", '"q ""q""",,', ",,"], "\n"),
    "a.jsonl": (['{{"url": "{u}", "n": "ü"}}', '{{"x":[1,{{"url":"no"}}],"url":"{u}"}}'], ["not json", "", '{{"x": "{u}"}}'], "\n"),
}  # fmt: skip
CONTEXT = {"a.rst": "\n\nTrailing text.\n"}
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le-bom", "cp1252")


@dataclass(frozen=True)
class Made:
    """A generated document: the pieces of text between its targets, and the targets."""

    name: str
    pieces: tuple[str, ...]
    urls: tuple[str, ...]
    encoding: str
    ends: str
    junk: bytes

    @property
    def data(self) -> bytes:
        parts = [piece + url for piece, url in zip(self.pieces, (*self.urls, ""), strict=True)]
        return self.encoded("".join(parts)) + self.junk

    def encoded(self, text: str) -> bytes:
        text = text.replace("\n", self.ends)
        return b"\xff\xfe" + text.encode("utf-16-le") if self.encoding == "utf-16-le-bom" else text.encode(self.encoding)

    def bare(self, text: str) -> bytes:
        """Encoded without a byte order mark."""
        encoding = {"utf-16": "utf-16-le", "utf-16-le-bom": "utf-16-le", "utf-8-sig": "utf-8"}.get(self.encoding, self.encoding)
        return text.replace("\n", self.ends).encode(encoding)


@st.composite
def documents(draw: st.DrawFn) -> Made:
    name = draw(st.sampled_from(sorted(BLOCKS)))
    links, traps, gap = BLOCKS[name]
    chosen = draw(
        st.lists(st.sampled_from([*((True, block) for block in links), *((False, block) for block in traps)]), max_size=6)
    )
    pieces, urls = [""], list[str]()
    for number, (is_link, block) in enumerate(chosen):
        url = f"https://paper{number}.example.test/2019/04/24/kim-a{number}" + draw(
            st.sampled_from(["", "/x", "?a=1", "/caf%C3%A9"])
        )
        before, _, after = (block.format(u="\0") + gap).partition("\0") if is_link else (block.format(u=url) + gap, "", "")
        pieces[-1] += before
        if is_link:
            urls.append(url)
            pieces.append(after)
    pieces[-1] += CONTEXT.get(name, "")
    encoding = draw(st.sampled_from(ENCODINGS))
    junk = draw(st.sampled_from([b"", b"\xff\xfe\x81", b"\x00\xd8", b"\x8d"])) if encoding != "cp1252" else b""
    return Made(name, tuple(pieces), tuple(urls), encoding, draw(st.sampled_from(["\n", "\r\n", "\r"])), junk)


def _read(made: Made) -> LinkedDocument:
    try:
        return read(made.name, made.data)
    except DocumentError:
        assume(False)
        raise


NASTY = st.text("abc()[]<>&;=.,_*~'\"\\ `/ü|{}$%:!?#-", max_size=10).map(lambda tail: f"https://new.example.test/{tail}")


@settings(deadline=None)
@given(documents(), st.data())
def test_only_targets_change_and_a_second_run_changes_nothing(made: Made, data: st.DataObject) -> None:
    found = _read(made)
    assert [link.raw for link in found.links] == list(made.urls)
    assert [link.id for link in found.links] == [str(number) for number in range(1, len(made.urls) + 1)]
    chosen = data.draw(st.sets(st.sampled_from([link.id for link in found.links]))) if found.links else set()
    decisions = {id_: Replacement(data.draw(NASTY)) for id_ in chosen}
    once = rewrite(found, decisions)
    assert set(once.changed) | set(once.left) == set(decisions)
    written = _targets(made, once.data)
    for number, (old, new) in enumerate(zip(made.urls, written, strict=True), 1):
        assert (new != made.bare(old)) == (str(number) in once.changed)
    again = rewrite(read(made.name, once.data), decisions)
    assert again.data == once.data
    assert again.changed == ()


def _targets(made: Made, data: bytes) -> list[bytes]:
    """What stands between the pieces, all of which are where they were. A quoted cell may have got its quotes."""
    assert data.endswith(made.junk)
    place = len(made.encoded(""))  # the mark
    assert data[:place] == made.data[:place]
    pattern = b"(.+?)".join(re.escape(made.bare(piece)) for piece in made.pieces)
    match = re.compile(pattern, re.DOTALL).fullmatch(data, place, len(data) - len(made.junk))
    assert match is not None
    return list(match.groups())


@settings(deadline=None)
@given(documents())
def test_append_only_adds_and_a_second_run_changes_nothing(made: Made) -> None:
    found = _read(made)
    decisions = {link.id: Replacement(NEW, CAPTURE + link.url, "20190424101500") for link in found.links}
    once = rewrite(found, decisions, "append")
    rest = iter(once.data)
    assert all(byte in rest for byte in made.data)  # the old bytes in their order
    after = read(made.name, once.data)
    assert [(link.id, link.raw) for link in after.links] == [(link.id, link.raw) for link in found.links]
    assert {link.id for link in after.links if link.archived} == set(once.changed)
    assert rewrite(after, decisions, "append").data == once.data
    assert (once.data.count(b"\r"), once.data.count(b"\n")) >= (made.data.count(b"\r"), made.data.count(b"\n"))
    if made.ends != "\n":
        assert _lone_line_feeds(once.data) == _lone_line_feeds(made.data)


def _lone_line_feeds(data: bytes) -> int:
    return len(re.findall(rb"(?<!\r)(?<!\r\0)\n", data))


@settings(deadline=None)
@given(documents(), st.sampled_from(["replace", "append"]))
def test_a_restored_backup_is_the_document(tmp_path_factory: pytest.TempPathFactory, made: Made, style: Style) -> None:
    found = _read(made)
    decisions = {link.id: Replacement(NEW, CAPTURE + link.url, "20190424101500") for link in found.links}
    path = tmp_path_factory.mktemp("d") / made.name
    path.write_bytes(made.data)
    once = rewrite(found, decisions, style)
    backup = write_atomically(path, once.data, made.data)
    assert path.read_bytes() == once.data
    assert (backup is None) == (not once.changed)
    if backup is not None:
        backup.replace(path)
    assert path.read_bytes() == made.data


@settings(deadline=None)
@given(documents())
def test_byte_spans_are_the_targets(made: Made) -> None:
    found = _read(made)
    for link in found.links:
        start, end = found.text.byte_span(link.start, link.end)
        assert made.data[start:end] == made.bare(link.raw)


@settings(deadline=None)
@given(
    st.binary(max_size=300), st.sampled_from(sorted(BLOCKS)), st.sampled_from([b"", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"])
)
def test_any_bytes_are_read_or_refused_in_one_line(data: bytes, name: str, mark: bytes) -> None:
    try:
        found = read(name, mark + data)
    except DocumentError as error:
        if "\n" in str(error):
            raise AssertionError(str(error)) from error
        return
    assert rewrite(found, {link.id: Replacement(link.target) for link in found.links if link.candidates}).data is not None
    assert found.text.spliced(()) == mark + data


SOUP = st.lists(
    st.sampled_from(
        ["https://a.test/b", "http://", "www.a.test", "[", "]", "(", ")", "<", ">", "`", "``", "```", "\n", "\r\n", "    ", "- ", "> ", "{{", "}}", "|",
         "url=", "cite web", "<a href=", '"', "'", "</a>", "<!--", "-->", ".. _x:", "::", "_", "=", ",", ";", "\t", "{", "}", '"url":', "\\", "&amp;", "a", " "]
    ), max_size=40,
).map("".join)  # fmt: skip


@settings(deadline=None)
@given(SOUP, st.sampled_from(sorted(BLOCKS)), NASTY, st.booleans())
def test_syntax_soup(text: str, name: str, url: str, append: bool) -> None:
    """Whatever the markup: bytes outside the links stay, ids stay, and the second run changes nothing."""
    found = read(name, text.encode())
    decisions = {link.id: Replacement(url, CAPTURE + "https://a.test/b") for link in found.links}
    style = "append" if append else "replace"
    once = rewrite(found, decisions, style)  # type: ignore[arg-type]
    after = read(name, once.data)
    assert [link.id for link in after.links] == [link.id for link in found.links]
    again = rewrite(after, decisions, style)  # type: ignore[arg-type]
    assert again.data == once.data


def test_a_decision_that_is_no_address_leaves_its_link() -> None:
    found = read("a.md", b"[w](https://a.test/x)")
    for url in ("javascript:alert(1)", "/relative", "", "https:// x", "data:text/html,x"):
        once = rewrite(found, {"1": Replacement(url), "7": Replacement(NEW)})
        assert (once.data, once.changed, list(once.left)) == (found.text.data, (), ["1"])


@pytest.mark.parametrize(
    ("name", "text", "format_name"),
    [
        ("-", "# Title\n\n[w](https://a.test/)", "markdown"),
        ("-", "<!DOCTYPE html><p>", "html"),
        ("notes", "plain https://a.test/", "text"),
        ("-", '{"url": "https://a.test/"}\n{"url": "https://b.test/"}\n', "jsonl"),
        ("-", "a,b\n1,2\n3,https://a.test/\n", "csv"),
        ("-", "See `w <https://a.test/>`_\n", "rst"),
        ("-", "{{cite web |url=https://a.test/}}", "wikitext"),
        ("A.MD", "x", "markdown"),
        ("a.unknown", "Dear all, I write to you, see https://a.test/\nand there, too\n", "text"),
        ("a.tsv", "x", "csv"),
    ],
)
def test_formats(name: str, text: str, format_name: str) -> None:
    assert read(name, text.encode()).format.name == format_name
    assert format_name in {format_.name for format_ in FORMATS}


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        ("ü https://a.test/".encode(), "utf-8"),
        (b"\xef\xbb\xbfx https://a.test/", "utf-8"),
        ("ü https://a.test/".encode("utf-16"), "utf-16-le"),
        (b"\xfe\xff" + "ü https://a.test/".encode("utf-16-be"), "utf-16-be"),
        ("ü https://a.test/".encode("utf-32"), "utf-32-le"),
        ("d\u00e9j\u00e0 vu \u2013 \u00fcber https://a.test/caf\u00e9 \u2019".encode("cp1252"), "cp1252"),
        (("Привет, это статья о встрече. " * 5 + "https://a.test/").encode("koi8-r"), "koi8-r"),
        ("<meta charset=windows-1251>Привет https://a.test/".encode("cp1251"), "cp1251"),
        ("<meta charset=iso-8859-1>Ü https://a.test/".encode("cp1252"), "cp1252"),
        ("<meta charset=shift_jis>金正恩 https://a.test/".encode("shift_jis"), "shift_jis"),
        ("<meta charset=unicode_escape>Ü https://a.test/".encode("cp1252"), None),
        ("üüüüüüü https://a.test/".encode() + b"\xff", "utf-8"),
    ],
)  # fmt: skip
def test_encodings(data: bytes, encoding: str | None) -> None:
    found = read("a.txt", data)
    assert encoding is None or found.text.encoding == encoding
    assert len(found.links) == 1
    once = rewrite(found, {"1": Replacement(NEW)})
    start, end = found.text.byte_span(found.links[0].start, found.links[0].end)
    codec = encoding or "ascii"
    assert once.data == data[:start] + NEW.encode(codec) + data[end:]


@pytest.mark.parametrize("data", [b"%PDF-1.4 x", b"\x89PNG\r\n", b"PK\x03\x04xx", b"a\0\0\0b\1\2\xff", b"\xff\xfe\x00\xd8\x41"])
def test_what_no_text_is(data: bytes) -> None:
    if data.startswith(b"\xff\xfe"):
        assert read("a.txt", data).links == ()  # half a character is kept
    else:
        with pytest.raises(DocumentError):
            read("a.txt", data)


def test_an_empty_file_has_no_links() -> None:
    for data in (b"", b" \n", b"\xef\xbb\xbf"):
        assert read("a.md", data).links == ()
