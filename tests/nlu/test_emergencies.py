import pytest

from nlu.examples import load_examples

NOW_IN_DANGER = [
    ("rumah tetangga kebakaran, tolong cepat", "kebakaran"),
    ("omahe tanggaku kobongan, tulung!", "kebakaran"),
    ("KEBAKARAN DI PASAR CEBONGAN", "kebakaran"),
    ("api merembet ke kios sebelah", "kebakaran"),
    ("the shop next door is on fire", "kebakaran"),
    ("ada kecelakaan di ringroad, korban tergeletak", "kecelakaan"),
    ("bocah ketabrak truk, getihe akeh", "kecelakaan"),
    ("bapak saya sesak napas butuh ambulans", "medis"),
    ("simbah tidak sadarkan diri", "medis"),
    ("wonten tiyang semaput, tulung ambulan", "medis"),
    ("tetangga mau melahirkan ga ada kendaraan", "medis"),
    ("ada begal di jembatan, sekarang!", "kejahatan"),
    ("orang ngamuk bawa parang", "kejahatan"),
    ("kancaku dibacok klitih", "kejahatan"),
    ("anak hanyut di kali boyong", "bencana"),
    ("rumah tertimbun longsor ada orangnya", "bencana"),
    ("banjir, warga terjebak di atap", "bencana"),
    ("kabel listrik putus keluar percikan api di jalan", "bahaya"),
    ("nemu mayat di sungai", "bahaya"),
    ("pak tolong anakku ilang ket mau awan", "bahaya"),
    ("simbah saya pikun hilang dari rumah sejak subuh", "bahaya"),
    ("nenek demensia pergi dari rumah belum pulang sampai sekarang", "bahaya"),
    ("longsor nutup dalan ning turi, ora iso liwat", "bencana"),
    ("kebakaran", "kebakaran"),
    ("KECELAKAAN!!!", "kecelakaan"),
    ("k3bakaran di gudang tolong segera", "kebakaran"),
]

ORDINARY = [
    "motor saya mogok kebakar emosi",
    "hp anak saya hilang di puskesmas",
    "sertifikat tanah simbah hilang, bagaimana mengurusnya",
    "kemarin anak saya sempat hilang tapi sudah ketemu",
    "anak saya kehilangan kesempatan sekolah karena zonasi",
    "nenek saya pikun belum dapat bansos",
    "bekas longsor belum dibersihkan dari bulan lalu",
    "kebakaran jenggot pak lurah",
    "lampu mati",
    "lampu jalan mati total",
    "bulan lalu ada kecelakaan di sini karena jalan berlubang",
    "sering ada kecelakaan, tolong pasang rambu",
    "takut ada yang tertabrak",
    "rawan longsor, mohon dibronjong",
    "banjir orderan, butuh tempat jualan",
    "nomor pemadam kebakaran berapa",
    "tetangga bakar sampah tiap sore",
    "harga cabe mencekik",
    "korban gempa belum dapat bantuan",
    "pohon tumbang tolong disingkirkan",
    "pohon tumbang",
    "banjir",
    "demam berdarah mewabah di RT kami",
    "genangan banjir tiap hujan karena got mampet",
    "kapan ada pelatihan kebakaran lagi",
    "jembatan hampir ambruk, tolong diperbaiki sebelum ada korban",
    "atiku kobong delok pelayanane",
    "dulu pernah kebakaran di sini",
    "antri lama sampai mau pingsan rasanya",
]


@pytest.mark.parametrize(("text", "kind"), NOW_IN_DANGER)
def test_somebody_in_danger_now(interpreter, text, kind):
    emergency = interpreter.interpret(text).emergency
    assert emergency, text
    assert emergency.kind == kind
    assert emergency.words
    assert all(word in text for word in emergency.words)


@pytest.mark.parametrize("text", ORDINARY)
def test_near_misses_are_ordinary_messages(interpreter, text):
    assert interpreter.interpret(text).emergency is None


def test_marked_examples_are_told_apart(interpreter, data):
    marked = [example for example in load_examples(data) if example.emergency is not None]
    danger = [interpreter.interpret(one.text).emergency for one in marked if one.emergency]
    calm = [interpreter.interpret(one.text).emergency for one in marked if not one.emergency]
    assert sum(found is not None for found in danger) / len(danger) >= 0.97
    assert sum(found is not None for found in calm) / len(calm) <= 0.02


@pytest.mark.parametrize("asked", ["lokasi", "bukti", "setuju", "kategori", "nilai"])
def test_an_emergency_is_heard_whatever_was_asked(interpreter, asked):
    assert interpreter.interpret("tolong rumah saya kebakaran", asked).emergency.kind == "kebakaran"
