"""The archive's own pages, with the words by which clients know them (recordings of 2020-2023)."""

from __future__ import annotations

from html import escape

from tests.internet.messages import Answer, Headers, packed

RATE_LIMITED = (
    "<html><body><h1>429 Too Many Requests</h1>\nYou have sent too many requests in a given amount of time.\n</body></html>\n"
)
_BLOCKED = "org.archive.wayback.exception.AdministrativeAccessControlException: Blocked Site Error"
RUNTIME_ERROR = f"org.archive.util.io.RuntimeIOException: {_BLOCKED}"
INFRASTRUCTURE: Headers = (
    ("Server", "nginx"),
    ("x-app-server", "wwwb-app221"),
    ("x-tr", "42"),
    ("server-timing", "captures_list;dur=12.5"),
    ("X-location", "All"),
    ("X-NA", "0"),
    ("X-RL", "0"),
    ("X-NID", "-"),
    ("X-Page-Cache", "MISS"),
    ("Referrer-Policy", "no-referrer-when-downgrade"),
    ("Permissions-Policy", "interest-cohort=()"),
)

_FRAME = """<!DOCTYPE html>
<html lang="en">
  <head>
    <title>{title}</title>
    <script src="//archive.org/includes/analytics.js"></script>
    <link rel="stylesheet" type="text/css" href="/_static/css/styles.css" />
  </head>
  <body class="navia">
    <header><a href="https://web.archive.org/">Internet Archive Wayback Machine</a></header>
    <div class="container">{body}
    </div>
    <footer>
      <div id="footerHome">
        <p>The Wayback Machine is an initiative of the <a href="//archive.org/">Internet Archive</a>,
          a 501(c)(3) non-profit, building a digital library of Internet sites and other cultural artifacts
          in digital form.</p>
      </div>
    </footer>
  </body>
</html>
"""
_NEVER = """
<div id="error">
<h2>Hrm.</h2>
<p>The Wayback Machine has not archived that URL.</p>
    <p>Click here to search for all archived pages under
      <a href="http://web.archive.org/web/*/{url}*">{url}</a>.
    </p>
</div>"""
_EXCLUDED = """
<div id="error">
  <h2>Sorry.</h2>
  <p>This URL has been excluded from the Wayback Machine.</p>
</div>"""
_REDIRECT = """
<div id="error">
  <div id="livewebInfo">
  <script type="text/javascript">function go() {{ document.location.href = "{target}"; }} setTimeout(go, 5000);</script>
  <p class="code">Loading...</p>
  <p class="code shift target">{url} | {moment}</p>
  <p class="code shift red">Got an HTTP {status} response at crawl time</p>
  <p class="code">Redirecting to...</p>
  <p class="code shift target">{location}</p>
  <p class="impatient"><a href="{target}">Impatient?</a></p>
  </div>
</div>"""


def own_page(status: int, body: str, *, reason: str | None = None, title: str = "Wayback Machine") -> Answer:
    """A page of the archive itself: no Memento-Datetime."""
    headers = (("x-ts", str(status)), *INFRASTRUCTURE)
    made = packed(status, _FRAME.format(title=title, body=body), headers=headers)
    return Answer(status, made.body, made.type, made.headers, reason, packed=True)


def never_archived(url: str) -> Answer:
    return own_page(404, _NEVER.format(url=escape(url)), reason="NOT FOUND")


def excluded(status: int) -> Answer:
    """403 since 2026, 200 in the recording of 2020."""
    return own_page(status, _EXCLUDED)


def redirect_page(url: str, moment: str, status: int, location: str, target: str) -> Answer:
    """What view mode shows for an archived redirect."""
    values = {"url": url, "moment": moment, "location": location, "target": target}
    escaped = {name: escape(value) for name, value in values.items()}
    return own_page(200, _REDIRECT.format(status=status, **escaped), title="")


def rate_limited() -> Answer:
    """As recorded: HTML, and no Retry-After."""
    return packed(429, RATE_LIMITED, "text/html", (("Server", "nginx"),))
