"""Files lie under what they are, and nothing else leads to a file."""

import hashlib
from pathlib import Path

import pytest

from storage.files.vault import AlteredError, Folder, place

SOME = hashlib.sha256(b"foto").hexdigest()


NONE = ("", "ab", SOME[:-1], SOME + "0", "../" * 21 + "x", "/" + SOME[1:], "é" + SOME[1:], SOME[:-1] + ".")


def lying(folder: Path) -> set[Path]:
    """The files in a folder, however deep."""
    return {path for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("name", NONE)
async def test_what_is_no_hash_leads_nowhere(tmp_path: Path, name: str):
    with pytest.raises(FileNotFoundError):
        place(name)
    with pytest.raises(FileNotFoundError):
        await Folder(tmp_path).get(name)


async def test_the_same_bytes_are_kept_once_and_are_gone_when_dropped(tmp_path: Path):
    vault = Folder(tmp_path)
    assert await vault.put_all([b"foto", b"foto"]) == [SOME, SOME]
    (kept,) = lying(tmp_path)
    assert SOME not in str(kept)
    assert b"foto" not in kept.read_bytes()
    assert await vault.get(SOME) == b"foto"
    await vault.drop(SOME)
    await vault.drop(SOME)
    with pytest.raises(FileNotFoundError):
        await vault.get(SOME)


async def test_a_file_put_under_anothers_name_is_noticed(tmp_path: Path):
    vault = Folder(tmp_path)
    await vault.put(b"foto")
    (mine,) = lying(tmp_path)
    other = await vault.put(b"lain")
    (theirs,) = lying(tmp_path) - {mine}
    theirs.write_bytes(mine.read_bytes())
    assert await vault.get(SOME) == b"foto"
    with pytest.raises(AlteredError):
        await vault.get(other)
