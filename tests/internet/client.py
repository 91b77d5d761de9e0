"""A client for the tests of the offline internet: `requests`, with verified TLS and no settings of this machine's own."""

from __future__ import annotations

import requests

from tests.internet import Internet

CDX = "https://web.archive.org/cdx/search/cdx"
WEB = "https://web.archive.org/web"


def session(net: Internet) -> requests.Session:
    """A session that goes through the proxy and trusts its certificates."""
    made = requests.Session()
    made.trust_env = False
    made.proxies = {"http": net.env["HTTP_PROXY"], "https": net.env["HTTPS_PROXY"]}
    made.verify = net.env["SSL_CERT_FILE"]
    return made


def get(net: Internet, url: str, *, params: object = None, timeout: float = 10, **headers: str) -> requests.Response:
    """One GET that follows nothing; header names with `_` for `-`."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    with session(net) as client:
        return client.get(url, params=params, headers=named, allow_redirects=False, timeout=timeout)  # type: ignore[arg-type]


def cdx(net: Internet, **parameters: object) -> list[list[str]]:
    """The rows of a CDX answer, split; asserts that it is one."""
    answer = get(net, CDX, params=parameters)
    assert answer.status_code == 200, answer.text
    return [line.split(" ") for line in answer.text.splitlines()]
