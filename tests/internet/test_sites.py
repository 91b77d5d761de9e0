"""The live web: the corpus format, the wire, TLS, leaks, and the command line."""

from __future__ import annotations

import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.internet import Corpus, Internet
from tests.internet.client import CDX, get, session

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"
HOME = "https://www.paper.test"


def corpus() -> Corpus:
    made = Corpus()
    made.host("www.paper.test", missing="<h1>Nothing here</h1>", status=410, robots="User-agent: *\nDisallow: /x\n")
    made.host("late.test", delay=0.05)
    made.live(f"{HOME}/a", "<p>caf\u00e9</p>", headers={"ETag": '"a1"', "X-Own": "yes"})
    made.live(f"{HOME}/caf%C3%A9?q=a%20b", "<p>escaped</p>")
    made.live(f"{HOME}/old", status=301, location="/a")
    made.live("http://plain.test/b", "<p>plain</p>")
    made.live("https://live.test/", "<p>live</p>", type="text/html; charset=iso-8859-1")
    made.unresolved("https://lapsed.test/x")
    made.capture("https://lapsed.test/x", "20200101000000", "<p>was here</p>")
    return made


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return corpus().write(tmp_path_factory.mktemp("corpus"))


@pytest.fixture(scope="module")
def net(folder: Path) -> Iterator[Internet]:
    with Internet([folder]) as serving:
        yield serving


ANSWERS = [  # address, status, part of the body or Location
    (f"{HOME}/a", 200, "café"),
    (f"{HOME}/a#part", 200, "café"),
    (f"{HOME}/café?q=a%20b", 200, "escaped"),
    (f"{HOME}/caf%c3%a9?q=a%20b", 200, "escaped"),
    (f"{HOME}/old", 301, "/a"),
    (f"{HOME}/b", 410, "Nothing here"),
    (f"{HOME}/a?utm_source=x", 410, "Nothing here"),
    (f"{HOME}/robots.txt", 200, "Disallow: /x"),
    ("https://live.test/robots.txt", 404, ""),
    ("https://live.test/other", 404, "404 Not Found"),
    ("http://plain.test/b", 200, "plain"),
    ("http://www.paper.test/a", 301, f"{HOME}/a"),
    ("https://plain.test/b", 301, "http://plain.test/b"),
    ("https://late.test/", 404, "404 Not Found"),
]


@pytest.mark.parametrize(("url", "status", "expected"), ANSWERS)
def test_answers(net: Internet, url: str, status: int, expected: str) -> None:
    answer = get(net, url)
    assert answer.status_code == status
    assert expected in (answer.headers["location"] if status == 301 else answer.content.decode())
    assert (net.log[-1].status, net.log[-1].bucket) == (status, "robots" if url.endswith("robots.txt") else "live")


def test_headers_type_and_coding(net: Internet) -> None:
    packed = get(net, f"{HOME}/a", Accept_Encoding="gzip")
    plain = get(net, f"{HOME}/a", Accept_Encoding="identity")
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.content == plain.content
    assert packed.headers["x-own"] == "yes"
    assert get(net, "https://live.test/").headers["content-type"] == "text/html; charset=iso-8859-1"


def test_head_post_and_conditional_requests(net: Internet) -> None:
    with session(net) as client:
        head = client.head(f"{HOME}/a", headers={"Accept-Encoding": "identity"})
        assert (head.content, head.headers["content-length"]) == (b"", "12")
        assert client.post(f"{HOME}/a", data={"x": "y" * 100_000}).status_code == 200
        assert client.get(f"{HOME}/a", headers={"If-None-Match": '"a1"'}).status_code == 304
        assert client.get(f"{HOME}/a", headers={"If-None-Match": '"a0"'}).status_code == 200


def test_one_connection_serves_many_requests(net: Internet) -> None:
    with session(net) as client:
        for _ in range(5):
            client.get(f"{HOME}/a")
        pools = client.get_adapter(HOME).proxy_manager[net.env["HTTPS_PROXY"]].pools  # type: ignore[attr-defined]
        keys = pools.keys()
        assert [pools[key].num_connections for key in keys] == [1]


