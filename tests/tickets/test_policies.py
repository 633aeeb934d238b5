# ruff: noqa: E501 (each case is a line of the files as they stand)
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from shutil import copytree

import pytest
from ruamel.yaml import YAML

from tickets.policies import PolicyFaults, load_policies

DELIVERED = Path(str(files("tickets") / "data"))


@pytest.fixture
def folder(tmp_path):
    return Path(copytree(DELIVERED, tmp_path / "data"))


def edit(folder, file, old, new):
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text, "the delivered file has changed: adapt this case"
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")


def faults_of(folder):
    with pytest.raises(PolicyFaults) as caught:
        load_policies(folder)
    return caught.value.faults


def test_the_delivered_policies_have_no_fault(folder):
    assert load_policies(folder) == load_policies()


def test_a_file_that_cannot_be_read_is_one_fault_of_its_own(folder):
    """What else follows from it would bury it."""
    (folder / "limits.yml").write_text("burst: [1\n", encoding="utf-8")
    (fault,) = [one for one in faults_of(folder) if one.file == "limits.yml"]
    assert str(fault).startswith("limits.yml:2: Not valid YAML")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("# satu\n# jam 7\u201316\n".encode("cp1252"), "sla.yml:2: This line is no UTF-8. Save the file as UTF-8."),
        ("# satu\n".encode("utf-16"), "sla.yml: The file is UTF-16. Save it as UTF-8."),
        (b" \n", "sla.yml: The file is empty. Take it away, and the delivered one counts."),
        (b"due_soon_days: 1\ndue_soon_days: 2\n", "sla.yml:2: 'due_soon_days' is given twice. Keep one of them."),
    ],
)  # fmt: skip
def test_how_a_file_was_spoilt_is_said_as_an_editor_shows_it(folder, content, told):
    (folder / "sla.yml").write_bytes(content)
    assert [str(one) for one in faults_of(folder)] == [told]


def test_a_category_that_routing_misspells_is_not_blamed_on_the_files_that_have_it_right(folder):
    edit(folder, "routing.yml", "category: kesehatan", "category: kesehaten")
    told = [str(one) for one in faults_of(folder)]
    assert told
    assert all(
        "No rule of routing.yml has the category 'kesehatan'. Correct it here or there" in one for one in told
    )


def test_an_example_of_a_number_is_one_that_would_do(folder):
    edit(folder, "limits.yml", "{messages: 60", "{messages: 1")
    (fault,) = faults_of(folder)
    assert fault.message.endswith("a number of at least 10.")
    assert fault.remedy == "Write for example messages: 10."


def test_what_is_wrong_with_a_whole_file_names_no_line(folder):
    (folder / "slaa.yml").write_text("x: 1\n", encoding="utf-8")
    assert [str(one) for one in faults_of(folder)] == [
        "slaa.yml: No policy file has that name. Use 'sla.yml'."
    ]


