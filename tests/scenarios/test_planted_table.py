"""What people told of themselves in two whole talks, searched for in every place there is, on both databases.

One table says what may be found where. What a place is for is found there: that shows that the search works.
"""

import json
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest
import structlog
from pydantic import SecretStr

from bot.commands.report import Form, _written
from bot.services.desk.bulletins import Bulletins
from bot.services.desk.figures import FigureDesk
from bot.services.files.copies import as_json
from bot.services.reports.naming import labels_of
from storage.talks import conversations
from tests.channels.wires.webchat import WebChatTalk
from tests.cluster import Cluster
from tests.conftest import ON_POSTGRES
from tests.scenarios.kit import CITIZENS, Town, beside_a_sandbox, led_on, onward, running_town

PLANTED = {
    "name": "Sitoresmi",
    "phone": "081298765432",
    "nik": "3404071201900001",
    "mail": "sri.planted@contoh.id",
    "address": "Gang Kenanga 17B",
    "story": "bebek-hijau-berkacamata",
    "poison": "racun-tikus-di-percakapan",
}
TOLD = (
    f"lampu jalan di {PLANTED['address']} Sidoagung mati, {PLANTED['story']}. NIK saya {PLANTED['nik']}, "
    f"hp {PLANTED['phone']}, surel {PLANTED['mail']}"
)
NOTHING: frozenset[str] = frozenset()
READ = frozenset({"address", "story"})
"""What whoever works on a report has to read; how its writer is reached and who they are is not in it."""
PLACES: Mapping[str, frozenset[str]] = {
    "database": NOTHING,
    "its log": NOTHING,
    "backup": NOTHING,
    "kept files": NOTHING,
    "other files": NOTHING,
    "log lines": NOTHING,
    "standard error": NOTHING,
    "metrics": NOTHING,
    "health": NOTHING,
    "open interface": READ,  # as `publish` in `open311.yml` has it
    "figures": NOTHING,
    "front page": NOTHING,
    "report md": NOTHING,
    "report csv": NOTHING,
    "report xlsx": NOTHING,
    "report tickets": NOTHING,
    "report lisan": NOTHING,
    "digests": NOTHING,
    "another agency": NOTHING,
    "the agency's cards": READ,
    "their own copy": frozenset(PLANTED),
    "their own screen": READ | {"phone", "nik", "mail"},
}
"""What may be found in each place, and is found there."""


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path, monkeypatch) -> str:
    """The database's address; either kind, whatever the run is for."""
    if request.param == "postgresql":
        if ON_POSTGRES:
            return request.getfixturevalue("database_url")
        found = request.getfixturevalue("postgres_url")
    else:
        (tmp_path / "data").mkdir()
        found = f"sqlite:///{tmp_path / 'data' / 'kentongan.db'}"
    monkeypatch.setenv("KENTONGAN_DATABASE_URL", found)
    return found


@dataclass(frozen=True)
class Filed:
    """Two people's reports, and who works on them."""

    siti: object
    page: WebChatTalk
    staff: Mapping[str, object]


@pytest.fixture
async def town(tmp_path: Path, url: str):
    told = {"metrics_token": SecretStr("penonton"), "figures_page": True}
    async with beside_a_sandbox(tmp_path / "data", **told) as settings, running_town(settings) as running:
        yield running


@pytest.fixture
async def http():
    async with aiohttp.ClientSession() as session:
        yield session


async def filed(town: Town, http) -> Filed:
    staff = {name: await town.operator(name, agency) for name, agency in (("Rina", "dishub"), ("Eko", "dlh"))}
    siti = await town.sandbox.user("Sitoresmi")
    await siti.send(CITIZENS, TOLD)
    await led_on(siti)
    token = (await (await http.post(f"{town.address}/chat/api/session")).json())["token"]
    page = WebChatTalk(http, town.address, token, "")
    await page.write(TOLD)
    for _ in range(12):
        await town.house.settle()
        labels = [label for line in (await page.shown())[-1:] for label in line.labels]
        if not labels:
            break
        await page.press(onward(labels))
    return Filed(siti, page, staff)


async def poisoned(town: Town, siti, monkeypatch) -> None:
    """A message the program chokes on until it sets it aside, with an error that quotes it."""
    kind = type(town.house.core.interpreter)
    sound = kind.interpret

    def chokes(self, text, *more, **named):
        if PLANTED["poison"] in text:
            raise ValueError(text)
        return sound(self, text, *more, **named)

    monkeypatch.setattr(kind, "interpret", chokes)
    await siti.send(CITIZENS, f"tolong {PLANTED['poison']}")
    await siti.wait_for(timeout=40)
    await town.house.settle()


