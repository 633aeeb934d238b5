import shutil
from importlib.resources import files
from pathlib import Path

import pytest

from tickets.policies import PolicyFaults, load_policies

DATA = Path(str(files("tickets"))) / "data"
FAULTS = [
    ("    verdict: ask\n    then: pass\n", "    verdict: ask\n    then: ask\n", "asks only once"),
    ("    severity: 2\n", "    severity: 7\n", "at most 3"),
    ("category_confidence: 0.35", "category_confidence: 35", "at most 1"),
]


@pytest.mark.parametrize(("written", "wrong", "says"), FAULTS)
def test_a_fault_is_named_with_its_file(tmp_path, written, wrong, says):
    folder = tmp_path / "data"
    shutil.copytree(DATA, folder)
    file = folder / "screening.yml"
    file.write_text(file.read_text(encoding="utf-8").replace(written, wrong, 1), encoding="utf-8")
    with pytest.raises(PolicyFaults) as caught:
        load_policies(folder)
    assert says in str(caught.value)
    assert "screening.yml" in str(caught.value)
