"""The doctor tells what is wrong with an installation, and what helps; it changes nothing."""

import errno
import shutil
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import Mock

import orjson
import pytest
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pydantic import SecretStr
from sqlalchemy import text
from typer.testing import CliRunner

from bot.__main__ import app
from bot.app import records as records_of
from bot.commands import doctor
from bot.commands.doctor import _spelt
from bot.commands.serve import CITIZEN_BOT
from bot.doctor.duties import Duties
from bot.doctor.finding import Finding, examined
from bot.doctor.house import House
from bot.doctor.messengers import Messengers
from bot.doctor.records import Records
from bot.meters import Meters
from bot.sandbox.client import SandboxClient
from bot.sandbox.limits import Limits
from bot.sandbox.server import start_sandbox
from bot.services.contested import Contested
from bot.services.inspecting import Inspection
from bot.settings import Settings, misspelt
from storage import condition, sealing
from storage.doors.database import Database, writing_engine
from storage.migrations import newest_schema, upgrade
from storage.people import breaches, requests
from storage.people.breaches import Account
from storage.people.requests import Wish
from storage.seals import new_key
from storage.talks import inbox
from storage.talks.inbox import Arrival
from tickets.calendar import WorkCalendar
from tickets.policies import load_policies

NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)


def settings(folder: Path, **more) -> Settings:
    return Settings(data_dir=folder, _env_file=None, **more)


@pytest.fixture
def kept(tmp_path: Path) -> Settings:
    made = settings(tmp_path)
    upgrade(made.database)
    return made


async def first(room: Messengers) -> Finding:
    _, check = next(room.checks())
    return await check()


async def arrive(url: str, count: int, at: datetime) -> None:
    async with Database(url) as database:
        for n in range(count):
            arrival = Arrival("web", f"m{n}", f"warga-{n}", at, {"text": "jalan rusak " * 40})
            await database.write(lambda c, arrival=arrival: inbox.keep(c, arrival))


def test_a_new_installation_is_well_and_stays_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("KENTONGAN_DATA_DIR", str(tmp_path / "neu"))
    told = CliRunner().invoke(app, ["doctor", "--json"])
    found = [orjson.loads(line) for line in told.output.splitlines()]
    assert told.exit_code == 0, told.output
    assert {one["state"] for one in found} == {"well"}, found
    assert not (tmp_path / "neu").exists()