FAULTS = [
    ("retention.yml", "  days: 730", "  days: 20", "reporters.days", "at least 60 days"),
    ("retention.yml", "reporters:\n", "reporter:\n", "reporter", "'reporters'"),
    ("retention.yml", "remind_hours: 24", "remind_hours: 72", "requests.remind_hours", "less than hours"),
    ("retention.yml", "breaches: {hours: 72, remind_hours: 24}", "breaches: {hours: 72, remind_hours: 80}",
     "breaches.remind_hours", "less than hours"),
    ("retention.yml", "requests: {hours: 72", "requests: {hours: 0", "requests.hours", "5"),
    ("limits.yml", "longest_days: 365", "longest_days: 3", "web_chat.longest_days", "at least as long as idle_hours"),
    ("limits.yml", "idle_hours: 720", "idle_hours: 0.1", "web_chat.idle_hours", "idle_hours: 5"),
    ("retention.yml", "keep_files: false", "keep_files: jangan", "erasure.keep_files", "true"),
    ("retention.yml", "messages_out:", "message_out:", "keep.message_out", "'messages_out'"),
    ("retention.yml", "    days: 60\n", "    days: 0\n", "keep.deliveries.days", "days: 5"),
    ("retention.yml", "at_once: 500 ", "at_once: 50000 ", "at_once", "at most 2000"),
    ("retention.yml", "  looks:\n    days: 1825\n", "  looks:\n", "keep.looks.days", "days: 5"),
    ("city.yml", "prefix: SLM", "prefix: sleman", "prefix", "capital letters"),
    ("city.yml", 'kode: "34.04"', "kode: 34.04", "kode", "in quotes"),
    ("city.yml", 'kode: "34.04"', 'kode: "3404"', "kode", "34.04"),
    ("city.yml", "Asia/Jakarta", "Asia/Jakrta", "timezone", "'Asia/Jakarta'"),
    ("city.yml", "name: Kabupaten Sleman\n", "nama: Kabupaten Sleman\n", "nama", "'name'"),
    ("city.yml", "emergency_numbers:", "emergency_numbers: []\nsisa:", "emergency_numbers", "112"),
    ("agencies.yml", "{id: kominfo,", "{id: pu,", "agencies[2].id", "one of the two"),
    ("agencies.yml", "coordinator: koordinator", "coordinator: kordinator", "coordinator", "'koordinator'"),
    ("agencies.yml", "external: true}", "external: ya}", "agencies[21].external", "true"),
    ("routing.yml", "agency: dishub", "agency: dishup", "rules[13].agency", "'dishub'"),
    ("routing.yml", "category: adminduk, agency", "agency", "rules[15]", "last_resort"),
    ("routing.yml", "id: pajak,", "id: tik,", "rules[", "its own id"),
    ("routing.yml", "flags: [RAHASIA, WBS]", "flags: [RAHASIAH]", "rules[0].flags", "'RAHASIA'"),
    ("routing.yml", "owner: nasional", "owner: negara", "rules[5].owner", "nasional"),
    ("sla.yml", "verify: {days: 3}", "verify: {days: 0}", "deadlines.verify.days", "5"),
    ("sla.yml", "rework: {days: 5}", "rework: {}", "deadlines.rework.days", "days: 5"),
    ("sla.yml", "informasi: 5", "informsi: 5", "deadlines.resolve.by_classification.informsi", "'informasi'"),
    ("sla.yml", "{after: 3,", "{after: 9,", "escalation[2].after", "Order"),
    ("figures.yml", "weekday: monday", "weekday: saturday", "digests.mingguan.weekday", "calendar.yml"),
    ("figures.yml", "monthday: 1", "monthday: 31", "digests.bulanan.monthday", "from 1 to 28"),
    ("figures.yml", "monthday: 1", "monthday: 1, weekday: monday", "digests.bulanan.monthday", "one of them"),
    ("figures.yml", "help_below: 60", "help_below: 90", "spoken.help_below", "below thank_from"),
    ("figures.yml", "least_people: 3", "least_people: 1", "repeats.least_people", "least_people: 5"),
    ("figures.yml", "deferred: [PERLU_DATA,", "deferred: [SELESAI, PERLU_DATA,", "counted_as.deferred", "one of the lists"),
    ("calendar.yml", '"07:30-14:30"', '"7.30-14.30"', "hours.friday", "07:30-16:00"),
    ("calendar.yml", '"07:30-14:30"', '"14:30-07:30"', "hours.friday", "opening time"),
    ("calendar.yml", "by_agency: {}", "by_agency: {rumah_sakit: {}}", "by_agency.rumah_sakit", "bpbd"),
    ("calendar.yml", "by_agency: {}", "by_agency: {bpbd: {}}", "by_agency.bpbd", "07:30-16:00"),
    ("calendar.yml", "workdays: []", "workdays: [besok]", "workdays[0]", "2027-05-15"),
    ("calendar.yml", "holidays: {}", "holidays: {lebaran: libur}", "holidays.lebaran", "2027-05-15"),
    ("answers.yml", "categories: [lampu_jalan]", "categories: [lampu_jaln]", "answers.lampu_dijadwalkan.categories", "'lampu_jalan'"),
    ("answers.yml", "states: [PROSES]", "states: [PROSE]", "answers.masih_dikerjakan.states", "'PROSES'"),
    ("answers.yml", "laporan {nomor} sudah kami", "laporan {nomer} sudah kami", "answers.terima.text.id", "{nomor}"),
    ("answers.yml", "laporan {nomor} sudah kami", "laporan {nomor sudah kami", "answers.terima.text.id", "{nomor}"),
    ("answers.yml", "  terima:", "  terima-kasih-banyak-atas-laporannya:", "answers.terima-kasih", "24"),
    ("answers.yml", "en: Thank you}", "}", "answers.terima_kasih.name.en", "text"),
    ("questions.yml", "kind: place", "kind: lokasi", "questions.titik.kind", "place"),
    ("questions.yml", "      jv: Foto setunggal saking celak.\n", "", "questions.foto_dekat.ask.jv", "text"),
    ("questions.yml", "categories: [lampu_jalan]", "categories: [lampu_jaln]", "questions.tiang.categories", "'lampu_jalan'"),
    ("duplicates.yml", "\nsimilarity: 60", "\nsimilarity: 600", "similarity", "60"),
    ("reasons.yml", "      en: This message reads as advertising or a promotional link.\n", "", "reasons.spam.sentence.en", "text"),
    ("screening.yml", "signal: hate", "signal: hat", "rules[5].signal", "'hate'"),
    ("screening.yml", "    reason: spam\n", "", "rules[13]", "reasons.yml"),
    ("screening.yml", "    reason: spam\n", "    reason: spm\n", "rules[13].reason", "'spam'"),
    ("screening.yml", "    then: hold\n", "", "rules[8]", "then"),
    ("screening.yml", "id: hasutan", "id: ancaman", "rules", "its own id"),
    ("lifecycle.yml", "moves: {PERLU_DATA: kembali}", "moves: {PERLU_DATA: kembalik}", "actions.give_data.moves.PERLU_DATA", "'kembali'"),
    ("lifecycle.yml", "who: [koordinator, penghubung, admin, sistem]", "who: [kordinator]", "actions.refer.who", "'koordinator'"),
    ("lifecycle.yml", "  hold: [BARU, DITAHAN]\n", "", "opening", "List its states"),
    ("lifecycle.yml", "  BARU: {name:", "  BARUU: {name:", "states.BARUU", "'BARU'"),
    ("lifecycle.yml", "  refuse: [{to: reporter, name: kabar_ditolak}]\n", "  refuse: []\n", "opening_tells.refuse", "reporter"),
    ("lifecycle.yml", "tells: [{to: reporter, name: kabar_balasan}, ", "tells: [", "actions.reply", "reporter"),
    ("lifecycle.yml", "appeal:\n", "apeal:\n", "actions.apeal", "'appeal'"),
    ("lifecycle.yml", "{ARSIP: DITAHAN, DITAHAN: tetap,", "{DITAHAN: tetap,", "actions.appeal.moves", "Add ARSIP"),
    ("lifecycle.yml", "DITAHAN: tetap, DUPLIKAT: DIBUKA_KEMBALI,", "DUPLIKAT: DIBUKA_KEMBALI,", "actions.appeal.moves", "Add DITAHAN"),
    ("lifecycle.yml", "PROSES: [DIKEMBALIKAN, VERIFIKASI]", "PROSES: ARSIP", "actions.not_ours.moves.PROSES", "VERIFIKASI"),
    ("lifecycle.yml", "who: [pelapor]\n    moves: {MENUNGGU_KONFIRMASI: SELESAI}", "who: [sistem]\n    moves: {MENUNGGU_KONFIRMASI: SELESAI}", "actions.confirm", "pelapor"),
    ("lifecycle.yml", "who: [sistem, koordinator, pimpinan]", "who: []", "actions.escalate", "who"),
    ("lifecycle.yml", "    needs: [text, proof]\n", "    needs: [text]\n", "actions.close.needs", "needs"),
    ("lifecycle.yml", "    needs: [target, reason]\n", "    needs: [target]\n", "actions.forward.needs", "needs"),
    ("lifecycle.yml", "en: Reopened}, deadline: rework}", "en: Reopened}}", "states.DIBUKA_KEMBALI", "deadline"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "key", "remedy"), FAULTS)