async def fetched(town: Town, http) -> dict[str, str]:
    """What anybody gets over HTTP, and who watches the process."""
    found = {}
    for place, paths in {
        "health": ("/healthz", "/readyz"),
        "open interface": (
            "/open311/v2/requests.json",
            "/open311/v2/requests.xml",
            "/open311/v2/services.json",
        ),
        "figures": ("/angka",),
        "front page": ("/", "/chat"),
        "metrics": ("/metrics",),
    }.items():
        answers = []
        for path in paths:
            async with http.get(town.address + path, headers={"Authorization": "Bearer penonton"}) as answer:
                assert answer.status == 200, path
                answers.append(await answer.text())
        found[place] = "\n".join(answers)
    return found


async def written(town: Town) -> dict[str, str]:
    """The reports a city prints, in every form but pictures."""
    core = town.house.core
    desk = FigureDesk(core.database, core.policies, core.clock)
    figures = await desk.of(desk.last_days(30), None)
    labels = labels_of(core.policies, "id")
    forms = [form for form in Form if form is not Form.PNG]
    made = {f"report {form}": _written(figures, labels, form, None) for form in forms}
    return {place: content.decode("latin-1") for place, content in made.items()}


async def told(town: Town, talks: Filed) -> dict[str, str]:
    """What the people in it were sent."""
    contact = await town.house.core.database.read(
        lambda c: conversations.contact_at(c, "telegram", str(talks.siti.id))
    )
    calls = await town.sandbox.calls()

    def to(user) -> str:
        return json.dumps(
            [one["params"] for one in calls if str(one["params"].get("chat_id")) == str(user.id)]
        )

    digest = await Bulletins(town.house.core).daily(None, "id")
    return {
        "the agency's cards": to(talks.staff["Rina"]),
        "another agency": to(talks.staff["Eko"]),
        "digests": digest.text,
        "their own copy": as_json(await town.house.rights.export(contact)).decode(),
        "their own screen": json.dumps([one.text for one in await talks.page.shown()]) + to(talks.siti),
    }


def lying(folder: Path, url: str, backup: Path) -> dict[str, str]:
    """What lies on the disk, while it runs."""
    found = dict.fromkeys(("database", "its log", "kept files", "other files"), "")
    for file in (one for one in folder.rglob("*") if one.is_file()):
        found[_kind(file)] += file.name + file.read_bytes().decode("latin-1")
    if url.startswith("sqlite"):
        kept = folder / "kentongan.db"
        with closing(sqlite3.connect(kept)) as here, closing(sqlite3.connect(backup)) as there:
            here.backup(there)
        found["backup"] = backup.read_bytes().decode("latin-1")
    return found


def _kind(file: Path) -> str:
    if file.name.startswith("kentongan.db"):
        return "database" if file.suffix == ".db" else "its log"
    return "kept files" if "media" in file.parts else "other files"


def dumped(cluster: Cluster, url: str) -> dict[str, str]:
    """What a server's own dump holds, and every row of every table as text."""
    name = url.split("/")[3].partition("?")[0]
    given = ("-h", cluster.folder, "-U", "postgres", name)
    return {"database": cluster.run("pg_dump", *given), "backup": cluster.run("pg_dump", "--inserts", *given)}


async def test_it_is_found_where_it_belongs_and_nowhere_else(town: Town, http, url, tmp_path, capfd, request):
    with structlog.testing.capture_logs() as lines:
        talks = await filed(town, http)
        await poisoned(town, talks.siti, request.getfixturevalue("monkeypatch"))
        found = await fetched(town, http) | await written(town) | await told(town, talks)
        found |= lying(tmp_path / "data", url, tmp_path / "backup.db")
        if url.startswith("postgresql"):
            found |= dumped(request.getfixturevalue("cluster"), url)
    assert len(await town.cases()) == 2
    found["log lines"] = str(lines)
    found["standard error"] = "".join(capfd.readouterr())
    assert lines or found["standard error"]  # whatever was set up first in this process has them
    assert found.keys() == PLACES.keys()
    here = {
        place: frozenset(name for name, words in PLANTED.items() if words in text)
        for place, text in found.items()
    }
    assert {place: sorted(names) for place, names in here.items() if names != PLACES[place]} == {}
    assert "lampu_jalan" in found["database"] + found["its log"]
    assert "lampu_jalan" in found["backup"]
