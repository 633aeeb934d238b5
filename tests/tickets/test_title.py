from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickets.ticket import Report, ReportPlace, ScreeningResult
from tickets.title import LONGEST, derive_title


@pytest.mark.parametrize(
    ("place", "title"),
    [
        (ReportPlace("depan Pasar Godean", "", "Sidoagung"), "Lampu jalan: depan Pasar Godean, Sidoagung"),
        (ReportPlace("Sidoagung", "", "Sidoagung"), "Lampu jalan: Sidoagung"),
        (ReportPlace(kapanewon="Godean", kabupaten="Sleman"), "Lampu jalan: Godean"),
        (ReportPlace(), "Lampu jalan: lampu jalan depan pasar godean mati seminggu"),
    ],
)
def test_what_and_where(report, place, title):
    assert derive_title(replace(report, place=place), "Lampu jalan") == title


def test_other_peoples_data_stays_hidden(report):
    masked = ScreeningResult("pass", (), "hubungi •••• segera")
    told = replace(report, place=ReportPlace(), narrative="hubungi 0812 segera", screening=masked)
    assert derive_title(told, "Lainnya") == "Lainnya: hubungi •••• segera"


@given(st.text(min_size=1), st.text())
def test_it_is_one_short_line(narrative, place):
    report = Report(
        narrative, "pengaduan", "jalan", "", ReportPlace(place), ScreeningResult("pass", (), narrative)
    )
    title = derive_title(report, "Jalan")
    assert len(title) <= LONGEST
    assert "\n" not in title
