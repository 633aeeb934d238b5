from dataclasses import replace

import pytest
from ruamel.yaml import YAML

from tickets.routing import accused_units, area_level, is_outside, route
from tickets.ticket import Finding, ReportPlace, ScreeningResult

ACCUSATION = ScreeningResult("pass_private", (Finding("tuduhan", "accusation", ((0, 3),), "…"),), "")
BANTUL = ReportPlace("Sewon", "34.02.10", "", "Sewon", "Bantul")


@pytest.mark.parametrize(
    ("changed", "agency", "rule"),
    [
        ({}, "dishub", "perhubungan"),
        ({"narrative": "lampu kampung RT 3 mati"}, "kapanewon.gamping", "lampu_kampung_kata"),
        ({"answers": {"pemilik_aset": "kalurahan"}}, "kapanewon.gamping", "lampu_kampung"),
        ({"category": "jalan"}, "pu", "jalan"),
        ({"category": "jalan", "narrative": "lubang di Ring Road Utara"}, "bbpjn", "jalan_nasional_kata"),
        ({"category": "jalan", "narrative": "lubang di boringroads"}, "pu", "jalan"),
        ({"category": "jalan", "answers": {"pemilik_aset": "provinsi"}}, "pu_provinsi", "jalan_provinsi"),
        ({"category": "drainase"}, "pu", "jalan"),
        ({"category": "sampah"}, "dlh", "lingkungan"),
        ({"category": "hewan", "subcategory": "ternak"}, "distan", "ternak"),
        ({"category": "hewan", "subcategory": "liar"}, "satpolpp", "ketertiban"),
        ({"category": "listrik"}, "pln", "listrik"),
        ({"category": "kalurahan", "subcategory": "dana_desa"}, "dpmk", "dana_desa"),
        ({"category": "kalurahan", "subcategory": "layanan"}, "kapanewon.gamping", "kalurahan"),
        ({"category": "perempuan_anak"}, "dp3ap2kb", "perempuan_anak"),
        ({"category": "aparatur"}, "inspektorat", "aparatur"),
        ({"category": "lainnya"}, "koordinator", "lainnya"),
        ({"category": "entah"}, "koordinator", ""),
        ({"place": BANTUL}, "kabupaten_lain", "luar_wilayah"),
        ({"place": BANTUL, "classification": "wbs"}, "inspektorat", "wbs"),
        ({"screening": ACCUSATION}, "inspektorat", "tuduhan"),
    ],
)
def test_the_first_rule_that_fits_decides(policies, report, changed, agency, rule):
    found = route(replace(report, **changed), policies)
    assert (found.agency, found.rule) == (agency, rule)
    assert found.external is policies.agencies[agency].external
    assert found.why


def test_every_category_has_a_way_to_an_agency(policies, report):
    with open("nlu_data/categories.yml", encoding="utf-8") as file:  # noqa: PTH123
        names = [entry["id"] for entry in YAML(typ="safe").load(file)["categories"]]
    assert len(names) > 20
    for name in names:
        assert route(replace(report, category=name), policies).rule, name


@pytest.mark.parametrize(
    ("changed", "agency"),
    [
        ({"category": "aparatur", "narrative": "pegawai Inspektorat minta uang"}, "koordinator"),
        ({"answers": {"unit_terlapor": "dishub"}}, "inspektorat"),
        ({"answers": {"unit_terlapor": "bukan dinas"}}, "dishub"),
        ({"narrative": "lampu mati, dishub lambat sekali"}, "dishub"),  # criticism is no accusation
        ({"category": "aparatur", "narrative": "petugas Dishub pungli"}, "inspektorat"),
    ],
)
def test_an_accused_unit_never_receives_the_complaint_about_itself(policies, report, changed, agency):
    assert route(replace(report, **changed), policies).agency == agency


def test_units_are_recognised_by_whole_names_only(policies, report):
    told = replace(report, category="aparatur", narrative="kepala puskesmas dan dinas pertanian")
    assert accused_units(told, policies) == {"dinkes", "distan"}


def test_flags_and_certainty_come_with_the_rule(policies, report):
    assert route(replace(report, category="aparatur"), policies).flags == {"RAHASIA"}
    assert route(replace(report, classification="wbs"), policies).flags == {"RAHASIA", "WBS"}
    assert not route(replace(report, category="lainnya"), policies).sure
    assert not route(replace(report, category="entah"), policies).sure
    assert route(report, policies).sure


@pytest.mark.parametrize(
    ("kode", "level", "outside"),
    [("", "tanpa", False), ("34.04", "kabupaten", False), ("34.04.01", "kapanewon", False),
     ("34.04.01.2001", "kalurahan", False), ("34.02", "kabupaten", True), ("34.040.1", "kapanewon", True)],
)  # fmt: skip
def test_where_a_place_lies(policies, kode, level, outside):
    place = ReportPlace(kode=kode)
    assert (area_level(place), is_outside(place, policies)) == (level, outside)
