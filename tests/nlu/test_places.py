import random

import pytest
import shapely

from nlu.places import Gazetteer
from nlu.places.outlines import Outlines

COAST_AND_ABROAD = [(-9.5, 110.0), (35.7, 139.7), (-8.4, 110.2)]


@pytest.mark.parametrize(
    ("text", "kode", "label"),
    [
        ("lampu depan pasar Godean mati", "34.04.02.2004", "Pasar Godean"),
        ("banjir dpn psr gamping", "34.04.01.2002", "Pasar Gamping"),
        ("jakal km 9 rusak", "34.04.12.2003", "Jalan Kaliurang km 9"),
        ("jl. kaliurang km 14,5 gelap", "34.04.11.2005", "Jalan Kaliurang km 14.5"),
        ("jalan magelang km 10", "34.04.13.2003", "Jalan Magelang km 10"),
        ("macet di ambarukmo", "34.04.07.2001", "Plaza Ambarrukmo"),
        ("depan kampus UGM", "34.04.07.2001", "UGM"),
        ("parkir liar seturan", "34.04.07.2001", "Seturan"),
        ("taman denggung kotor", "34.04.13.2003", "Lapangan Denggung"),
        ("antri di rsud sleman", "34.04.13.2002", "RSUD Sleman"),
        ("condong catur banjir", "34.04.07.2003", ""),
        ("sampah di caturtungal", "34.04.07.2001", ""),
        ("jalan rusak di maguwoarjo", "34.04.07.2002", ""),
        ("dusun saya di Sinduadi", "34.04.06.2001", ""),
        ("kec. mlati", "34.04.06", ""),
        ("kapanewon Tempel", "34.04.14", ""),
        ("lampu mati neng Turi", "34.04.15", ""),
        ("di minggir jalan rusak", "34.04.04", ""),
        ("Prambanan", "34.04.09", ""),
        ("wukirsari cangkringan", "34.04.17.2002", ""),
        ("di kabupaten sleman", "34.04", ""),
        ("LAPOR Sidoarum lampu mati", "34.04.02.2006", ""),
        ("jalan ring road barat bolong", "34.04.01", "Ring Road Barat"),
    ],
)
def test_how_people_name_places_in_sleman(gazetteer, text, kode, label):
    place = gazetteer.find(text)
    assert (place.area.kode, place.label, place.outside) == (kode, label, False)


@pytest.mark.parametrize(
    "text",
    [
        "tolong yang parkir minggir dong",
        "stiker tempel sembarangan",
        "warung pakem macet",
        "rumahnya depok asri",
        "turi tanamanku layu",
        "kasihan banget simbah itu",
        "jalan malang melintang",
        "laporan sudah lama sekali",
        "bupati sleman kemana",
        "bus jurusan bantul telat",
        "salak pondoh mahal",
        "batu berserakan di jalan",
        "lampu mati di kampung saya",
        "salah, sing bener ngendi",
        "bus trans jogja ugal-ugalan",
        "anak saya takut petir",
        "",
    ],
)
def test_ordinary_words_are_no_places(gazetteer, text):
    assert gazetteer.find(text) is None


def test_depok_is_asked_about_unless_something_tells(gazetteer):
    doubtful = gazetteer.find("jalan rusak di depok")
    assert doubtful.area.kode == "34.04.07"
    assert "Kota Depok" in {area.kabupaten for area in doubtful.ambiguous}
    assert not gazetteer.find("kec depok sleman").ambiguous
    assert not gazetteer.find("depok sleman").ambiguous
    far = gazetteer.find("depok jawa barat")
    assert (far.area.kabupaten, far.outside) == ("Kota Depok", True)


def test_a_name_shared_within_the_province_is_ours_first_and_its_parent_decides(gazetteer):
    shared = gazetteer.find("balai desa di sidomulyo")
    assert shared.area.kode == "34.04.02.2003"
    assert {area.kapanewon for area in shared.ambiguous} == {"Pengasih", "Bambanglipuro"}
    assert gazetteer.find("sidomulyo bambanglipuro").area.kapanewon == "Bambanglipuro"


