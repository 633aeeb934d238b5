from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from tests.channels.meta_line import Line, open_line


@pytest.fixture(params=["messenger", "instagram"])
async def line(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Line]:
    async with AsyncExitStack() as stack:
        yield await open_line(stack, tmp_path, request.param)
