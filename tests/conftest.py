import shutil
from pathlib import Path

import pytest

from storage.migrations import upgrade


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database brought up to date once, to be copied."""
    path = tmp_path_factory.mktemp("migrated") / "kentongan.db"
    upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture
def database_url(migrated: Path, tmp_path: Path) -> str:
    """A fresh database of this test's own."""
    path = tmp_path / "kentongan.db"
    shutil.copyfile(migrated, path)
    return f"sqlite:///{path}"
