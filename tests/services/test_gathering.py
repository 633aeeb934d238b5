from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.services.talks import gathering
from bot.services.talks.gathering import ALBUM_QUIET, BURST, READING, UNREAD, Haste, Waiting, gather
from dialogs.messages import Attachment, InboundMessage

NOW = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)


def text(row: int, words: str, seconds_ago: float = 0) -> Waiting:
    at = NOW - timedelta(seconds=seconds_ago)
    return Waiting(row, at, InboundMessage("telegram", str(row), "1", at, "text", words))


def photo(row: int, group: str, seconds_ago: float = 0, caption: str = "") -> Waiting:
    at = NOW - timedelta(seconds=seconds_ago)
    file = Attachment("photo", f"f{row}", media_id=f"m{row}")
    return Waiting(
        row,
        at,
        InboundMessage("telegram", str(row), "1", at, "media", caption, attachments=(file,), group=group),
    )


def test_one_message_is_one_turn():
    assert gather([text(1, "halo"), text(2, "lagi")], NOW).rows == (1,)


def test_an_album_waits_until_no_photo_followed_for_a_while():
    fresh = [photo(1, "a", 2), photo(2, "a", 0.1)]
    assert gather(fresh, NOW).wait == ALBUM_QUIET - timedelta(seconds=0.1)
    whole = [photo(1, "a", 2), photo(2, "a", 1, caption="bolong"), photo(3, "a", 0.81)]
    gathered = gather(whole, NOW)
    assert not gathered.wait
    assert gathered.rows == (1, 2, 3)
    assert [file.media_id for file in gathered.message.attachments] == ["m1", "m2", "m3"]
    assert gathered.message.text == "bolong"


def test_an_album_looked_at_late_is_waited_for_longer_for_its_photos_may_be_late_too():
    seconds = {0.8: 0, 0.84: 0, 0.9: 1.5, 2: 0.4, 2.5: 0, 3600: 0}
    waits = {since: gather([photo(1, "a", 3600), photo(2, "a", since)], NOW).wait for since in seconds}
    assert waits == {since: timedelta(seconds=more) for since, more in seconds.items()}


def test_words_sent_while_an_album_arrives_stay_for_the_next_turn():
    waiting = [photo(1, "a", 3), text(2, "ini fotonya"), photo(3, "a", 2)]
    assert gather(waiting, NOW).rows == (1, 3)


@pytest.mark.parametrize("kind", ["too_large", "edited"])
@pytest.mark.parametrize("odd", [0, 1, 2])
def test_what_of_an_album_is_no_new_photo_is_answered_by_itself(kind: str, odd: int):
    album = [photo(row, "a", 3) for row in range(3)]
    album[odd] = replace(album[odd], message=replace(album[odd].message, kind=kind))
    others = tuple({0, 1, 2} - {odd})
    first = gather(album, NOW)
    assert first.rows == ((0,) if odd == 0 else others)
    assert first.message.kind == (kind if odd == 0 else "media")
    rest = gather([one for one in album if one.row not in first.rows], NOW)
    assert {first.rows, rest.rows} == {(odd,), others}


def test_two_albums_are_two_turns():
    assert gather([photo(1, "a", 3), photo(2, "b", 3)], NOW).rows == (1,)


@pytest.mark.parametrize("count", [2, BURST - 1])
def test_a_few_quick_texts_are_turns_of_their_own(count: int):
    assert gather([text(n, f"pesan {n}") for n in range(count)], NOW).rows == (0,)


def test_a_burst_is_read_as_one_message_and_repeats_count_once():
    burst = [text(n, "tolong" if n % 2 else f"jalan rusak {n}") for n in range(40)]
    gathered = gather(burst, NOW)
    assert gathered.rows == tuple(range(40))
    assert gathered.message.text.count("tolong") == 1
    assert "jalan rusak 38" in gathered.message.text


def test_a_command_ends_a_burst():
    burst = [text(n, f"pesan {n}") for n in range(10)]
    burst[7] = text(7, "/batal")
    assert gather(burst, NOW).rows == tuple(range(7))


@given(
    st.lists(
        st.one_of(
            st.tuples(st.just("text"), st.text(max_size=20)),
            st.tuples(st.just("photo"), st.sampled_from(["", "a", "b"])),
        ),
        min_size=1,
        max_size=30,
    )
)
def test_taking_turns_until_nothing_waits_answers_each_message_once(kinds: list[tuple[str, str]]):
    waiting = [
        text(row, value, 5) if kind == "text" else photo(row, value, 5)
        for row, (kind, value) in enumerate(kinds)
    ]
    answered: list[int] = []
    while waiting:
        rows = gather(waiting, NOW).rows
        assert rows[0] == waiting[0].row, "the oldest goes first"
        answered += rows
        waiting = [one for one in waiting if one.row not in rows]
    assert sorted(answered) == list(range(len(kinds)))


def noted(haste: Haste, person: str, seconds: float) -> None:
    haste.note(("telegram", person), "utter_ulang", NOW + timedelta(seconds=seconds))


def test_who_writes_on_without_reading_is_hasty_for_seconds():
    haste, ani = Haste(), ("telegram", "ani")
    for number in range(UNREAD + 1):
        assert not haste.hasty(ani, NOW + timedelta(seconds=number))
        noted(haste, "ani", number)
    last = NOW + timedelta(seconds=UNREAD)
    assert haste.hasty(ani, last)
    assert not haste.hasty(ani, last + READING)


def test_whose_pace_says_nothing_any_more_is_forgotten():
    haste = Haste()
    for number in range(50):
        noted(haste, f"warga {number}", number)
    assert len(haste._seen) <= READING.total_seconds() + 1


def test_only_so_many_are_known_by_their_pace(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(gathering, "REMEMBERED", 5)
    haste = Haste()
    for number in range(50):
        noted(haste, f"warga {number}", 0)
    assert len(haste._seen) == 5