def test_a_fault_names_file_line_key_and_remedy(folder, file, old, new, key, remedy):
    edit(folder, file, old, new)
    found = [fault for fault in faults_of(folder) if fault.file == file and fault.key.startswith(key)]
    assert found, faults_of(folder)
    assert any(remedy in fault.remedy for fault in found), found
    assert all(fault.line > 0 and fault.message for fault in found)


def test_a_day_no_calendar_has_is_told_with_its_line_and_nothing_that_follows_from_it(folder):
    edit(folder, "calendar.yml", "holidays: {}", "holidays: {2027-13-15: Hari Jadi}")
    (fault,) = faults_of(folder)
    line = (folder / "calendar.yml").read_text(encoding="utf-8").splitlines()[fault.line - 1]
    assert "2027-13-15" in line
    assert "There is no day 2027-13-15" in fault.message


def test_the_line_is_the_one_to_edit(folder):
    edit(folder, "routing.yml", "agency: dishub", "agency: dishup")
    (fault,) = faults_of(folder)
    line = (folder / "routing.yml").read_text(encoding="utf-8").splitlines()[fault.line - 1]
    assert "dishup" in line
    assert str(fault).startswith(f"routing.yml:{fault.line}: rules[13].agency: 'dishup'")


def test_all_faults_of_all_files_are_told_at_once(folder):
    for file, old, new in (
        ("city.yml", "prefix: SLM", "prefix: sleman"),
        ("sla.yml", "verify: {days: 3}", "verify: {days: tiga}"),
        ("screening.yml", "signal: hate", "signal: hat"),
    ):
        edit(folder, file, old, new)
    assert {fault.file for fault in faults_of(folder)} == {"city.yml", "sla.yml", "screening.yml"}