@pytest.mark.parametrize(
    ("text", "kabupaten"),
    [
        ("jalan rusak di kec kasihan bantul", "Bantul"),
        ("di kota magelang", "Kota Magelang"),
        ("sampah di klaten", "Klaten"),
        ("lampu mati di malioboro", "Kota Yogyakarta"),
    ],
)
def test_other_governments_places_are_told_apart(gazetteer, text, kabupaten):
    place = gazetteer.find(text)
    assert (place.area.kabupaten, place.outside) == (kabupaten, True)


@pytest.mark.parametrize(
    ("text", "kode"),
    [
        ("di karangwuni", "34.04.07.2001"),
        ("lampu mati neng pringwulung", "34.04.07.2003"),
        ("daerah palagan km 8", "34.04.12.2001"),
        ("ning brebah", "34.04.08"),
        ("di solo", "33.72"),
        ("kota magelang", "33.71"),
        ("di prambanan klaten", "33.10"),
        ("depok margonda", "32.76"),
        ("muntilan", "33.08"),
        ("klaten", "33.10"),
        ("kulonprogo", "34.01"),
        ("jalan rusak di kec. rogojampi banyuwangi", "35.10"),
        ("lampu mati desa Sukamaju Purwakarta", "32.14"),
        ("jalan wates gamping gelap", "34.04.01"),
        ("kelurahan bener", "34.71.01.1004"),
    ],
)
def test_hamlets_and_what_lies_next_door(gazetteer, text, kode):
    place = gazetteer.find(text)
    assert (place.area.kode, place.outside) == (kode, not kode.startswith("34.04"))


def test_a_village_that_shares_its_name_with_a_city_is_asked_about(gazetteer):
    assert "Kota Bandung" in {area.kabupaten for area in gazetteer.find("di bandung").ambiguous}


def test_an_ordinary_word_vouches_for_nothing(gazetteer):
    assert gazetteer.find("truk batu gamping lewat terus") is None


def test_going_somewhere_is_not_being_there(gazetteer):
    assert gazetteer.find("bus arah magelang telat") is None
    assert gazetteer.find("jalan solo berlubang").area.kabupaten == "Sleman"


def test_a_long_road_without_a_kilometre_offers_what_it_passes(gazetteer):
    place = gazetteer.find("jalan kaliurang gelap")
    assert place.label == "Jalan Kaliurang"
    assert [area.kapanewon for area in place.ambiguous] == ["Depok", "Ngaglik", "Ngemplak", "Pakem"]


def test_a_pin_gives_the_kalurahan(gazetteer):
    place = gazetteer.at(-7.7679, 110.2935)
    assert (place.area.kalurahan, place.area.kapanewon, place.outside) == ("Sidoagung", "Godean", False)


def test_a_pin_outside_is_given_to_whoever_governs_there(gazetteer):
    assert gazetteer.at(-7.8014, 110.3647).area.kabupaten == "Kota Yogyakarta"
    assert gazetteer.at(-7.8014, 110.3647).outside
    assert gazetteer.at(-6.595, 106.797).area.kabupaten == "Kota Bogor"


@pytest.mark.parametrize(("lat", "lon"), COAST_AND_ABROAD)
def test_a_pin_at_sea_or_abroad_is_nowhere(gazetteer, lat, lon):
    assert gazetteer.at(lat, lon) is None


def test_the_grid_answers_as_the_polygons_do():
    polygons = shapely.box([0, 1, 0.2, 5], [0, 0, 1, 5], [1, 3, 0.9, 5.1], [1, 1, 2, 5.1])
    outlines = Outlines(list("abcd"), polygons)
    rng = random.Random(3)
    for _ in range(2000):
        x, y = rng.uniform(-0.5, 5.5), rng.uniform(-0.5, 5.5)
        held = [code for code, one in zip("abcd", polygons, strict=True) if one.contains(shapely.Point(x, y))]
        assert outlines.at(y, x) == (held[0] if held else None)
    assert outlines.at(float("nan"), 1) is outlines.at(0.5, float("inf")) is None


def test_every_landmark_with_a_point_lies_where_the_table_says(gazetteer, data):
    for row in data.yaml("places.yml")["landmarks"]:
        area = gazetteer.area(str(row["kode"]))
        assert area, row["name"]
        if "at" in row:
            assert gazetteer.at(*row["at"]).area == area, row["name"]


