"""`kentongan doctor` on the house itself: settings, calendar, disk, messengers."""

import errno
import shutil
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import Mock

import orjson
import pytest
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pydantic import SecretStr
from typer.testing import CliRunner

from bot.__main__ import app
from bot.commands import doctor
from bot.commands.doctor import _spelt
from bot.commands.serve import CITIZEN_BOT
from bot.doctor.finding import Finding, examined
from bot.doctor.house import House
from bot.doctor.messengers import Messengers
from bot.doctor.records import Records
from bot.sandbox.client import SandboxClient
from bot.sandbox.limits import Limits
from bot.sandbox.server import start_sandbox
from bot.settings import Settings, misspelt
from tickets.calendar import WorkCalendar
from tickets.policies import load_policies

NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)


def settings(folder: Path, **more) -> Settings:
    return Settings(data_dir=folder, _env_file=None, **more)


async def first(room: Messengers) -> Finding:
    _, check = next(room.checks())
    return await check()


def test_a_new_installation_is_well_and_stays_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("KENTONGAN_DATA_DIR", str(tmp_path / "neu"))
    monkeypatch.delenv("KENTONGAN_TEST_DATABASE", raising=False)  # a setting of the tests' alone
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