def test_only_what_differs_needs_a_file_and_broken_yaml_is_a_fault(folder):
    (folder / "city.yml").unlink()
    (folder / "calendar.yml").unlink()
    edit(folder, "duplicates.yml", "\nsimilarity: 60", "\nsimilarity: 61")
    assert load_policies(folder).city == load_policies().city
    assert load_policies(folder).duplicates.similarity == 61
    (folder / "sla.yml").write_text("deadlines: {verify: [", encoding="utf-8")
    told = [str(fault) for fault in faults_of(folder)]
    assert any("sla.yml" in line and "Not valid YAML" in line for line in told)


def test_a_misspelt_file_or_folder_is_a_fault(folder):
    for name, meant in (("rutting.yml", "routing.yml"), ("sla.yaml", "sla.yml"), ("sla.yml.txt", "sla.yml")):
        (folder / name).write_text("", encoding="utf-8")
        assert any(name in str(fault) and f"'{meant}'" in str(fault) for fault in faults_of(folder))
    assert any("no such folder" in str(fault) for fault in faults_of(folder / "tidak ada"))


def test_a_file_of_the_wrong_kind_is_a_fault(folder):
    (folder / "duplicates.yml").write_text("- satu\n- dua\n", encoding="utf-8")
    assert any("Expected keys" in fault.message for fault in faults_of(folder))


