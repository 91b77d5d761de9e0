"""An article as a page worth reading, with all that is known of it."""

from __future__ import annotations

from typing import Any

from datasette.utils.asgi import Request, Response

from archive.errors import NothingFound
from archive.query.dossier import dossier
from archive.web.fitting import listed, parts
from archive.web.pages.base import asked_number, page
from archive.web.room import ReadingRoom

# Bytes for each list around the text; with the text's 40 kB a page stays under 100 kB.
_BUDGETS = {"addresses": 6000, "versions": 5000, "mentions": 4000, "captures": 7000, "linked_from": 4000}
_LINKS = {"related": 9000, "inline": 5000}


async def article(request: Request, datasette: ReadingRoom) -> Response:
    number = int(request.url_vars["article"])
    found = await datasette.ask(lambda db: dossier(db, number))
    pages, wanted = parts(found["text"]), asked_number(request, "part")
    if wanted > len(pages):
        raise NothingFound(f"the text of this article has {len(pages)} parts")
    return await page(
        datasette,
        request,
        "article.html",
        article=found,
        paragraphs=pages[wanted - 1],
        part=wanted,
        last=len(pages),
        **_around(found),
    )


def _around(found: dict[str, Any]) -> dict[str, Any]:
    """The lists around an article, as far as they fit on its page."""
    lists = {name: listed(found[name], budget) for name, budget in _BUDGETS.items()}
    for role, budget in _LINKS.items():
        lists[role] = listed([link for link in found["links"] if link["role"] == role], budget)
    proofs = [a for a in found["addresses"] if a["outcome"] == "found" and a["repair"] in ("accepted", "supplement")]
    capture = next((v["capture_id"] for v in found["versions"] if v["id"] == found["version_id"]), None)
    return lists | {"proofs": proofs[:3], "capture_id": capture, "clippings": found["clippings"][:5]}
