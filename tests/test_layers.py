"""The layers of design.md, section 3, held on imports: what may know of what, one door for each library, and sizes."""

from __future__ import annotations

import ast
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from statistics import median

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("archive", "crawler")

# Lowest first. A part imports from lower layers and from its own; parts of one layer that are apart know nothing of each other
# but for what SIBLINGS names. A new part needs a place here.
LAYERS: tuple[frozenset[str], ...] = (
    frozenset({"archive.states", "archive.models", "archive.errors"}),
    frozenset(
        {
            "archive.urls",
            "archive.timestamps",
            "archive.terminal",
            "archive.progress",
            "archive.charsets",
            "archive.codings",
            "archive.disk",
            "archive.spacing",
            "archive.snippets",
            "archive.wording",
            "archive.differences",
            "archive.render",
        }
    ),
    frozenset(
        {"archive.clippings", "archive.extract", "archive.health", "archive.webarchives", "archive.warc", "archive.schema"}
        | {"archive.sources", "archive.schedule"}
    ),
    frozenset(
        {
            "archive.home",
            "archive.config",
            "archive.budgets",
            "archive.articles",
            "archive.visits",
            "archive.frontier",
            "archive.searches",
            "archive.store",
            "archive.known",
            "archive.rereading",
            "archive.checkup",
            "archive.subscriptions",
            "archive.polling",
        }
        | {"archive.repair", "archive.query", "archive.export", "archive.imports", "archive.documents"}
    ),
    frozenset({"archive.web", "archive.cli"}),
    frozenset({"crawler"}),
)
SIBLINGS = frozenset(
    {
        ("archive.models", "archive.states"),
        ("archive.urls", "archive.timestamps"),  # months in paths
        ("archive.snippets", "archive.spacing"),
        ("archive.wording", "archive.timestamps"),  # names of months
        ("archive.differences", "archive.spacing"),
        ("archive.differences", "archive.terminal"),
        ("archive.render", "archive.terminal"),
        ("archive.warc", "archive.webarchives"),
        ("archive.webarchives", "archive.warc"),  # our own captures are an archive, too
        ("archive.webarchives", "archive.schema"),
        ("archive.sources", "archive.extract"),  # decoding, dates and the typed links of section pages
        ("archive.sources", "archive.clippings"),  # a file's bytes as text
    }
)
PURE = frozenset({"archive.states", "archive.errors"})  # know nothing of ours

# Each third-party library and the only files that may import it: a file, or a folder with a slash at its end.
DOORS = {
    "trafilatura": ("archive/extract/",),
    "htmldate": ("archive/extract/",),
    "lxml": ("archive/extract/", "archive/clippings/html.py", "archive/sources/"),
    "waybackpy": ("archive/webarchives/wayback.py",),
    "warcio": ("archive/warc/",),
    "tldextract": ("archive/urls/",),
    "idna": ("archive/urls/",),
    "brotli": ("archive/codings.py",),
    "backports": ("archive/codings.py",),
    "charset_normalizer": ("archive/charsets.py",),
    "sqlite_utils": ("archive/", "crawler/"),
    "pysqlite3": ("archive/schema/",),
    "datasette": ("archive/web/",),
    "uvicorn": ("archive/web/server.py",),
    "click": ("archive/cli/", "crawler/"),
    "rich": ("archive/progress.py",),
    "protego": ("crawler/middlewares/robots.py",),
    "scrapy": ("crawler/",),
    "twisted": ("crawler/",),
    "OpenSSL": ("crawler/",),
    "service_identity": ("crawler/",),
}
# No network in `archive`: not by the standard library either.
NO_NETWORK = frozenset(
    {"socket", "ssl", "asyncio", "http.client", "urllib.request", "requests", "httpx", "aiohttp", "ftplib", "smtplib"}
)

MAX_LINES, MAX_FUNCTION, MEDIAN_FUNCTION = 500, 60, 8


@dataclass(frozen=True)
class Import:
    """One imported module, and whether importing the file imports it: not so inside functions and for types only."""

    module: str
    line: int
    at_import: bool


def sources() -> list[Path]:
    return sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def imports_of(path: Path) -> Iterator[Import]:
    yield from imports_in(tree_of(path), module_of(path), is_package=path.name == "__init__.py")


def imports_in(tree: ast.AST, module: str, *, is_package: bool = False, at_import: bool = True) -> Iterator[Import]:
    for node in ast.iter_child_nodes(tree):
        match node:
            case ast.Import():
                yield from (Import(name.name, node.lineno, at_import) for name in node.names)
            case ast.ImportFrom():
                base = absolute(node, module, is_package=is_package)
                # `from archive.webarchives import wayback` imports a module, `from archive.urls import urlkey` a name
                for name in node.names:
                    inner = f"{base}.{name.name}"
                    yield Import(inner if is_ours(inner) else base, node.lineno, at_import)
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.Lambda():
                yield from imports_in(node, module, is_package=is_package, at_import=False)
            case ast.If(test=ast.Name(id="TYPE_CHECKING") | ast.Attribute(attr="TYPE_CHECKING")):
                yield from imports_in(node, module, is_package=is_package, at_import=False)
            case _:
                yield from imports_in(node, module, is_package=is_package, at_import=at_import)


def absolute(node: ast.ImportFrom, module: str, *, is_package: bool) -> str:
    if not node.level:
        return node.module or ""
    parts = module.split(".")
    kept = parts[: len(parts) - node.level + is_package]
    return ".".join([*kept, *([node.module] if node.module else [])])


@cache
def is_ours(module: str) -> bool:
    path = ROOT.joinpath(*module.split("."))
    return module.split(".", maxsplit=1)[0] in PACKAGES and (path.with_suffix(".py").exists() or path.is_dir())


