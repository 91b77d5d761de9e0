"""What we add to Datasette, by its own hooks: the guard, the pages, words for templates, errors in plain words."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Generator
from typing import Any

from datasette import hookimpl
from datasette.plugins import pm
from datasette.utils.asgi import Base400, NotFound, Request, Response
from datasette.views.base import DatasetteError

from archive.errors import MorgueError, NothingFound, UsageError
from archive.terminal import safe_paragraphs
from archive.web.guard import App, guarded
from archive.web.pages import PAGES
from archive.web.room import ReadingRoom, TooSlow
from archive.web.words import FILTERS

_log = logging.getLogger(__name__)


def install() -> None:
    """Have Datasette know of us. It keeps its plugins for the whole process; each hook asks whether the archive is ours."""
    if not pm.has_plugin("morgue"):
        pm.register(_Plugin(), "morgue")


class _Plugin:
    __name__ = "morgue"  # Datasette asks every plugin for it

    @hookimpl(tryfirst=True)
    def asgi_wrapper(self, datasette: Any) -> Callable[[App], App]:
        return guarded if isinstance(datasette, ReadingRoom) else lambda app: app

    @hookimpl(tryfirst=True)
    def register_routes(self, datasette: Any) -> list[tuple[str, Any]]:
        return list(PAGES) if isinstance(datasette, ReadingRoom) else []

    @hookimpl
    def prepare_jinja2_environment(self, env: Any, datasette: Any) -> None:
        if isinstance(datasette, ReadingRoom):
            env.filters.update(FILTERS)

    @hookimpl(hookwrapper=True)
    def handle_exception(self, datasette: Any, request: Request, exception: Exception) -> Generator[None, Any, None]:
        """In place of Datasette's own, which prints every 404 with all local variables."""
        outcome = yield
        if isinstance(datasette, ReadingRoom):
            outcome.force_result([_told(datasette, request, exception)])


async def _told(room: ReadingRoom, request: Request, exception: Exception) -> Response:
    status, title, words = _explained(exception)
    if request.path.endswith(".json"):
        return Response.json({"ok": False, "error": words, "status": status, "title": title}, status=status)
    page = await room.render_template("error.html", {"title": title, "words": words}, request=request)
    return Response.html(page, status=status)


def _explained(error: Exception) -> tuple[int, str, str]:
    """Status, title and words for an error."""
    match error:
        case NothingFound():
            return 404, "Not in this archive", str(error)
        case UsageError():
            return 400, "That cannot be read", str(error)
        case TooSlow():
            return 503, "That took too long", str(error)
        case MorgueError():
            return 503, "The archive cannot be read", str(error)
        case NotFound():
            return 404, "Not in this archive", "there is no such page here"
        case Base400():
            return error.status, "That cannot be answered", str(error)
        case DatasetteError():
            return error.status, error.title or "That cannot be answered", str(error.message)
    _log.error(safe_paragraphs("".join(traceback.format_exception(error))))
    return 500, "Something went wrong", "this is an error of morgue's own; the terminal that runs `morgue serve` says more"