def test_later_corpora_add_to_earlier_ones(folder: Path, tmp_path: Path) -> None:
    more = Corpus()
    more.live("https://second.test/", b"<p>second</p>")
    with Internet([folder, more.write(tmp_path)]) as net:
        assert [get(net, url).status_code for url in (f"{HOME}/a", "https://second.test/")] == [200, 200]


def test_a_folder_that_is_no_corpus(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Internet([tmp_path])
    (tmp_path / "web.jsonl").write_text('{"address": 1}\n')
    with pytest.raises(ValueError, match="line 1"):
        Internet([tmp_path])


@pytest.mark.parametrize("seed", [1])
def test_a_repair_set_of_real_pages(tmp_path: Path, seed: int) -> None:
    """Every answer that the set calls right is to be had here, live or from the archive."""
    tool, pages = SHARED / "tools" / "repairset.py", SHARED / "data" / "pages"
    if not (tool.exists() and pages.exists()):
        pytest.skip("the repair set's tool and pages are not here (../shared)")
    subprocess.run([sys.executable, tool, pages, tmp_path, "--seed", str(seed)], check=True, capture_output=True)
    truth = [json.loads(line) for line in (tmp_path / "truth.jsonl").read_text(encoding="utf-8").splitlines()]
    links = [json.loads(line) for line in (tmp_path / "links.jsonl").read_text(encoding="utf-8").splitlines()]
    with Internet([tmp_path]) as net, session(net) as client:
        for row in truth:
            assert all(client.get(url).status_code == 200 for url in row["replacement"])
            for original, timestamp in row["capture"]:
                copy = client.get(f"https://web.archive.org/web/{timestamp}id_/{original}", allow_redirects=False)
                assert (copy.status_code, "memento-datetime" in copy.headers) == (200, True)
        verdicts = {row["id"]: row["verdict"] for row in truth}
        for link in links:
            status = client.get(CDX, params={"url": link["url"], "limit": "1"}).status_code
            assert status == (403 if verdicts[link["id"]] == "excluded" else 200)
        assert net.leaks == []


# -- TLS --------------------------------------------------------------------------------------------------------------


def urlopen(net: Internet, url: str, authority: str | None) -> bytes:
    context = ssl.create_default_context(cafile=authority)
    proxies = urllib.request.ProxyHandler({"http": net.env["HTTP_PROXY"], "https": net.env["HTTPS_PROXY"]})
    opener = urllib.request.build_opener(proxies, urllib.request.HTTPSHandler(context=context))
    with opener.open(url, timeout=5) as answer:
        return bytes(answer.read())


def test_urllib_verifies_the_certificate(net: Internet) -> None:
    assert b"caf" in urlopen(net, f"{HOME}/a", net.env["SSL_CERT_FILE"])
    with pytest.raises(urllib.error.URLError, match="CERTIFICATE_VERIFY_FAILED"):
        urlopen(net, f"{HOME}/a", None)


def test_requests_verifies_the_certificate(net: Internet) -> None:
    with session(net) as client:
        assert client.get(f"{HOME}/a").status_code == 200
        client.verify = True
    with session(net) as stranger:
        stranger.verify = True
        with pytest.raises(requests.exceptions.SSLError):
            stranger.get("https://live.test/")


def test_the_four_variables_are_all_that_a_client_needs(net: Internet) -> None:
    assert set(net.env) == {"HTTP_PROXY", "HTTPS_PROXY", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"}
    kept = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
    code = f"import requests, urllib.request as u; print(requests.get('{HOME}/a').status_code, u.urlopen('{HOME}/a').status)"
    done = subprocess.run([sys.executable, "-c", code], env=kept | net.env, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["200", "200"]


def test_a_session_of_tls_is_resumed(net: Internet) -> None:
    """A client that keeps its session is spared the full handshake: thousands of connections are opened in a crawl."""
    context = ssl.create_default_context(cafile=net.env["SSL_CERT_FILE"])
    context.maximum_version = ssl.TLSVersion.TLSv1_2  # in 1.3 tickets come after the handshake, and reading is awaited
    first, ticket = _handshake(net, context, None)
    again, _ = _handshake(net, context, ticket)
    assert (first, again) == (False, True)


def _handshake(
    net: Internet, context: ssl.SSLContext, ticket: ssl.SSLSession | None
) -> tuple[bool | None, ssl.SSLSession | None]:

    port = int(net.env["HTTPS_PROXY"].rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=5) as plain:
        plain.sendall(b"CONNECT live.test:443 HTTP/1.1\r\n\r\n")
        assert plain.recv(1000).startswith(b"HTTP/1.1 200")
        with context.wrap_socket(plain, server_hostname="live.test", session=ticket) as secure:
            return secure.session_reused, secure.session


# -- leaks ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["https", "http"])
def test_an_unknown_host_does_not_resolve_and_is_a_leak(folder: Path, scheme: str) -> None:
    with Internet([folder]) as net, session(net) as client:
        if scheme == "https":
            with pytest.raises(requests.exceptions.ProxyError, match="502"):
                client.get("https://elsewhere.test/x")
        else:
            assert client.get("http://elsewhere.test/x").status_code == 502
        assert net.leaks == ["elsewhere.test"]
        assert (net.log[-1].status, net.log[-1].bucket) == (502, "leak")


def test_a_name_that_lapsed_does_not_resolve_and_is_no_leak(folder: Path) -> None:
    with Internet([folder]) as net:
        with pytest.raises(requests.exceptions.ProxyError, match="502"):
            get(net, "https://lapsed.test/x")
        assert net.leaks == []
        assert net.log[-1].bucket == "unresolved"
        assert get(net, "https://web.archive.org/web/20200101000000id_/https://lapsed.test/x").status_code == 200


# -- the command line -------------------------------------------------------------------------------------------------


def start(folder: Path, *options: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.internet", "--corpus", str(folder), *options]
    return subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True)


def wait_for(file: Path, process: subprocess.Popen[str]) -> dict[str, str]:
    while not file.exists():
        assert process.poll() is None, process.communicate()[1]
    return dict(line.split("=", 1) for line in file.read_text(encoding="utf-8").splitlines())


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_the_command_serves_until_it_is_stopped(folder: Path, tmp_path: Path, stop: signal.Signals) -> None:
    env, log = tmp_path / "env", tmp_path / "log"
    process = start(folder, "--env", str(env), "--log", str(log), "--fault", "cdx:429", "live:503*1", "--limits", "real")
    try:
        settings = wait_for(env, process)
        assert list(settings) == ["HTTP_PROXY", "HTTPS_PROXY", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"]
        proxies = {"https": settings["HTTPS_PROXY"]}
        for url in (f"{HOME}/a", f"{HOME}/a", CDX):
            requests.get(url, proxies=proxies, verify=settings["SSL_CERT_FILE"], timeout=5)
    finally:
        process.send_signal(stop)
        _, errors = process.communicate(timeout=10)
    assert (process.returncode, errors) == (0, "")
    rows = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    assert [row[1:] for row in rows] == [
        ["GET", f"{HOME}/a", 503, "live"],
        ["GET", f"{HOME}/a", 200, "live"],
        ["GET", CDX, 429, "cdx"],
    ]
    assert not Path(settings["SSL_CERT_FILE"]).exists(), "the certificates are thrown away"


def test_the_command_says_what_is_wrong(tmp_path: Path) -> None:
    process = start(tmp_path, "--env", str(tmp_path / "env"))
    _, errors = process.communicate(timeout=20)
    assert process.returncode == 2
    assert "web.jsonl" in errors
    assert "Traceback" not in errors
