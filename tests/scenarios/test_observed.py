"""Whoever watches the house sees whether it lives, may be given work, and what it does; nobody's words."""

import asyncio
import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import structlog
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr
from ruamel.yaml import YAML
from structlog.testing import LogCapture

from bot import tracing
from bot.commands.serve import CITIZEN_BOT
from bot.doors import health
from bot.logs import with_marks
from bot.meters import Family, Meters
from bot.sandbox.client import SandboxClient
from bot.sandbox.limits import Limits
from bot.sandbox.server import start_sandbox
from bot.serving import opened
from bot.settings import Settings
from dialogs.messages import Attachment, OutboundMessage
from storage.doors.database import Database
from storage.reports import media
from storage.reports.media import Owner
from storage.talks import backlog, outbox
from storage.talks.outbox import Outgoing, Trouble
from tests.scenarios.kit import Town

TOKEN = "rahasia-pengamat"
SHOWN = {"Authorization": f"Bearer {TOKEN}"}
NOW = datetime(2026, 11, 22, tzinfo=UTC)
RULES = Path(__file__).parents[2] / "docs" / "alerts.yml"
HOUR = timedelta(hours=1)
LATER = OutboundMessage("nanti")
NAME = re.compile(r"\b(?:kentongan|process)_[a-z_]+\b")


@pytest.fixture
async def watched(tmp_path: Path):
    sandbox = await start_sandbox(bots=[CITIZEN_BOT], limits=Limits(enabled=False))
    settings = Settings(
        data_dir=tmp_path / "data",
        port=0,
        telegram_api=sandbox.base_url,
        citizen_token=SecretStr(CITIZEN_BOT.token),
        metrics_token=SecretStr(TOKEN),
        _env_file=None,
    )
    try:
        async with opened(settings) as running, SandboxClient(sandbox.base_url) as client:
            yield Town(running.house, running.address, client)
    finally:
        await sandbox.stop()


async def got(town: Town, path: str, **headers: str) -> tuple[int, str]:
    async with (
        aiohttp.ClientSession() as session,
        session.get(town.address + path, headers=headers) as answer,
    ):
        return answer.status, await answer.text()


