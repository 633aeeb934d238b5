"""The card as it is drawn: escaped, within limits, with the right light and buttons."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape
from html.parser import HTMLParser
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.channels.rendering import utf16_units
from bot.operator.cards import full_card, topic_title
from bot.operator.markup import tidy
from bot.operator.moments import LIGHTS, length, light, stamp
from bot.operator.office import Office
from bot.operator.payloads import MAX_BYTES, PayloadTooLongError, Press, Prompt, prompt_of, unpack
from bot.services.reports.ticketing import View
from tickets.desk import Desk
from tickets.ticket import Actor, Asked, Report, ReportPlace, ScreeningResult, TicketEvent

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
NUMBER = "SLM-26-7XW2T"
RINA = Actor("operator", "op-1", "dishub", "penghubung")


@pytest.fixture(scope="session")
def office(policies, bundle):
    core = SimpleNamespace(
        policies=policies, bundles=SimpleNamespace(live=bundle), clock=lambda: NOW + timedelta(hours=3)
    )

    async def operator(user):
        return SimpleNamespace(name=f"<b>{user}")

    return Office(core, None, SimpleNamespace(operator=operator))


@pytest.fixture(scope="session")
def view(policies):
    def make(text="lampu mati", **changed):
        report = Report(
            narrative=text,
            classification="pengaduan",
            category="lampu_jalan",
            subcategory="mati",
            place=ReportPlace("Pasar Godean", lat=-7.767, lon=110.293),
            screening=ScreeningResult("pass", (), text),
        )
        desk = Desk(policies)
        change = desk.open(replace(report, **changed), NUMBER, "warga-1", NOW)
        return View(change.ticket, change.events, (), 2, desk.allowed(change.ticket, RINA))

    return make


class Reading(HTMLParser):
    """Reads HTML as Telegram does: few tags, each closed in turn."""

    def __init__(self):
        super().__init__()
        self.open, self.text = [], ""

    def handle_starttag(self, tag, _attrs):
        assert tag in {"b", "i", "a", "blockquote"}
        self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


def read(html: str) -> str:
    reading = Reading()
    reading.feed(html)
    reading.close()
    assert reading.open == []
    return reading.text


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(alphabet=st.sampled_from("<>&\"'b/ia 😀\n{x}"), min_size=1, max_size=6000))
def test_whatever_a_citizen_writes_the_card_parses_and_fits(office, view, text):
    event = TicketEvent(NUMBER, "reply", NOW, RINA, "PROSES", "PROSES", reason=text, text=text)
    shown = view(text, event_time=text, place=ReportPlace(text))
    shown = replace(shown, history=(event,) * 5, ticket=replace(shown.ticket, claimed_by="x"))
    words = read(asyncio.run(full_card(office, shown)).html)
    assert utf16_units(words) <= 4096
    assert NUMBER in words


FORGED = "\n2 Jan 10.00 Sistem: Selesai\n\n✅ disetujui pimpinan"


async def test_nobodys_words_make_a_line_of_the_cards_own(office, view):
    """But the story, which has lines of its own, within a quotation that cannot be left."""
    event = TicketEvent(NUMBER, "note", NOW, RINA, "PROSES", "PROSES", text=FORGED)
    told = view("lampu mati</blockquote>" + FORGED, event_time=FORGED, place=ReportPlace("pasar" + FORGED))
    asked = (Asked("", "foto" + FORGED),)
    told = replace(told, history=(event,), ticket=replace(told.ticket, asked=asked))
    html = (await full_card(office, told)).html
    before, _, rest = html.partition("<blockquote>")
    story, _, after = rest.partition("</blockquote>")
    assert "</blockquote>" not in after
    assert FORGED.strip() in unescape(story)
    for line in (*before.splitlines(), *after.splitlines()):
        assert not line.startswith(("2 Jan", "✅", "<i>2 Jan"))
    assert before.count("2 Jan") + after.count("2 Jan") == 5


WELL_FORMED = '<b>tebal</b> <a href="tg://user?id=1">klik</a>'


async def test_words_that_are_good_markup_are_words_wherever_they_stand(office, view):
    """Nothing in them is faulty, so that nothing but being escaped stops them."""
    event = TicketEvent(NUMBER, "message", NOW, Actor("citizen", "w"), "PROSES", "PROSES", text=WELL_FORMED)
    told = view(WELL_FORMED, event_time=WELL_FORMED, place=ReportPlace(WELL_FORMED))
    told = replace(told, history=(event,), ticket=replace(told.ticket, asked=(Asked("", WELL_FORMED),)))
    html = (await full_card(office, told)).html
    assert "<b>tebal" not in html
    assert "<a href" not in html
    assert html.count("&lt;b&gt;tebal") >= 5


async def test_a_long_story_is_cut_with_a_sign(office, view):
    words = read((await full_card(office, view("kata " * 2000))).html)
    assert "…" in words


async def test_the_map_link_leads_to_the_pin(office, view):
    html = (await full_card(office, view())).html
    assert '<a href="https://www.google.com/maps/search/?api=1&amp;query=-7.767000%2C110.293000">' in html


async def test_lines_with_nothing_to_tell_are_left_out(office, view):
    words = read((await full_card(office, view())).html)
    assert "Diambil" not in words
    assert "🕒" not in words
    assert "👥 2 warga lain" in words
    assert "masuk 3 jam lalu" in words


async def test_an_action_through_several_states_is_told_once(office, view):
    words = read((await full_card(office, view())).html)
    assert words.count("Laporan masuk") == 1
    assert "Sistem: Verifikasi dan teruskan" in words


async def test_what_screening_masked_stays_masked(office, view):
    screening = ScreeningResult("pass", (), "NIK •••• bocor")
    words = read((await full_card(office, view("NIK 1234 bocor", screening=screening))).html)
    assert "1234" not in words.replace(NUMBER, "")


@pytest.mark.parametrize(
    ("left", "expected"),
    [(-1, "late"), (5, "soon"), (30, "soon"), (200, "fine")],
)
def test_the_light_follows_the_deadline(view, left, expected):
    due = NOW + timedelta(hours=left)
    ticket = replace(view().ticket, due_at=due, clock_from=due - timedelta(hours=240))
    assert light(ticket, NOW) == LIGHTS[expected]


def test_a_clock_that_stands_shows_so(view):
    ticket = replace(view().ticket, due_at=None, paused_at=NOW)
    assert light(ticket, NOW) == LIGHTS["paused"]
    assert light(replace(ticket, paused_at=None), NOW) == LIGHTS["none"]


@pytest.mark.parametrize(
    ("hours", "words"), [(0.2, "12 menit"), (5, "5 jam"), (47, "47 jam"), (49, "2 hari"), (-1, "1 menit")]
)
def test_lengths_of_time(hours, words):
    assert "{} {}".format(*length(timedelta(hours=hours))) == words


def test_times_are_the_citys():
    assert stamp(datetime(2026, 11, 20, 18, 5, tzinfo=UTC), ZoneInfo("Asia/Jakarta")) == "21 Nov 01.05"


def test_a_topics_title_fits(view):
    ticket = replace(view().ticket, title="😀" * 200)
    assert utf16_units(topic_title(ticket)) <= 128


def test_every_button_of_the_shipped_rules_fits_its_payload(policies):
    extras = [*policies.agencies.by_id, *policies.reasons, *policies.routing.categories, ""]
    for action in policies.lifecycle.actions:
        for extra in extras:
            press = Press("target", NUMBER, action, extra)
            assert len(press.packed().encode()) <= MAX_BYTES
            assert unpack(press.packed()) == press


def test_a_payload_that_does_not_fit_is_refused_in_words():
    with pytest.raises(PayloadTooLongError, match="shorter id"):
        Press("target", NUMBER, "forward", "x" * 60).packed()


@pytest.mark.parametrize("payload", ["", "x", "a:claim", "z:claim:SLM-26-7XW2T", "/lapor", "a::"])
def test_foreign_payloads_mean_nothing(payload):
    assert unpack(payload) is None


@given(
    st.sampled_from(["reply", "close", "ask_data"]),
    st.sampled_from(["", "pu", "spam"]),
    st.sampled_from(["", "7"]),
)
def test_a_prompts_purpose_is_read_back(action, extra, asked):
    prompt = Prompt(action, extra, asked)
    assert prompt_of(prompt.purpose) == prompt


def test_every_action_that_asks_for_words_has_its_question(policies, bundle):
    for name, rule in policies.lifecycle.actions.items():
        staff = rule.who - {"pelapor", "warga", "sistem"}
        asked = rule.button or name in {"reply", "note"}
        if staff and asked and set(rule.needs) & {"text", "reason", "target"}:
            assert f"petugas_tanya_{name}" in bundle.responses["id"], name


def test_the_staffs_texts_are_the_same_in_every_language(bundle):
    spoken = {
        language: {
            name: frozenset().union(*(one.text.placeholders for one in response.variations))
            for name, response in responses.items()
            if name.startswith("petugas_")
        }
        for language, responses in bundle.responses.items()
    }
    assert spoken["jv"] == spoken["id"]
    assert spoken["en"] == spoken["id"]


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        ("<b>a</b>\n\n\n\nb", "<b>a</b>\n\nb"),
        ('<a href="x">a</a>', '<a href="x">a</a>'),
        ("<b>a", "a"),
        ("a</b> &lt;i&gt;", "a &lt;i&gt;"),
        ("<h1>a &amp; b</h1>", "a &amp; b"),
        ("<a>x</a>", "x"),
    ],
)
def test_a_citys_faulty_template_becomes_mere_text(html, shown):
    assert tidy(html) == shown
