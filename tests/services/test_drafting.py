"""Drafts: every change kept with its author, nothing overwritten, nothing published that was not meant."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.services.core import Bundles
from bot.services.flows.drafting import Drafting, Editor
from bot.services.flows.publishing import AlreadyLiveError, OutdatedBaseError, Publishing
from dialogs.bundle import Bundle
from dialogs.editing import CannotEditError, Spot
from dialogs.faults import FlowFaults
from dialogs.loader import load_bundle
from dialogs.merging import MergeConflictError
from storage import publishing as store
from storage.doors.database import Database
from storage.publishing import StaleDraftError

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
ANI, BUDI = Editor("1", "Ani"), Editor("2", "Budi")
HELLO = Spot("utter_ada_lagi", "id")


@pytest.fixture(scope="module")
def delivered() -> Bundle:
    return load_bundle()


@pytest.fixture
async def database(database_url: str):
    async with Database(database_url) as database:
        yield database


@pytest.fixture
async def publishing(database: Database, delivered: Bundle) -> Publishing:
    desk = Publishing(database, Bundles(database, delivered), lambda: NOW)
    await desk.begin(delivered)
    return desk


@pytest.fixture
def drafting(database: Database, publishing: Publishing) -> Drafting:
    return Drafting(database, publishing, lambda: NOW)


async def test_a_draft_grows_and_goes_live_with_its_history(
    database: Database, drafting: Drafting, publishing
):
    assert await drafting.of(ANI) is None
    await drafting.say(ANI, HELLO, "Ada lagi?")
    draft = await drafting.say(ANI, replace(HELLO, language="en"), "Anything else?")
    assert draft == await drafting.of(ANI)
    review = await drafting.review(draft)
    assert (review.faults, review.since) == ((), ())
    assert [(one.name, one.language) for one in review.difference.changes] == [
        ("utter_ada_lagi", "id"),
        ("utter_ada_lagi", "en"),
    ]
    published = await drafting.publish(draft, ANI)
    assert (published.author, published.note) == ("Ani", "utter_ada_lagi (id), utter_ada_lagi (en)")
    assert await drafting.of(ANI) is None
    changes = await database.read(lambda c: store.changes_of(c, draft.id))
    assert [(one.author, one.what) for one in changes] == [
        ("Ani", "utter_ada_lagi (id)"),
        ("Ani", "utter_ada_lagi (en)"),
    ]
    assert changes[-1].hash == publishing.live.hash


async def test_everyone_has_a_draft_of_their_own(drafting: Drafting):
    await drafting.say(ANI, HELLO, "Punya Ani")
    await drafting.say(BUDI, HELLO, "Punya Budi")
    assert [one.changed_by for one in await drafting.others(ANI)] == ["Budi"]
    assert (await drafting.bundle(ANI)).hash != (await drafting.bundle(BUDI)).hash


async def test_one_editor_at_two_screens_overwrites_nothing(drafting: Drafting):
    old = await drafting.say(ANI, HELLO, "Satu")
    await drafting.say(ANI, HELLO, "Dua")
    for act in (drafting.discard(old, ANI), drafting.try_on(old, {}), drafting.renew(old, ANI)):
        with pytest.raises(StaleDraftError):
            await act
    assert 'text: "Dua"' in (await drafting.of(ANI)).sources["responses/id.yml"]


async def test_faults_are_reviewed_kept_and_not_published(drafting: Drafting, publishing):
    draft = await drafting.put(ANI, "flows/baru.yml", "flows: [", "flows/baru.yml")
    review = await drafting.review(draft)
    assert review.faults[0].file == "flows/baru.yml"
    assert review.impact.open == 0
    with pytest.raises(FlowFaults):
        await drafting.publish(draft, ANI)
    assert await drafting.of(ANI) == draft
    await drafting.discard(draft, ANI)
    assert await drafting.of(ANI) is None
    assert len(await publishing.history()) == 1


async def test_the_second_is_told_and_can_bring_the_draft_up_to_date(drafting: Drafting, publishing):
    his = await drafting.say(BUDI, replace(HELLO, language="en"), "Punya Budi")
    await drafting.publish(await drafting.say(ANI, HELLO, "Punya Ani"), ANI)
    with pytest.raises(OutdatedBaseError):
        await drafting.publish(his, BUDI)
    review = await drafting.review(his)
    assert [one.author for one in review.since] == ["Ani"]
    assert [one.language for one in review.difference.changes] == ["en"], "his changes, not hers turned back"
    renewed = await drafting.renew(his, BUDI)
    assert (await drafting.review(renewed)).since == ()
    await drafting.publish(renewed, BUDI)
    texts = {
        lang: publishing.live.responses[lang]["utter_ada_lagi"].variations[0].text.source
        for lang in ("id", "en")
    }
    assert texts == {"id": "Punya Ani", "en": "Punya Budi"}


async def test_the_same_line_changed_by_both_stays_as_it_is(drafting: Drafting):
    his = await drafting.say(BUDI, HELLO, "Punya Budi")
    await drafting.publish(await drafting.say(ANI, HELLO, "Punya Ani"), ANI)
    with pytest.raises(MergeConflictError, match=r"responses/id\.yml"):
        await drafting.renew(his, BUDI)
    assert await drafting.of(BUDI) == his


async def test_a_draft_that_says_what_is_live_is_done_with(drafting: Drafting, publishing, delivered: Bundle):
    text = delivered.sources["faq.yml"]
    draft = await drafting.put(ANI, "faq.yml", text, "faq.yml")
    with pytest.raises(AlreadyLiveError):
        await drafting.publish(draft, ANI)
    assert await drafting.of(ANI) is None


async def test_where_a_trial_stands_is_kept_until_the_draft_changes(drafting: Drafting):
    draft = await drafting.say(ANI, HELLO, "Satu")
    await drafting.try_on(draft, {"sent": 2})
    assert (await drafting.of(ANI)).trial == {"sent": 2}
    await drafting.say(ANI, HELLO, "Dua")
    assert (await drafting.of(ANI)).trial is None


async def test_a_spot_there_is_not_begins_no_draft(drafting: Drafting):
    with pytest.raises(CannotEditError):
        await drafting.say(ANI, Spot("utter_hantu", "id"), "halo")
    assert await drafting.of(ANI) is None