async def figures(town: Town) -> dict[tuple[str, ...], float]:
    status, page = await got(town, "/metrics", **SHOWN)
    assert status == 200
    return {
        (sample.name, *(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(page)
        for sample in family.samples
    }


PLANTED = ("Sitoresmi", "3404071201900001", "081234567890", "Kenanga")


async def test_what_was_answered_and_sent_is_counted_and_tells_of_nobody(watched: Town):
    siti = await watched.sandbox.user(PLANTED[0])
    await siti.send(CITIZEN_BOT.username, f"lampu jalan di Sidoagung mati dua hari, {' '.join(PLANTED)}")
    await siti.wait_for(lambda m: "Setuju" in m.labels)
    await watched.house.settle()
    found = await figures(watched)
    _, page = await got(watched, "/metrics", **SHOWN)
    assert [one for one in (*PLANTED, str(siti.id), CITIZEN_BOT.token) if one in page] == []
    assert found["kentongan_arrivals_total", "telegram", "new"] == 1
    assert found["kentongan_turns_total", "telegram", "answered"] == 1
    assert found["kentongan_answer_seconds_count", "telegram"] == 1
    assert found["kentongan_sends_total", "telegram", "sent"] >= 1
    assert found["kentongan_waiting", "", "deadlines"] == 0
    assert found["kentongan_jobs_total", "publications", "done"] >= 1
    assert found["kentongan_jobs_total", "memory", "done"] >= 1


async def test_what_waits_is_counted_with_its_age(watched: Town):
    await watched.sandbox.fault("error", method="sendMessage", times=50)
    siti = await watched.sandbox.user("Siti")
    await siti.send(CITIZEN_BOT.username, "lampu jalan di Sidoagung mati dua hari")
    async with asyncio.timeout(30):
        while ("kentongan_waiting", "telegram", "unsent") not in await figures(watched):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    assert (await figures(watched))["kentongan_waiting", "telegram", "unsent"] == 1


async def test_what_is_tried_again_and_again_grows_older_all_the_same(database_url: str):
    """Each try puts off the next; whoever is to be woken by how long it takes would never be."""
    begun, trouble = NOW - timedelta(minutes=20), Trouble("server", "away")
    photo = Attachment("photo", "ref", media_id="m1")
    async with Database(database_url) as database:
        await database.write(lambda c: outbox.add(c, [Outgoing("x", "1", OutboundMessage("a"))], begun))
        await database.write(lambda c: media.owe(c, [photo], Owner("", "x", "evidence", "1"), begun))
        await database.write(lambda c: outbox.postpone(c, 1, NOW + timedelta(minutes=5), trouble))
        await database.write(lambda c: media.postpone(c, "m1", NOW + timedelta(minutes=5), "away"))
        heaps = await database.read(lambda c: backlog.heaps(c, NOW))
        await database.write(lambda c: outbox.add(c, [Outgoing("y", "1", LATER, after=HOUR)], begun))
        later = await database.read(lambda c: backlog.heaps(c, NOW))
    assert {(one.kind, one.channel): one.since for one in heaps if one.count} == {
        ("unsent", "x"): begun,
        ("files", "x"): begun,
    }
    assert ("unsent", "y", begun + HOUR) in {(one.kind, one.channel, one.since) for one in later}


@pytest.mark.parametrize("shown", [{}, {"Authorization": "Bearer salah"}, {"Authorization": TOKEN}])
async def test_figures_are_shown_to_nobody_else(watched: Town, shown: dict[str, str]):
    assert (await got(watched, "/metrics", **shown))[0] == 401


async def test_without_a_token_there_are_no_figures(town: Town):
    assert (await got(town, "/metrics"))[0] == 404


async def test_alive_and_ready_until_the_database_is_gone(watched: Town, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(health, "FRESH", 0.0)
    for path in ("/healthz", "/readyz"):
        status, text = await got(watched, path)
        assert (status, json.loads(text)["status"]) == (200, "ok")

    async def gone(_work: object) -> None:
        raise OSError("disk gone")

    monkeypatch.setattr(type(watched.house.core.database), "write", lambda _, work: gone(work))
    status, text = await got(watched, "/readyz")
    assert (status, json.loads(text)["database"]) == (503, "trouble: OSError")


async def test_however_many_ask_whether_it_is_ready_the_disk_is_written_once_a_second(
    watched: Town, monkeypatch: pytest.MonkeyPatch
):
    database, written = watched.house.core.database, []
    write = type(database).write

    async def counted(self: object, work: object) -> object:
        written.append(work is backlog.writable)
        return await write(self, work)

    monkeypatch.setattr(type(database), "write", counted)
    monkeypatch.setattr(health, "FRESH", 3600.0)
    answers = await asyncio.gather(*(got(watched, "/readyz") for _ in range(20)))
    answers += [await got(watched, "/readyz") for _ in range(5)]
    assert {status for status, _ in answers} == {200}
    assert sum(written) == 1


async def test_a_disk_that_fills_up_is_told_within_a_second_and_so_is_its_end():
    found, now = [None, OSError("full"), None], [0.0]

    async def keep() -> None:
        outcome = found.pop(0)
        await asyncio.sleep(0)
        if outcome is not None:
            raise outcome

    look = health.Look(keep, lambda: now[0])
    assert await asyncio.gather(look.state(), look.state()) == ["ok", "ok"]
    now[0] = 0.9
    assert await look.state() == "ok"
    now[0] = 1.0
    assert await look.state() == "trouble: OSError"
    now[0] = 2.1
    assert await asyncio.gather(look.state(), look.state()) == ["ok", "ok"]
    assert found == []


async def test_a_message_is_followed_by_its_turn_from_arrival_to_delivery(
    watched: Town, monkeypatch: pytest.MonkeyPatch
):
    written = LogCapture()
    through = [with_marks, written]
    log = structlog.wrap_logger(None, processors=through, wrapper_class=structlog.stdlib.BoundLogger)
    for module in ("talks.turns", "sending.delivery"):
        monkeypatch.setattr(f"bot.services.{module}.log", log)
    siti = await watched.sandbox.user("Siti")
    await siti.send(CITIZEN_BOT.username, "lampu jalan di Sidoagung mati dua hari")
    await siti.wait_for(lambda m: "Setuju" in m.labels)
    await watched.house.settle()
    (turn,) = [line for line in written.entries if line["event"] == "turn"]
    sent = [line for line in written.entries if line["event"] == "sent"]
    assert turn["outcome"] == "answered"
    assert turn["response"] == sent[-1]["response"]
    assert {line["turn"] for line in sent} == {turn["turn"]} == {"1"}
    assert all(line["outbox"] for line in sent)


def test_a_span_tells_the_kind_of_an_error_and_nobodys_words(monkeypatch: pytest.MonkeyPatch):
    spans, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(spans))
    monkeypatch.setattr(tracing, "TRACER", provider.get_tracer("test"))
    for within in (tracing.turn("7"), tracing.sending("7", 8)):
        with pytest.raises(ValueError, match="Sitoresmi"), within:
            raise ValueError(f"kata warga: {' '.join(PLANTED)}")
    told = [span.to_json() for span in spans.get_finished_spans()]
    assert len(told) == 2
    assert all("ValueError" in one and '"kentongan.turn": "7"' in one for one in told)
    assert [one for one in PLANTED if one in str(told)] == []


@pytest.fixture
def shown() -> dict[str, set[str]]:
    """Every figure with its labels, each counted once."""
    meters = Meters()
    for family in (one for one in vars(meters).values() if isinstance(one, Family)):
        try:
            family.labels("x")
        except ValueError:  # it has two
            family.labels("x", "x")
    meters.job_seen.labels("x").set(1)
    page = meters.page([backlog.Heap("unsent", "x", 1, NOW)], NOW).decode()
    samples = [one for family in text_string_to_metric_families(page) for one in family.samples]
    return {one.name: set(one.labels) for one in samples}


def alerts() -> list[dict[str, Any]]:
    rules = YAML(typ="safe").load(RULES.read_text(encoding="utf-8"))
    return [rule for group in rules["groups"] for rule in group["rules"]]


def test_every_alert_asks_for_figures_there_are(shown: dict[str, set[str]]):
    assert all(rule["annotations"]["summary"] and rule["annotations"]["remedy"] for rule in alerts())
    asked = {name for rule in alerts() for name in NAME.findall(rule["expr"])}
    assert asked - shown.keys() == set()


def test_every_alert_asks_for_labels_its_figures_have(shown: dict[str, set[str]]):
    asked = [
        (name, set(re.findall(r"(\w+)[!=]~?[\"']", labels)))
        for rule in alerts()
        for name, labels in re.findall(r"(kentongan_\w+)\{([^}]*)\}", rule["expr"])
    ]
    assert len(asked) > 6
    assert [(name, labels) for name, labels in asked if labels - shown[name]] == []
    for rule in alerts():
        told = set(re.findall(r"\$labels\.(\w+)", str(rule["annotations"])))
        kept = {name for names in re.findall(r"by \(([\w, ]+)\)", rule["expr"]) for name in names.split(", ")}
        every = set().union(*(shown[name] for name in NAME.findall(rule["expr"]) if name in shown))
        assert told <= (kept or every | {"instance"}), rule["alert"]


def test_no_figure_has_a_label_that_is_prometheus_own(shown: dict[str, set[str]]):
    """It would arrive as `exported_job`, and a rule that asks for `job` would find nothing, ever."""
    assert {name: labels for name, labels in shown.items() if labels & {"job", "instance"}} == {}
