"""Times read out in the reader's language, whatever language they were told in."""

import pytest

from dialogs.display import show
from dialogs.loader import load_bundle
from nlu.interpreter import Interpreter


@pytest.fixture(scope="module")
def bundle():
    return load_bundle()


@pytest.mark.parametrize(
    ("kept", "jv", "en"),
    [
        ("kemarin", "kala wingi", "yesterday"),
        ("kemarin sore", "kala wingi sonten", "yesterday afternoon"),
        ("sejak kemarin", "wiwit kala wingi", "since yesterday"),
        ("tadi pagi", "wau enjing", "this morning"),
        ("minggu lalu", "minggu kepengker", "last week"),
        ("sejak 3 hari", "wiwit 3 dinten", "for 3 days"),
        ("3 jam lalu", "3 jam kepengker", "3 hours ago"),
        ("jam 7.30 pagi", "tabuh 7.30 enjing", "at 7.30 morning"),
        ("Jumat malam", "Jumat dalu", "Friday evening"),
        ("Minggu", "Ahad", "Sunday"),
        ("setiap malam", "saben dalu", "every evening"),
        ("sejak berbulan-bulan", "wiwit pinten-pinten wulan", "for months"),
        ("2026-11-20", "Jumat, 20 November 2026", "Friday, 20 November 2026"),
        ("pas udan gedhe", "pas udan gedhe", "pas udan gedhe"),
    ],
)
def test_a_time_is_read_out_in_the_readers_language(bundle, kept, jv, en):
    told = {"waktu": kept}
    assert (show("waktu", told, bundle, "jv"), show("waktu", told, bundle, "en")) == (jv, en)


def test_a_javanese_reading_is_read_out_in_javanese(bundle):
    told = Interpreter.load().interpret("lampune mati wiwit wingi bengi").entity("time")
    assert told is not None
    assert show("waktu", {"waktu": told.value}, bundle, "jv") == "wiwit kala wingi dalu"
    assert show("waktu", {"waktu": told.value}, bundle, "id") == told.value