def test_a_wrong_setting_is_the_one_finding(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("KENTONGAN_PORT", "pintu")
    told = CliRunner().invoke(app, ["doctor", "--json"])
    (found,) = [orjson.loads(line) for line in told.output.splitlines()]
    assert told.exit_code == 1
    assert "KENTONGAN_PORT" in found["remedy"]


def test_settings_that_cannot_be_read_are_the_one_finding(monkeypatch: pytest.MonkeyPatch):
    refused = PermissionError(errno.EACCES, "Permission denied", ".env")
    monkeypatch.setattr(doctor, "Settings", Mock(side_effect=refused))
    told = CliRunner().invoke(app, ["doctor", "--json"])
    (found,) = [orjson.loads(line) for line in told.output.splitlines()]
    assert (found["state"], found["remedy"].startswith(".env cannot be used")) == ("ill", True)


def test_a_misspelt_setting_is_told_with_the_one_that_may_be_meant(tmp_path: Path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("KENTONGAN_CITIZEN_TOKN=123:abc\n")
    monkeypatch.setenv("KENTONGAN_POTR", "8081")
    found = misspelt({"KENTONGAN_POTR": "8081", "KENTONGAN_PORT": "1", "PATH": "/bin"})
    assert found == {"KENTONGAN_CITIZEN_TOKN": "KENTONGAN_CITIZEN_TOKEN", "KENTONGAN_POTR": "KENTONGAN_PORT"}
    told = _spelt()
    assert told.state == "look"
    assert "KENTONGAN_CITIZEN_TOKEN?" in told.remedy


async def test_a_server_out_of_reach_is_no_damage(tmp_path: Path):
    """Told to restore a backup, somebody would."""
    away = settings(tmp_path, database_url="postgresql://k:rahasia@127.0.0.1:1/k")
    checks = dict(Records(away, NOW).checks())
    found = await checks["database"]()
    assert (found.state, found.told) == ("ill", "cannot be used")
    assert "Is the server running" in found.remedy
    assert "rahasia" not in str(found)
    assert "backup" not in str(found)
    for what in ("keys", "pages of the database", "clock and records", "messages left lying"):
        other = await examined(what, checks[what])
        assert (other.state, other.remedy) == ("look", "First see to: database.")


@pytest.mark.sqlite("it is about the file")
async def test_a_file_that_cannot_be_opened_is_no_damage(tmp_path: Path):
    (tmp_path / "kentongan.db").mkdir()
    found = await Records(settings(tmp_path), NOW).schema()
    assert (found.state, "give it and its folder" in found.remedy) == ("ill", True)


@pytest.mark.sqlite("a server has no key in a file")
async def test_keys_that_are_gone_wrong_or_half_turned_are_told(kept: Settings):
    other = settings(kept.data_dir, keys=SecretStr(new_key()))
    nothing = kept.model_copy(update={"keys": None})
    assert (await Records(nothing, NOW).keys()).told == "the first start makes one"
    async with records_of(kept):
        pass
    assert (await Records(kept, NOW).keys()).state == "well"
    wrong, gone = await Records(other, NOW).keys(), await Records(nothing, NOW).keys()
    assert (wrong.state, gone.state) == ("ill", "ill")
    assert "Give it as well" in wrong.remedy
    assert "Put it back from a copy" in gone.remedy
    assert not (kept.data_dir / "keys").exists()
    async with Database(kept.database) as database:
        await database.write(lambda c: sealing.note_turning(c, "baru"))
    half = await Records(kept, NOW).keys()
    assert (half.state, half.remedy) == ("ill", "kentongan keys rotate")


@pytest.mark.sqlite("PostgreSQL looks after its own pages")
async def test_a_damaged_page_is_found(kept: Settings):
    await arrive(kept.database, 200, NOW)
    file = kept.data_dir / "kentongan.db"
    engine = writing_engine(kept.database)
    with engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    size = file.stat().st_size
    with file.open("r+b") as pages:
        for place in range(4096 * 4, size, 4096 * 3):
            pages.seek(place)
            pages.write(b"\xff" * 512)
    records = Records(kept, NOW)
    for check in (records.schema, records.pages):
        found = await check()
        assert (found.state, "backup" in found.remedy) == ("ill", True)


async def test_who_watches_the_figures_learns_of_damage(kept: Settings, monkeypatch: pytest.MonkeyPatch):
    async with Database(kept.database) as database:
        core = SimpleNamespace(database=database, meters=Meters())
        await Inspection(core).run_once()
        assert b"kentongan_database_faults 0.0" in core.meters.page((), NOW)
        monkeypatch.setattr(condition, "damage", lambda _: ("row 7 missing from index", "more"))
        await Inspection(core).run_once()
        assert b"kentongan_database_faults 2.0" in core.meters.page((), NOW)


async def test_a_token_used_twice_is_told_while_it_lasts(kept: Settings):
    moments = iter([NOW, NOW + timedelta(hours=1), NOW + timedelta(hours=1, minutes=1)])
    async with Database(kept.database) as database:
        core = SimpleNamespace(database=database, meters=Meters(), clock=lambda: next(moments))
        contested = Contested(core, "telegram")
        await contested.met()
        await contested.met()
        assert (await Records(kept, NOW + timedelta(hours=1)).tokens()).state == "well", "two restarts"
        await contested.met()
        assert b'kentongan_token_conflicts_total{channel="telegram"} 3.0' in core.meters.page((), NOW)
    found = await Records(kept, NOW + timedelta(hours=1, minutes=5)).tokens()
    assert (found.state, "telegram" in found.told, "token of its own" in found.remedy) == ("ill", True, True)
    assert (await Records(kept, NOW + timedelta(hours=2)).tokens()).state == "well"


@pytest.mark.sqlite("it is about a file that is no database")
async def test_what_is_no_database_is_said_so(tmp_path: Path):
    (tmp_path / "kentongan.db").write_bytes(b"bukan basis data " * 400)
    found = await Records(settings(tmp_path), NOW).schema()
    assert (found.state, "backup" in found.remedy) == ("ill", True)


async def test_a_clock_that_runs_behind_the_records_is_found(kept: Settings):
    await arrive(kept.database, 1, NOW + timedelta(hours=3))
    assert (await Records(kept, NOW).clock()).state == "ill"
    assert (await Records(kept, NOW + timedelta(hours=4)).clock()).state == "well"


@pytest.mark.parametrize(("version", "state"), [("0001", "look"), (newest_schema(), "well"), ("9999", "ill")])
async def test_the_schema_of_another_program_is_told(kept: Settings, version: str, state: str):
    async with Database(kept.database) as database:
        of = text("UPDATE alembic_version SET version_num = :version")
        await database.write(lambda c: c.execute(of, {"version": version}))
    assert (await Records(kept, NOW).schema()).state == state


LAW = timedelta(hours=72)
KNOWN = NOW - timedelta(hours=60)


def tell_of_breach(c, known: datetime, *parties: breaches.Party) -> None:
    number = breaches.record(
        c, Account("nama 40 pelapor", "tertukar", "ditarik"), "admin", known, known + LAW
    )
    for party in parties:
        breaches.told(c, number, party, NOW)


async def duty(kept: Settings, now: datetime, what: str) -> Finding:
    checks = dict(Duties(Records(kept, now)).checks())
    return await checks[what]()


@pytest.mark.parametrize(
    ("hours", "state", "words"),
    [(0, "look", ("1: those affected, to be told until 2026-11-22 23:00 WIB", "told 1 --to people")),
     (12, "ill", ("1: those affected, time over since 2026-11-22 23:00 WIB", "notice 1"))],
)  # fmt: skip
async def test_breaches_whose_time_runs_or_is_over_are_told(kept: Settings, hours, state, words):
    async with Database(kept.database) as database:
        await database.write(lambda c: tell_of_breach(c, KNOWN, "authority"))
        await database.write(lambda c: tell_of_breach(c, KNOWN - LAW, "authority", "people"))
    found = await duty(kept, NOW + timedelta(hours=hours), "breaches")
    assert found.state == state
    assert all(word in found.told + found.remedy for word in words), found
    assert "authority" not in found.told + found.remedy, "they have been told"


async def test_what_people_asked_for_is_told_when_it_is_due_and_when_it_is_late(kept: Settings):
    wishes = [Wish("siti", "export"), Wish("budi", "delete"), Wish("joko", "delete")]
    async with Database(kept.database) as database:
        for hours, wish in enumerate(wishes):
            asked = NOW + timedelta(hours=hours)
            await database.write(lambda c, w=wish, at=asked: requests.ask(c, w, at, at + LAW))
        early, soon, late = [
            await duty(kept, NOW + timedelta(hours=hours), "data requests") for hours in (3, 50, 73)
        ]
        assert [one.state for one in (early, soon, late)] == ["well", "look", "ill"]
        assert early.told == "1 copy, 2 erasures wanted; the first due 2026-11-25 11:00 WIB"
        assert not early.remedy
        for command in ("people requests", "people export", "people erase"):
            assert command in soon.remedy
        assert "2 overdue, the first since 2026-11-25 11:00 WIB" in late.told
        for wish in wishes:
            await database.write(lambda c, w=wish: requests.done(c, w.contact, w.right, NOW))
    assert (await duty(kept, NOW + timedelta(hours=99), "data requests")).state == "well"


async def test_messages_set_aside_are_told(kept: Settings):
    await arrive(kept.database, 1, NOW)
    async with Database(kept.database) as database:
        await database.write(lambda c: inbox.count_try(c, [1], "aneh", set_aside=True))
    found = await Records(kept, NOW).left()
    assert (found.state, found.told[:2], found.remedy) == ("look", "1 ", "kentongan messages")


async def test_a_year_whose_joint_leave_is_unknown_is_told_in_autumn(tmp_path: Path):
    spring, autumn = datetime(2027, 3, 1, tzinfo=UTC), datetime(2027, 11, 1, tzinfo=UTC)
    assert (await House(settings(tmp_path), spring).calendar()).state == "well"
    found = await House(settings(tmp_path), autumn).calendar()
    assert found.state == ("well" if WorkCalendar(load_policies()).joint_leave_known(2028) else "look")
    assert (await House(settings(tmp_path), datetime(2090, 3, 1, tzinfo=UTC)).calendar()).state == "look"


async def test_holidays_of_a_year_that_is_over_are_told(tmp_path: Path):
    rules = tmp_path / "aturan"
    shutil.copytree("tickets/data", rules)
    calendar = (rules / "calendar.yml").read_text()
    spring = datetime(2027, 3, 1, tzinfo=UTC)
    for day, state in (("2027-05-15", "well"), ("2026-05-15", "look")):
        (rules / "calendar.yml").write_text(
            calendar.replace("holidays: {}", f"holidays: {{{day}: Hari Jadi}}")
        )
        found = await House(settings(tmp_path, policies_dir=rules), spring).calendar()
        assert found.state == state, day
    assert "calendar.yml has no day after 2026-05-15" in found.told


async def test_a_folder_open_to_everybody_and_a_full_disk_are_told(tmp_path, monkeypatch):
    tmp_path.chmod(0o755)
    assert (await House(settings(tmp_path), NOW).folder()).remedy.startswith("chmod")
    tmp_path.chmod(0o700)
    assert (await House(settings(tmp_path), NOW).folder()).state == "well"
    monkeypatch.setattr("bot.doctor.house.ROOM", 10**12)
    assert (await House(settings(tmp_path), NOW).disk()).state == "look"
    monkeypatch.setattr("bot.doctor.house.NO_ROOM", 10**12)
    assert (await House(settings(tmp_path), NOW).disk()).state == "ill"


async def test_what_was_played_in_the_sandbox_is_told_where_real_people_are_served(tmp_path: Path):
    live = settings(tmp_path, operator_token=SecretStr(CITIZEN_BOT.token))
    assert (await House(live, NOW).tried()).state == "well"
    (tmp_path / "sandbox").mkdir()
    assert (await House(settings(tmp_path), NOW).tried()).state == "well", "it is still being tried"
    found = await House(live, NOW).tried()
    assert (found.state, "empty data folder" in found.remedy) == ("look", True)


async def test_what_telegram_knows_of_the_bot_is_told(tmp_path: Path):
    sandbox = await start_sandbox(bots=[CITIZEN_BOT], limits=Limits(enabled=False))
    known = {"telegram_api": sandbox.base_url, "citizen_token": SecretStr(CITIZEN_BOT.token)}
    async with SandboxClient(sandbox.base_url):
        found = [await check() for _, check in Messengers(settings(tmp_path, **known)).checks()]
        assert [one.state for one in found] == ["well", "well"], found
        away = settings(tmp_path, **known, public_url="https://lapor.example.go.id")
        hook = await first(Messengers(away))
        assert (hook.state, "https://lapor.example.go.id" in hook.told) == ("look", True)
        unknown = settings(tmp_path, **known | {"citizen_token": SecretStr("123456:salah")})
        stranger = await first(Messengers(unknown))
        assert (stranger.state, "salah" in f"{stranger}") == ("ill", False)
    await sandbox.stop()
    silent = await first(Messengers(settings(tmp_path, **known)))
    assert (silent.state, silent.told) == ("ill", f"{sandbox.base_url} does not answer")
    assert CITIZEN_BOT.token not in str(silent)


async def test_a_certificate_out_of_date_is_told_as_one(tmp_path: Path):
    server = web.AppRunner(web.Application())
    await server.setup()
    site = web.TCPSite(server, "127.0.0.1", 0, ssl_context=out_of_date(tmp_path))
    await site.start()
    address = f"https://127.0.0.1:{server.addresses[0][1]}"
    known = {"telegram_api": address, "citizen_token": SecretStr(CITIZEN_BOT.token)}
    found = await first(Messengers(settings(tmp_path, **known)))
    await server.cleanup()
    assert (found.state, "certificate" in found.remedy) == ("ill", True)
    assert CITIZEN_BOT.token not in str(found)


def out_of_date(folder: Path) -> ssl.SSLContext:
    """A certificate that nobody vouches for and whose time is over."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    made = made.not_valid_before(NOW - timedelta(days=90)).not_valid_after(NOW - timedelta(days=1))
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain)
    (folder / "c.pem").write_bytes(made.sign(key, hashes.SHA256()).public_bytes(pem) + secret)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "c.pem")
    return context