def test_the_areas_are_the_official_ones(gazetteer):
    assert len(gazetteer.areas("kapanewon", "34.04")) == 17
    assert len(gazetteer.areas("kalurahan", "34.04")) == 86
    assert len(gazetteer.areas("kalurahan", "34.04.07")) == 3
    assert len(gazetteer.areas("kabupaten")) == 514
    assert gazetteer.postcode("34.04.02.2004") == "55264"
    assert gazetteer.area("34.04.99") is None


def test_every_kalurahan_of_the_city_can_be_named_and_is_found_by_its_own_outline(gazetteer, data):
    outlines = Outlines.load(data.file("gazetteer/kalurahan.npz"))
    for area in gazetteer.areas("kalurahan", "34.04"):
        found = gazetteer.find(f"jalan rusak di {area.kalurahan} {area.kapanewon}")
        assert found.area == area
    rng = random.Random(7)
    inside = [outlines.at(rng.uniform(-7.8, -7.6), rng.uniform(110.25, 110.5)) for _ in range(2000)]
    assert len({kode for kode in inside if kode}) > 70


def test_another_city_is_home_when_the_installation_says_so(data):
    bantul = Gazetteer.load(data, home="34.02")
    assert bantul.find("di sidomulyo").area.kapanewon == "Bambanglipuro"
    assert bantul.find("desa sinduadi").outside


@pytest.mark.parametrize(
    "text",
    [
        "-7.7166, 110.3553",
        "-7.7166 110.3553",
        "110.3553, -7.7166",
        "(-7.71660,110.35530)",
        "7°43'00.0\"S 110°21'19.1\"E",
        "7° 43' 0.0\" LS, 110° 21' 19.1\" BT",
        "https://www.google.com/maps?q=-7.7166,110.3553",
        "https://maps.google.com/?q=-7.7166%2C110.3553&z=17",
        "https://www.google.com/maps/@-7.7166,110.3553,17z",
        "https://www.google.com/maps/search/-7.7166,+110.3553?entry=ttu",
        "https://www.google.com/maps/place/X/@-6.2,106.8,17z/data=!3m1!4b1!4m4!8m2!3d-7.7166!4d110.3553",
        "https://www.openstreetmap.org/?mlat=-7.7166&mlon=110.3553#map=19/-6.2/106.8",
        "geo:-7.7166,110.3553",
        "di sini https://maps.google.com/?q=-7.7166,110.3553 sampahnya numpuk",
    ],
)
def test_points_in_numbers_and_links_of_maps(gazetteer, text):
    place = gazetteer.find(text)
    assert (place.area.kalurahan, place.confidence, place.outside) == ("Tridadi", 1.0, False)
    assert (place.lat, place.lon) == (pytest.approx(-7.7166, abs=1e-3), pytest.approx(110.3553, abs=1e-3))


def test_a_link_to_a_place_says_its_name(gazetteer):
    link = "https://www.google.com/maps/place/Pasar+Godean/@-7.7680,110.2920,17z"
    assert gazetteer.find(link).label == "Pasar Godean"
    bare = "https://www.google.com/maps/place/7%C2%B046'04.8%22S+110%C2%B017'31.2%22E/@-7.768,110.292,17z"
    assert gazetteer.find(bare).label == ""


@pytest.mark.parametrize(
    "text",
    [
        "harga naik 20.000, 110.000",
        "https://maps.app.goo.gl/AbCdEf123",
        "https://maps.google.com/?q=51.5007,-0.1246",
        "versi 1.2345.6, 110.3553",
        "jam 07.30 sampai 11.45",
    ],
)
def test_other_numbers_and_links_are_no_points(gazetteer, text):
    assert gazetteer.find(text) is None


@pytest.mark.parametrize(
    ("text", "kode"),
    [
        ("lampu di Pendowoharjo mati, sampah di pasar Cebongan juga", "34.04.06.2003"),
        ("wonten Tirtorahayu... eh Margorejo Tempel", "34.04.14"),
        ("banjir di Kelapa Gading Jakarta Utara", "31.72"),
        ("Pendowoharjo Bantul dekat pasar Cebongan", "34.02"),
    ],
)
def test_of_places_far_apart_ours_is_meant_unless_another_government_is_named(gazetteer, text, kode):
    assert gazetteer.find(text).area.kode.startswith(kode)
