"""Who is answered: this machine's names and our own pages, and nobody who would change anything."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from archive.web.guard import HEADERS, POLICY, objection
from tests.archive.made import open_store
from tests.archive.web_client import Client


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    folder = tmp_path_factory.mktemp("guard")
    open_store(folder).close()
    with Client(folder) as made:
        yield made


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:8001", 200),
        ("localhost", 200),
        ("LOCALHOST:9", 200),
        ("[::1]:8001", 200),
        ("evil.example", 421),
        ("evil.example:8001", 421),
        ("127.0.0.1.evil.example", 421),
        ("localhost.evil.example:8001", 421),
        ("127.0.0.1@evil.example", 421),
        ("192.168.1.5:8001", 421),
        ("0.0.0.0:8001", 421),
        ("", 421),
    ],
)
def test_only_names_of_this_machine_are_answered(client: Client, host: str, status: int) -> None:
    answer = client.get("/", host=host)
    assert answer.status_code == status
    assert answer.headers["content-security-policy"] == POLICY


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"origin": "http://localhost"}, 200),
        ({"origin": "http://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "http://localhost:3000"}, 403),  # another program on this machine
        ({"origin": "https://localhost"}, 403),
        ({"sec_fetch_site": "same-origin", "sec_fetch_mode": "no-cors", "sec_fetch_dest": "style"}, 200),
        ({"sec_fetch_site": "none", "sec_fetch_mode": "navigate", "sec_fetch_dest": "document"}, 200),
        ({"sec_fetch_site": "cross-site", "sec_fetch_mode": "navigate", "sec_fetch_dest": "document"}, 200),  # a link
        ({"sec_fetch_site": "cross-site", "sec_fetch_mode": "navigate", "sec_fetch_dest": "iframe"}, 403),
        ({"sec_fetch_site": "cross-site", "sec_fetch_mode": "no-cors", "sec_fetch_dest": "image"}, 403),
        ({"sec_fetch_site": "same-site", "sec_fetch_mode": "cors", "sec_fetch_dest": "empty"}, 403),
    ],
)
def test_other_sites_load_nothing_from_here(client: Client, headers: dict[str, str], status: int) -> None:
    assert client.get("/", **headers).status_code == status


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_nothing_can_be_changed(client: Client, method: str) -> None:
    assert client.get("/", method).status_code == 405
    assert client.get("/morgue/articles", method).status_code == 405


@pytest.mark.parametrize("path", ["/", "/static/style.css", "/static/icon.svg", "/favicon.ico", "/nowhere", "/morgue.json"])
def test_every_answer_has_the_headers(client: Client, path: str) -> None:
    answer = client.get(path)
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    assert "access-control-allow-origin" not in answer.headers


def test_a_head_is_answered(client: Client) -> None:
    assert client.get("/", "HEAD").status_code == 200


def test_the_policy_lets_no_script_run() -> None:
    rules = dict(rule.strip().partition(" ")[::2] for rule in POLICY.split(";"))
    assert rules["default-src"] == "'none'"
    assert "script-src" not in rules
    assert "unsafe" not in POLICY
    assert objection("GET", {b"host": b"127.0.0.1:8001"}) is None