def part_of(module: str) -> str:
    """The part of LAYERS that a module belongs to: `archive.urls`, `archive.extract`, `crawler`."""
    return "crawler" if module.split(".", maxsplit=1)[0] == "crawler" else ".".join(module.split(".")[:2])


def layer_of(part: str) -> int:
    return next((number for number, parts in enumerate(LAYERS) if part in parts), -1)


def check_layers(path_and_module: tuple[str, str], imported: Iterator[Import]) -> list[str]:
    """What is wrong with the imports of one module, one line each."""
    path, module = path_and_module
    part = part_of(module)
    wrong = []
    for found in imported:
        other = part_of(found.module)
        if found.module.split(".")[0] not in PACKAGES or other in ("archive", part):
            continue
        here, there = layer_of(part), layer_of(other)
        if there == here < 3 and (part, other) not in SIBLINGS:
            wrong.append(f"{path}:{found.line} {part} and {other} are of one layer and know nothing of each other")
        if there > here or part in PURE:
            wrong.append(f"{path}:{found.line} {part} may not know of {other}")
    return wrong


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_knows_only_of_lower_layers(path: Path) -> None:
    assert check_layers((str(path.relative_to(ROOT)), module_of(path)), imports_of(path)) == []


def test_every_part_has_its_layer() -> None:
    parts = {part_of(module_of(path)) for path in sources()} - {"archive"}
    assert sorted(part for part in parts if layer_of(part) < 0) == []


def test_no_cycles_among_modules() -> None:
    graph: defaultdict[str, set[str]] = defaultdict(set)
    for path in sources():
        ours = {found.module for found in imports_of(path) if found.at_import and is_ours(found.module)}
        graph[module_of(path)] |= ours - {module_of(path)}
    try:
        list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        pytest.fail(f"modules import each other: {' -> '.join(error.args[1])}")


# -- doors ------------------------------------------------------------------------------------------------------------


def behind(path: str, doors: tuple[str, ...]) -> bool:
    return any(path.startswith(door) if door.endswith("/") else path == door for door in doors)


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(ROOT)))
def test_each_library_has_its_door(path: Path) -> None:
    relative = path.relative_to(ROOT).as_posix()
    for found in imports_of(path):
        library = found.module.split(".")[0]
        if library in sys.stdlib_module_names or library in (*PACKAGES, "compression"):
            continue
        assert library in DOORS, f"{relative}:{found.line} {library} has no door in the table above"
        assert behind(relative, DOORS[library]), (
            f"{relative}:{found.line} {library} is imported in {', '.join(DOORS[library])} only"
        )


def test_archive_does_no_network() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{one.line} {one.module}"
        for path in sources()
        if module_of(path).startswith("archive")
        for one in imports_of(path)
        if any(one.module == name or one.module.startswith(f"{name}.") for name in NO_NETWORK)
    ]
    # the name of this machine, for a lock file that tells who holds it
    assert [one for one in found if not one.startswith("archive/home.py") or not one.endswith(" socket")] == []


# -- sizes ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(ROOT)))
def test_files_are_short(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) < MAX_LINES


def functions() -> list[tuple[str, int]]:
    """Each function with its length in lines, decorators and docstring not counted."""
    found = []
    for path in sources():
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                body = node.body[1:] if ast.get_docstring(node) and len(node.body) > 1 else node.body
                length = (node.end_lineno or node.lineno) - body[0].lineno + 1
                found.append((f"{path.relative_to(ROOT)}:{node.lineno} {node.name}", length + 1))
    return found


def test_functions_are_short() -> None:
    lengths = functions()
    assert [name for name, length in lengths if length > MAX_FUNCTION] == []
    assert median(length for _, length in lengths) <= MEDIAN_FUNCTION


# -- the checks themselves can fail -----------------------------------------------------------------------------------


def imported(code: str, module: str = "archive.urls") -> list[Import]:
    return list(imports_in(ast.parse(code), module))


def test_imports_are_found_wherever_they_stand() -> None:
    code = (
        "import a.b\ntry:\n    from c import d\nexcept ImportError: ...\ndef f():\n    import e\nif TYPE_CHECKING:\n    import g"
    )
    assert [(one.module, one.at_import) for one in imported(code)] == [("a.b", True), ("c", True), ("e", False), ("g", False)]
    assert [one.module for one in imported("from archive import urls\nfrom archive.urls import urlkey")] == ["archive.urls"] * 2
    assert [one.module for one in imported("from .models import Link\nfrom . import errors")] == [
        "archive.models",
        "archive.errors",
    ]


@pytest.mark.parametrize(
    ("module", "code", "wrong"),
    [
        ("archive.urls", "from archive.store import Store", "may not know of archive.store"),
        ("archive.urls", "def f():\n    import crawler.fetch", "may not know of crawler"),
        ("archive.health", "from archive.extract import extract", "know nothing of each other"),
        ("archive.models", "from archive import errors", "know nothing of each other"),
        ("crawler.fetch", "from archive import urls", ""),
        ("archive.health.soft404", "from archive.health.base import Rule", ""),
    ],
)
def test_a_wrong_import_is_told(module: str, code: str, wrong: str) -> None:
    told = check_layers(("x.py", module), iter(imported(code, module)))
    assert wrong in " ".join(told) if wrong else told == []


def test_a_door_is_a_file_or_a_folder() -> None:
    assert behind("archive/extract/text.py", ("archive/extract/",))
    assert not behind("archive/extractor.py", ("archive/extract/",))
    assert not behind("archive/urls/", ("archive/urls",))
