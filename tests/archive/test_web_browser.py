"""A person's way through the pages, in a real browser: search, open, compare, link health. Skipped where there is no Chromium.

With MORGUE_AXE, the path of axe-core's axe.min.js (`npm install axe-core`), every page is also looked at by axe-core.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.archive import web_home
from tests.archive.browser import Browser, chromium
from tests.archive.test_web import PAGES

MORGUE = (sys.executable, "-c", "from crawler.cli import main; main()")
AXE = os.environ.get("MORGUE_AXE", "")
PROGRAM = chromium()
needs_chromium = pytest.mark.skipif(PROGRAM is None, reason="there is no Chromium here: install one to drive the pages")


@contextmanager
def served(home: Path) -> Iterator[str]:
    """The address of `morgue serve` on a home, while it runs."""
    command = [*MORGUE, "serve", "--home", str(home), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        try:
            assert address.startswith("http://127.0.0.1:"), process.stderr.read() if process.stderr else ""
            yield address
        finally:
            process.terminate()


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("served")
    web_home.build(folder)
    with served(folder) as found:
        yield found


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Browser]:
    assert PROGRAM is not None
    with Browser(PROGRAM, tmp_path) as made:
        made.window(1280)
        yield made


@needs_chromium
@pytest.mark.parametrize(("width", "dark"), [(390, False), (1280, True)])
def test_a_reader_searches_opens_compares_and_looks_at_link_health(
    address: str, browser: Browser, width: int, *, dark: bool
) -> None:
    browser.window(width, dark=dark)
    browser.open(address)
    browser.say("document.querySelector('#quick').value = 'ferry captain'")
    browser.click(".quick button")
    assert browser.say("location.search") == "?q=ferry+captain"
    assert browser.say("document.querySelector('mark').textContent") == "ferry"
    browser.click(".hits a")
    assert browser.say("document.querySelector('h1').textContent") == "Ferry sinks off the old harbour"
    browser.click("form[action$=compare] button")
    assert browser.say("[...document.querySelectorAll('del')].map(one => one.textContent).join()") == "Forty,Nobody was hurt"
    browser.click("nav a[href='/health']")
    assert browser.say("document.querySelector('h1').textContent") == "Link health"
    assert browser.say("document.querySelector('rect.gone').getBoundingClientRect().width") > 5
    assert browser.complaints == []


@needs_chromium
def test_the_keyboard_comes_first_to_the_way_past_the_head(address: str, browser: Browser) -> None:
    browser.open(address + "article/1")
    for kind in ("keyDown", "keyUp"):
        browser.call("Input.dispatchKeyEvent", type=kind, key="Tab", code="Tab", windowsVirtualKeyCode=9)
    assert browser.say("document.activeElement.className") == "skip"
    assert browser.say("document.activeElement.getBoundingClientRect().left") >= 0
    assert browser.say("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    for kind in ("keyDown", "keyUp"):
        browser.call("Input.dispatchKeyEvent", type=kind, key="Enter", code="Enter", text="\r", windowsVirtualKeyCode=13)
    assert browser.say("document.activeElement.id") == "content"


@needs_chromium
def test_no_page_is_wider_than_a_phone_or_complains(address: str, browser: Browser) -> None:
    wide = []
    for width in (320, 390, 1280):
        browser.window(width)
        for path in PAGES:
            browser.open(address.rstrip("/") + path)
            if browser.say("document.documentElement.scrollWidth") > width:
                wide.append((path, width))
    assert wide == []
    assert browser.complaints == []


@needs_chromium
def test_a_script_in_a_page_would_not_run(address: str, browser: Browser) -> None:
    """Were one of our escapes forgotten, the policy would still hold."""
    browser.open(address)
    hostile = "<img src=/static/none onerror='window.ran = 1'>"
    browser.say(
        "new Promise(done => { document.addEventListener('securitypolicyviolation', done, {once: true});"
        f" document.body.insertAdjacentHTML('beforeend', {json.dumps(hostile)}); }}).then(event => event.violatedDirective)"
    )
    assert browser.say("window.ran === undefined")
    assert any("Content Security Policy" in complaint for complaint in browser.complaints)


@needs_chromium
@pytest.mark.skipif(not AXE, reason="MORGUE_AXE does not name a copy of axe-core's axe.min.js")
@pytest.mark.parametrize(("width", "dark"), [(390, False), (390, True), (1280, False), (1280, True)])
def test_axe_finds_nothing(address: str, browser: Browser, width: int, *, dark: bool) -> None:
    script, found = Path(AXE).read_text(encoding="utf-8"), dict[str, Any]()
    browser.window(width, dark=dark)
    for path in PAGES:
        browser.open(address.rstrip("/") + path)
        browser.say(script + "; 0")
        seen = json.loads(browser.say("axe.run().then(r => JSON.stringify(r.violations.map(v => [v.id, v.nodes[0].html])))"))
        found |= {path: seen} if seen else {}
    assert found == {}
