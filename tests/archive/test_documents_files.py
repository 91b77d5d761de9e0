"""Documents on disk: which are taken, and that one is replaced whole or not at all."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.documents import documents_in, read_file, write_atomically
from archive.documents import files as module
from archive.errors import DiskFull, DocumentError


def taken(root: Path) -> tuple[list[str], list[str]]:
    warnings: list[str] = []
    return [str(path.relative_to(root)) for path in documents_in(root, warnings.append)], warnings


def test_a_folder(tmp_path: Path) -> None:
    for name in ("b.md", "a.TXT", "sub/c.html", "sub/deep/d.jsonl", "z.csv", "e.wiki", "f.rst", "x.png", "y.md.bak", "noext", ".hidden.md",
                 ".git/g.md", "node_modules/p/h.md", "sub/.cache/i.md", "venv/j.md"):  # fmt: skip
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    assert taken(tmp_path) == (["a.TXT", "b.md", "e.wiki", "f.rst", "z.csv", "sub/c.html", "sub/deep/d.jsonl"], [])


def test_symbolic_links_in_a_folder_are_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    inside = tmp_path / "inside"
    outside.mkdir()
    inside.mkdir()
    (outside / "o.md").write_text("x")
    (inside / "a.md").write_text("x")
    (inside / "loop").symlink_to(inside)
    (inside / "out").symlink_to(outside)
    (inside / "o.md").symlink_to(outside / "o.md")
    (inside / "nowhere.md").symlink_to(inside / "gone")
    assert taken(inside) == (["a.md"], [])


def test_a_file_that_is_named_is_taken_whatever_its_name(tmp_path: Path) -> None:
    path = tmp_path / ".README"
    path.write_text("x")
    assert list(documents_in(path, pytest.fail)) == [path]


def test_what_cannot_be_read_is_said_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    assert taken(tmp_path) == ([], [f"{tmp_path / 'pipe.md'}: is no regular file: passed over"])
    with pytest.raises(DocumentError, match="there is no such file or folder"):
        list(documents_in(tmp_path / "gone", pytest.fail))
    with pytest.raises(DocumentError, match="is a folder"):
        read_file(tmp_path)
    with pytest.raises(DocumentError, match=r"gone\.md: cannot be read \(no such file or directory\)"):
        read_file(tmp_path / "gone.md")

    def refused(path: Path) -> bytes:
        raise PermissionError(errno.EACCES, "Permission denied")

    (tmp_path / "a.md").write_text("x")
    monkeypatch.setattr(Path, "read_bytes", refused)
    with pytest.raises(DocumentError, match="you have no permission"):
        read_file(tmp_path / "a.md")


def test_a_folder_that_cannot_be_entered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.scandir

    def scandir(path: str) -> object:
        if str(path).endswith("closed"):
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return real(path)

    (tmp_path / "closed").mkdir()
    (tmp_path / "open").mkdir()
    (tmp_path / "open" / "a.md").write_text("x")
    monkeypatch.setattr(os, "scandir", scandir)
    assert taken(tmp_path) == (["open/a.md"], [f"{tmp_path / 'closed'}: cannot be read: you have no permission"])


@settings(deadline=None)
@given(st.binary(max_size=50), st.lists(st.binary(max_size=50), max_size=3))
def test_the_backups_hold_the_old_bytes(tmp_path_factory: pytest.TempPathFactory, first: bytes, later: list[bytes]) -> None:
    path = tmp_path_factory.mktemp("d") / "a.md"
    path.write_bytes(first)
    now, expected = first, []
    for data in later:
        backup = write_atomically(path, data, now)
        assert (backup is None) == (data == now)
        if backup is not None:
            expected.append((backup, now))
        now = data
    assert path.read_bytes() == now
    assert [(backup.name, backup.read_bytes()) for backup, _ in expected] == [
        (f"a.md.bak{number or ''}", old) for number, (_, old) in enumerate(expected)
    ]
    assert len(list(path.parent.iterdir())) == 1 + len(expected)
    if expected:
        expected[0][0].replace(path)  # restored
        assert path.read_bytes() == first


def test_mode_and_links_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(b"old")
    path.chmod(0o640)
    link = tmp_path / "sub" / "l.md"
    link.parent.mkdir()
    link.symlink_to(path)
    assert write_atomically(link, b"new", b"old") == tmp_path / "a.md.bak"
    assert link.is_symlink()
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.md", "a.md.bak", "sub"]


def test_a_file_that_was_changed_meanwhile_is_left(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(b"changed")
    with pytest.raises(DocumentError, match="was changed while its links were checked"):
        write_atomically(path, b"new", b"old")
    path.unlink()
    with pytest.raises(DocumentError, match="is gone"):
        write_atomically(path, b"new", b"old")
    assert list(tmp_path.iterdir()) == []


def test_a_read_only_file_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(b"old")
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(DocumentError, match="is read-only"):
        write_atomically(path, b"new", b"old")


@pytest.mark.parametrize("step", ["mkstemp", "fsync", "link", "replace"])
@pytest.mark.parametrize(
    ("number", "error"),
    [(errno.ENOSPC, DiskFull), (errno.EROFS, DiskFull), (errno.EACCES, DocumentError), (errno.EIO, DocumentError)],
)
def test_a_failure_at_any_step_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, number: int, error: type[Exception]
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    path = tmp_path / "a.md"
    path.write_bytes(b"old")
    owner = {"mkstemp": module.tempfile, "fsync": os, "link": os, "replace": Path}[step]
    with monkeypatch.context() as patch:
        patch.setattr(owner, step, fail)
        with pytest.raises(error, match=r"a\.md: "):
            write_atomically(path, b"new", b"old")
    assert path.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["a.md"]


def test_where_there_are_no_second_names_the_backup_is_a_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    path = tmp_path / "a.md"
    path.write_bytes(b"old")
    (tmp_path / "a.md.bak").write_bytes(b"older")
    monkeypatch.setattr(os, "link", refuse)
    assert write_atomically(path, b"new", b"old") == tmp_path / "a.md.bak1"
    assert [(p.name, p.read_bytes()) for p in sorted(tmp_path.iterdir())] == [
        ("a.md", b"new"), ("a.md.bak", b"older"), ("a.md.bak1", b"old"),
    ]  # fmt: skip