def test_a_dead_end_is_found(folder):
    edit(folder, "lifecycle.yml", "DITERUSKAN: {name: {id: Diteruskan ke badan lain, jv: Diterusake menyang badan liya, en: Passed to another body}, deadline: external, keeps: [acknowledge]}", "DITERUSKAN: {name: {id: a, jv: b, en: c}}")  # fmt: skip
    text = (folder / "lifecycle.yml").read_text(encoding="utf-8")
    for move in ("DITERUSKAN: DISPOSISI", "DITERUSKAN: VERIFIKASI", "DITERUSKAN: DIBATALKAN"):
        text = text.replace(f", {move}", "")
    start = text.index("      DITERUSKAN: [DITINDAKLANJUTI")
    text = text[:start] + text[text.index("\n", start) + 1 :]
    (folder / "lifecycle.yml").write_text(text.replace("{VERIFIKASI: DISPOSISI, DITERUSKAN: DISPOSISI", "{VERIFIKASI: DISPOSISI"), encoding="utf-8")  # fmt: skip
    assert any("DITERUSKAN is a dead end" in fault.message for fault in faults_of(folder))


def test_an_unreachable_state_is_found(folder):
    merged = "DUPLIKAT, DISPOSISI: DUPLIKAT, PROSES: DUPLIKAT, PERLU_DATA: DUPLIKAT, DIBUKA_KEMBALI: DUPLIKAT"
    edit(folder, "lifecycle.yml", f"VERIFIKASI: {merged}", "VERIFIKASI: ARSIP")
    grouped = "VERIFIKASI: DUPLIKAT, DISPOSISI: DUPLIKAT, PERLU_DATA: DUPLIKAT"
    edit(folder, "lifecycle.yml", f"DITAHAN: DUPLIKAT, {grouped}", "VERIFIKASI: ARSIP")
    assert any("No action leads to DUPLIKAT" in fault.message for fault in faults_of(folder))


def without(folder, file, *keys):
    """The file as it was before the program knew these keys, which are `where.key`; its other lines stay."""
    yaml = YAML(typ="rt")
    content = yaml.load((folder / file).read_text(encoding="utf-8"))
    for key in keys:
        where, _, name = key.rpartition(".")
        del (content[where] if where else content)[name]
    with (folder / file).open("w", encoding="utf-8") as out:
        yaml.dump(content, out)


OLDER = {
    "lifecycle.yml": (
        "actions.unheard",
        "actions.close_unheard",
        "limits.split_times",
        "refusals.batas_kali_pisah",
    ),
    "sla.yml": ("deadlines.unreached",),
    "duplicates.yml": ("spot_m", "split_reasons.kata_pelapor"),
}


def test_an_older_citys_files_run_on_with_what_they_cannot_know_yet_as_delivered(folder):
    edit(folder, "lifecycle.yml", "reopen_days: 30", "reopen_days: 60")
    edit(folder, "sla.yml", "verify: {days: 3}", "verify: {days: 2}")
    for file, keys in OLDER.items():
        without(folder, file, *keys)
    found, delivered = load_policies(folder), load_policies()
    assert sorted(found.borrowed) == sorted(f"{file}: {key}" for file, keys in OLDER.items() for key in keys)
    assert (found.lifecycle.limits.reopen_days, found.sla.deadlines["verify"].days) == (60, 2)
    assert found.lifecycle.actions == delivered.lifecycle.actions
    assert found.sla.deadlines["unreached"] == delivered.sla.deadlines["unreached"]
    assert found.duplicates == delivered.duplicates


def test_a_citys_lifecycle_may_say_no_more_than_what_differs(folder):
    (folder / "lifecycle.yml").write_text("limits: {hops: 5}\n", encoding="utf-8")
    found, delivered = load_policies(folder).lifecycle, load_policies().lifecycle
    assert found == replace(delivered, limits=replace(delivered.limits, hops=5))


def test_what_only_the_city_can_know_is_not_filled_in(folder):
    without(folder, "city.yml", "helplines")
    assert any("helpline" in fault.message for fault in faults_of(folder))
