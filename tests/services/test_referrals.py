"""Reports passed to other bodies, written out for them."""

import csv
import json

import pytest

from bot.services import referrals
from tests.services.kit import NUMBERS, house_in, open_tickets
from tickets.referral import fields


async def test_a_referral_that_cannot_be_written_holds_up_no_other(tmp_path, clock, monkeypatch):
    def choking(referral, policies):
        if referral.ticket.number == NUMBERS[0]:
            raise KeyError(NUMBERS[0])
        return fields(referral, policies)

    monkeypatch.setattr(referrals, "fields", choking)
    async with house_in(tmp_path, clock) as house:
        await open_tickets(house, 2, category="listrik")
        with pytest.raises(KeyError, match=NUMBERS[0]):
            await house.referrals.run_once()
        written = [house.referrals.path(one, "csv").exists() for one in await house.referrals.all()]
        assert written == [False, True]


async def test_a_referral_lies_in_the_folder_whole_and_once(tmp_path, clock):
    async with house_in(tmp_path, clock) as house:
        await open_tickets(house, 2, category="listrik")
        await house.referrals.run_once()
        found = await house.referrals.all()
        assert [one.ticket.number for one in found] == list(NUMBERS[:2])
        paths = [house.referrals.path(found[0], ending) for ending in ("json", "csv")]
        told = json.loads(paths[0].read_text(encoding="utf-8"))
        row = next(iter(csv.DictReader(paths[1].read_text(encoding="utf-8").splitlines())))
        assert told["nomor_laporan"] == row["nomor_laporan"] == NUMBERS[0]
        assert told["instansi_tujuan"] == "PT PLN (Persero)"
        assert "warga-1" not in paths[0].read_text() + paths[1].read_text()
        written = sorted(path.name for path in (tmp_path / "terusan").rglob("*.*"))
        assert len(written) == 4
        stamp = paths[0].stat().st_mtime_ns
        await house.referrals.run_once()
        assert paths[0].stat().st_mtime_ns == stamp
