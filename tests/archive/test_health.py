"""The rules of health, one by one and in their order: dead needs proof."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.health import RULES, judge
from archive.models import Failure, FailureKind, Hop, Observation, Page
from archive.states import State

STORY = "https://a.example/2021/03/12/storm-gates-close-for-first-time"
HOME = "https://a.example/"


def seen(*hops: tuple[str, int] | Hop, page: Page | None = None, failure: FailureKind | None = None) -> Observation:
    return Observation(
        STORY,
        tuple(hop if isinstance(hop, Hop) else Hop(*hop) for hop in hops),
        Failure(STORY, failure, "told so") if failure else None,
        page,
    )


def told(observation: Observation) -> tuple[State, str]:
    verdict = judge(observation)
    return verdict.state, verdict.rule


def answered(status: int, page: Page | None = None, **headers: str) -> Observation:
    return seen(Hop(STORY, status, tuple((name.replace("_", "-"), value) for name, value in headers.items())), page=page)


def led_to(url: str, page: Page | None = None) -> Observation:
    return seen((STORY, 301), (url, 200), page=page)


ARTICLE = Page("ok", head_title="Storm Gates Close", heading="Storm Gates Close", text_length=4_000)


def test_the_order_of_the_rules() -> None:
    names = [getattr(rule, "__name__", "") for rule in RULES]
    assert names == [
        "failed",
        "parked",
        "blocked",
        "gone",
        "temporary",
        "redirected",
        "section",
        "soft404",
        "walls",
        "moved",
        "paywalled",
    ]


# -- no answer --------------------------------------------------------------------------------------------------------

FAILURES = {
    FailureKind.DNS: (State.DNS_GONE, "host_gone"),
    FailureKind.DNS_UNKNOWN: (State.TEMPORARY, "dns_unknown"),
    FailureKind.TLS: (State.TLS_FAILURE, "tls"),
    FailureKind.TIMEOUT: (State.TEMPORARY, "timeout"),
    FailureKind.REFUSED: (State.TEMPORARY, "refused"),
    FailureKind.RESET: (State.TEMPORARY, "reset"),
    FailureKind.PROTOCOL: (State.TEMPORARY, "protocol"),
    FailureKind.TOO_LARGE: (State.TEMPORARY, "too_large"),
    FailureKind.ROBOTS: (State.BLOCKED, "robots_txt"),
    FailureKind.UNSAFE: (State.BLOCKED, "unsafe"),
    FailureKind.REDIRECT_LOOP: (State.TEMPORARY, "redirect_loop"),
    FailureKind.PAUSED: (State.TEMPORARY, "paused"),
}


@pytest.mark.parametrize("kind", FailureKind)
def test_of_all_failures_only_a_name_that_does_not_exist_is_a_death(kind: FailureKind) -> None:
    verdict = judge(seen(failure=kind))
    assert (verdict.state, verdict.rule) == FAILURES[kind]
    assert verdict.state.dead == (kind is FailureKind.DNS)
    assert verdict.evidence == {"failure": kind, "detail": "told so", "at": STORY}


def test_a_failure_behind_a_redirect_is_what_counts() -> None:
    assert told(seen((STORY, 301), failure=FailureKind.TIMEOUT)) == (State.TEMPORARY, "timeout")


# -- statuses ---------------------------------------------------------------------------------------------------------

STATUSES = {
    200: (State.ALIVE, "answered"),
    203: (State.ALIVE, "answered"),
    206: (State.ALIVE, "answered"),
    201: (State.TEMPORARY, "status_201"),
    202: (State.TEMPORARY, "status_202"),
    204: (State.TEMPORARY, "status_204"),
    205: (State.TEMPORARY, "status_205"),
    299: (State.TEMPORARY, "status_299"),
    301: (State.TEMPORARY, "status_301"),
    304: (State.TEMPORARY, "status_304"),
    400: (State.TEMPORARY, "status_400"),
    401: (State.BLOCKED, "status_401"),
    402: (State.BLOCKED, "status_402"),
    403: (State.BLOCKED, "status_403"),
    404: (State.HARD_GONE, "status_404"),
    405: (State.TEMPORARY, "status_405"),
    406: (State.BLOCKED, "status_406"),
    407: (State.BLOCKED, "status_407"),
    408: (State.TEMPORARY, "status_408"),
    410: (State.HARD_GONE, "status_410"),
    418: (State.TEMPORARY, "status_418"),
    429: (State.TEMPORARY, "status_429"),
    451: (State.BLOCKED, "status_451"),
    500: (State.TEMPORARY, "status_500"),
    502: (State.TEMPORARY, "status_502"),
    503: (State.TEMPORARY, "status_503"),
    504: (State.TEMPORARY, "status_504"),
    520: (State.TEMPORARY, "status_520"),
    999: (State.BLOCKED, "status_999"),
}


@pytest.mark.parametrize(("status", "expected"), STATUSES.items())
def test_statuses(status: int, expected: tuple[State, str]) -> None:
    assert told(answered(status, ARTICLE)) == expected
    assert judge(answered(status)).state.dead == (status in (404, 410))


def test_no_answer_at_all_is_temporary() -> None:
    assert told(seen()) == (State.TEMPORARY, "no_answer")


# -- walls ------------------------------------------------------------------------------------------------------------

WALLS = [
    (answered(403, cf_mitigated="challenge", server="cloudflare"), "bot_wall"),
    (answered(200, cf_mitigated="challenge"), "bot_wall"),
    (answered(503, cf_mitigated="challenge"), "bot_wall"),
    (answered(404, cf_mitigated="challenge"), "bot_wall"),
    (answered(202, x_amzn_waf_action="challenge"), "bot_wall"),
    (answered(405, x_amzn_waf_action="captcha"), "bot_wall"),
    (answered(403, X_DataDome="protected"), "bot_wall"),
    (answered(429, X_DataDome="protected"), "bot_wall"),
    (answered(403, Server="AkamaiGHost"), "bot_wall"),
    (answered(503, Server="ddos-guard"), "bot_wall"),
]


@pytest.mark.parametrize(("observation", "rule"), WALLS)
def test_walls(observation: Observation, rule: str) -> None:
    assert told(observation) == (State.BLOCKED, rule)


NO_WALLS = [
    (answered(200, ARTICLE, Server="AkamaiGHost"), State.ALIVE),
    (answered(200, ARTICLE, X_DataDome="protected"), State.ALIVE),
    (answered(404, Server="AkamaiGHost"), State.HARD_GONE),
    (answered(404, Server="ddos-guard"), State.HARD_GONE),
    (answered(410, X_DataDome="protected"), State.HARD_GONE),
    (answered(404, Server="cloudflare", CF_RAY="x"), State.HARD_GONE),
    (answered(502, Server="AkamaiGHost"), State.TEMPORARY),
    (answered(200, ARTICLE, cf_cache_status="HIT"), State.ALIVE),
]


@pytest.mark.parametrize(("observation", "state"), NO_WALLS)
def test_a_wall_makers_name_alone_is_no_wall(observation: Observation, state: State) -> None:
    assert judge(observation).state is state


CHALLENGES = [
    "Just a moment...", "Attention Required! | Cloudflare", "Access Denied", "Access denied | www.a.example used Cloudflare to restrict access",
    "Access to this page has been denied.", "Are you a robot?", "Please verify you are a human", "Pardon Our Interruption", "Robot Check",
    "Security check", "Checking your browser before accessing a.example", "Request unsuccessful.", "Blocked", "DDoS-Guard", "403 Forbidden",
    "Nur einen Moment…", "Un instant…", "Un momento…", "Um momento…", "Een moment geduld…", "Jeszcze chwila…", "Один момент…", "Bir dakika lütfen…",
    "请稍候…", "しばらくお待ちください...", "잠시만 기다리십시오…",
]  # fmt: skip
STUBS = [
    "Access denied to migrants at border, court hears", "Blocked drains flood Saltmere", "Just a moment of madness cost him the title",
    "Un instant de grâce à l'opéra", "Forbidden fruit: the trade in rare apples", "Are you a robot lawyer's client?", "Security check reveals hundred faults",
]  # fmt: skip


@pytest.mark.parametrize("title", CHALLENGES)
def test_challenges_are_blocked_whatever_their_status(title: str) -> None:
    for status in (200, 403, 429, 503):
        assert judge(answered(status, Page("empty", head_title=title, text_length=80))).state is State.BLOCKED
    assert told(answered(200, Page("empty", head_title=title, text_length=80))) == (State.BLOCKED, "challenge_page")


@pytest.mark.parametrize("title", STUBS)
def test_headlines_are_no_challenges(title: str) -> None:
    assert told(answered(200, Page("ok", head_title=title, text_length=80))) == (State.ALIVE, "answered")


def test_an_article_under_a_challenges_title_is_alive() -> None:
    assert judge(answered(200, Page("ok", head_title="Access Denied", text_length=3_000))).state is State.ALIVE


# -- redirects --------------------------------------------------------------------------------------------------------

REDIRECTS = {
    HOME: (State.REDIRECT_HOME, "redirect_home"),
    "https://a.example/?from=404": (State.REDIRECT_HOME, "redirect_home"),
    "https://www.a.example/index.html": (State.REDIRECT_HOME, "redirect_home"),
    "https://a.example/en/": (State.REDIRECT_HOME, "redirect_home"),
    "https://a.example/pt-br": (State.REDIRECT_HOME, "redirect_home"),
    "https://parked.example/": (State.REDIRECT_HOME, "redirect_home"),
    "https://a.example/2021/03/": (State.REDIRECT_SECTION, "redirect_up"),
    "https://a.example/2021/": (State.REDIRECT_SECTION, "redirect_up"),
    "https://a.example/404": (State.SOFT404, "redirect_to_error_page"),
    "https://a.example/404.html": (State.SOFT404, "redirect_to_error_page"),
    "https://a.example/errors/404.aspx": (State.SOFT404, "redirect_to_error_page"),
    "https://a.example/error/": (State.SOFT404, "redirect_to_error_page"),
    "https://a.example/page-not-found": (State.SOFT404, "redirect_to_error_page"),
    "https://a.example/notfound.php": (State.SOFT404, "redirect_to_error_page"),
    "https://a.example/message?aspxerrorpath=/2021/x": (State.SOFT404, "redirect_to_error_page"),
    "https://a.example/message?code=404": (State.SOFT404, "redirect_to_error_page"),
    "https://a.example/login?next=/2021/03/12/x": (State.BLOCKED, "redirect_to_door"),
    "https://login.a.example/?next=x": (State.BLOCKED, "redirect_to_door"),
    "https://consent.a.example/collect?x=1": (State.BLOCKED, "redirect_to_door"),
    "https://a.example/subscribe/": (State.BLOCKED, "redirect_to_door"),
    "https://a.example/news/storm-gates-close-for-first-time-h20431": (State.MOVED, "redirected"),
    "https://b.example/2021/03/12/storm-gates-close-for-first-time": (State.MOVED, "redirected"),
    "https://a.example/harbour/": (State.MOVED, "redirected"),
    # what an index folds into one is no move
    STORY.replace("https", "http"): (State.ALIVE, "answered"),
    STORY.replace("//", "//www."): (State.ALIVE, "answered"),
    f"{STORY}/": (State.ALIVE, "answered"),
    STORY.upper().replace("HTTPS", "https"): (State.ALIVE, "answered"),
}


@pytest.mark.parametrize(("final", "expected"), REDIRECTS.items())
def test_where_a_redirect_ends(final: str, expected: tuple[State, str]) -> None:
    assert told(led_to(final, ARTICLE)) == expected


def test_evidence_names_the_way() -> None:
    evidence = judge(seen((STORY, 301), (f"{HOME}x", 302), (HOME, 200))).evidence
    assert evidence == {"final_url": HOME, "hops": [STORY, f"{HOME}x", HOME]}
    assert judge(led_to("https://b.example/2021/03/12/y")).evidence["final_url"] == "https://b.example/2021/03/12/y"


def test_a_redirect_to_a_refusal_or_a_404_is_that() -> None:
    assert told(seen((STORY, 301), (HOME, 403))) == (State.BLOCKED, "status_403")
    assert told(seen((STORY, 301), (f"{HOME}x", 404))) == (State.HARD_GONE, "status_404")
    assert told(seen((STORY, 301), (HOME, 503))) == (State.TEMPORARY, "status_503")


def test_a_front_page_may_redirect_to_another() -> None:
    observation = Observation(
        "http://a.example/", (Hop("http://a.example/", 301), Hop("https://a.example/en/", 200)), page=ARTICLE
    )
    assert told(observation) == (State.MOVED, "redirected")


def test_a_page_named_by_its_query_is_no_front_page() -> None:
    url = "https://a.example/?p=123"
    assert told(Observation(url, (Hop(url, 301), Hop(HOME, 200)))) == (State.REDIRECT_HOME, "redirect_home")


REFRESHES = {
    "/": (State.REDIRECT_HOME, "refresh_home"),
    HOME: (State.REDIRECT_HOME, "refresh_home"),
    "/404.html": (State.SOFT404, "refresh_to_error_page"),
    "/login": (State.BLOCKED, "redirect_to_door"),
    "": (State.ALIVE, "answered"),
    STORY: (State.ALIVE, "answered"),
    "http://[bad": (State.ALIVE, "answered"),
    "javascript:go()": (State.ALIVE, "answered"),
}


@pytest.mark.parametrize(("target", "expected"), REFRESHES.items())
def test_a_stub_that_sends_its_reader_on_is_a_redirect(target: str, expected: tuple[State, str]) -> None:
    assert told(answered(200, Page("empty", refresh=target))) == expected


def test_a_front_page_that_reloads_itself_and_an_article_that_does_are_alive() -> None:
    assert told(answered(200, Page("ok", refresh="/", text_length=4_000))) == (State.ALIVE, "answered")
    assert told(Observation(HOME, (Hop(HOME, 200),), page=Page("ok", refresh="/", text_length=90))) == (State.ALIVE, "answered")


# -- whatever is seen -------------------------------------------------------------------------------------------------

HOPS = st.builds(
    Hop,
    st.sampled_from([STORY, HOME, f"{HOME}404", "https://b.example/x", "nonsense", "http://[bad"]),
    st.just(200) | st.integers(100, 999),
    st.lists(st.tuples(st.sampled_from(["Server", "cf-mitigated", "x-datadome"]), st.text(max_size=9)), max_size=2).map(tuple),
)
PAGES = st.builds(
    Page,
    st.just("ok"),
    head_title=st.none() | st.text(max_size=30),
    text_length=st.integers(0, 5_000),
    refresh=st.none() | st.text(max_size=9),
)


@settings(deadline=None)
@given(st.lists(HOPS, max_size=3).map(tuple), st.none() | PAGES, st.none() | st.sampled_from(FailureKind))
def test_dead_needs_proof(hops: tuple[Hop, ...], page: Page | None, failure: FailureKind | None) -> None:
    verdict = judge(Observation(STORY, hops, Failure(STORY, failure, "") if failure else None, page))
    assert verdict.rule
    if verdict.state.dead:
        assert failure is FailureKind.DNS or (failure is None and hops and hops[-1].status in (200, 203, 206, 404, 410))
