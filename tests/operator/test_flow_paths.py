"""Where a dialog's file goes that an admin sends: into the dialog's own folders, whatever its name says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.operator.flow_files import FOLDERS, path_for

SOURCES = {"domain.yml": "", "flows/lapor.yml": "", "responses/id.yml": "", "responses/angka/id.yml": ""}


@pytest.mark.parametrize(
    ("caption", "name", "expected"),
    [
        ("", "flows__lapor.yml", "flows/lapor.yml"),
        ("flows/baru.yml", "x.yml", "flows/baru.yml"),
        ("", "lapor.yml", "flows/lapor.yml"),
        ("", "id.yml", ""),
        ("flows/../../etc/x.yml", "x.yml", ""),
        ("", "flows__..__..__etc__x.yml", ""),
        ("/etc/x.yml", "x.yml", ""),
        ("..", "..", ""),
        ("flows/x.py", "x.py", ""),
    ],
)
def test_a_file_goes_where_its_name_or_caption_says(caption, name, expected):
    assert path_for(caption, name, SOURCES) == expected


parts = st.lists(
    st.sampled_from(["..", ".", "/", "flows", "responses", "x.yml", "__", "\\", "~", "id.yml"]), max_size=7
)


@given(caption=parts.map("/".join), name=parts.map("".join))
def test_a_file_goes_only_where_dialogs_are(caption, name):
    found = path_for(caption, name, SOURCES)
    assert found == "" or found in SOURCES or (found.startswith(FOLDERS) and ".." not in found.split("/"))
    assert not found.startswith("/")
