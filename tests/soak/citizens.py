"""What citizens of the soak do: report in many ways, change their minds, fall silent, swear, ask."""

import asyncio
import random
import re
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field

from benchmarks.conversation import Case
from tests.soak.mouths import BOT, Heard, Mouth, SilentError, Telegram, picture

NUMBER = re.compile(r"\b[A-Z]{2,5}-\d\d-[0-9A-Z]{4,8}\b")
RECEIPT = "Nomor laporan"
SENT = (RECEIPT, "sudah sampai, nomornya", "sudah terkirim dengan nomor")
"""How a citizen is told that the report was taken: by the receipt, or when a button is pressed again."""
PATIENCE = 280.0
"""Seconds; a kill costs a start of the program, a failed sending its growing pauses."""
MOST_STEPS = 24
ONWARD = ("Setuju", "Tetap lapor", "Bukan, lanjut", "Lewati", "Betul", "Kirim")
RUDE = ("goblok kabeh", "bot tolol, percuma lapor", "asu", "anjing kerjanya apa aja sih dinas")
QUESTIONS = (
    "gimana caranya lapor?",
    "laporan saya sampai mana ya",
    "SLM-26-00000",
    "bikin ktp syaratnya apa",
    "ini bot apa orang?",
    "maturnuwun",
    "👍",
)
SHOWN = frozenset({"voice", "video"})
TWO_MATTERS = "{story}. terus sampah di depan SMP Condongcatur juga numpuk dari kemarin, bau sekali"


@dataclass(frozen=True, slots=True)
class Way:
    """How one citizen reports."""

    photos: int = 0
    as_file: bool = False
    pin: bool = True
    burst: bool = False
    corrects: bool = False
    stops_at: int = 0
    cancels_at: int = 0


@dataclass(slots=True)
class Diary:
    """What a citizen did, to be held against what was kept."""

    mouth: Mouth
    kind: str
    photos: int = 0
    number: str = ""
    turns: int = 0
    fault: str = ""
    corrected: bool = False
    pinned: bool = False
    trail: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Crowd:
    """Everybody who came; one after the other they begin, side by side they talk."""

    chance: random.Random
    cases: Iterator[Case]
    diaries: list[Diary] = field(default_factory=list)

    async def live(self, kind: str, mouth: Mouth) -> None:
        """One citizen's visit; what goes wrong is written into the diary."""
        diary = Diary(mouth, kind)
        self.diaries.append(diary)
        try:
            await KINDS[kind](self, diary)
        except SilentError as silence:
            diary.fault = f"no answer: {silence}"
        except Exception as problem:  # noqa: BLE001 whatever it is, this visit proves nothing
            diary.fault = f"stumbled: {problem!r}"
        finally:
            if not isinstance(mouth, Telegram):
                await mouth.close()

    async def think(self) -> None:
        """Take a moment, as people do."""
        await asyncio.sleep(self.chance.uniform(0.2, 2.0))

    async def hear(self, diary: Diary, fits: Callable[[Heard], bool]) -> Heard:
        """The next word of the bot that fits; a turn is counted."""
        found = await diary.mouth.hear(fits, PATIENCE)
        diary.turns += 1
        diary.trail.append(f"{found.text[:60]} {list(found.labels)}")
        return found


async def _tell(crowd: Crowd, diary: Diary, story: str, *, burst: bool) -> None:
    words = story.split(" ")
    third = max(1, len(words) // 3)
    parts = (words[:third], words[third : 2 * third], words[2 * third :]) if burst else (words,)
    for part in parts:
        await diary.mouth.say(" ".join(part))


async def _report(crowd: Crowd, diary: Diary, way: Way, story: str = "") -> None:
    case = next(crowd.cases)
    await _tell(crowd, diary, story.format(story=case.story) or case.story, burst=way.burst)
    for step in range(1, MOST_STEPS):
        heard = await crowd.hear(diary, _moves)
        if _taken(heard):
            found = NUMBER.search(heard.text)
            diary.number = found[0] if found else ""
            return
        if step == way.stops_at:
            return
        await crowd.think()
        if step == way.cancels_at:
            await _cancel(crowd, diary)
            return
        await _answer(crowd, diary, way, (heard, case))
    diary.fault = f"was led nowhere: {diary.trail[:6]}"


def _moves(heard: Heard) -> bool:
    """Whether it asks for something, or is the receipt."""
    return bool(heard.labels) or _taken(heard) or _asks_place(heard)


def _taken(heard: Heard) -> bool:
    return any(said in heard.text for said in SENT)


def _asks_place(heard: Heard) -> bool:
    return "di mana" in heard.text.lower() or "lokasi" in heard.text.lower()


async def _answer(crowd: Crowd, diary: Diary, way: Way, asked: tuple[Heard, Case]) -> None:
    heard, case = asked
    labels, mouth = heard.labels, diary.mouth
    if "ceritakan" in heard.text.lower() and not labels:
        await mouth.say(case.story)
    elif "Lokasi lain" in labels and way.pin and not diary.pinned:
        await mouth.press("Lokasi lain")
    elif not labels or ("Setuju" not in labels and _asks_place(heard) and "Betul" not in labels):
        diary.pinned = True
        await mouth.pin(case.lat, case.lon)
    elif "Lewati" in labels and diary.photos < way.photos:
        diary.photos += way.photos
        await mouth.photos([picture(crowd.chance) for _ in range(way.photos)], as_file=way.as_file)
    elif "Kirim" in labels and way.corrects and not diary.corrected:
        diary.corrected = True
        await mouth.say("eh salah, sudah dua minggu, bukan seminggu")
    else:
        await mouth.press(next((one for one in ONWARD if one in labels), labels[0]))


async def _cancel(crowd: Crowd, diary: Diary) -> None:
    await diary.mouth.say("batal")
    heard = await crowd.hear(diary, lambda _: True)
    if heard.labels:
        await diary.mouth.press(heard.labels[0])
        await crowd.hear(diary, lambda _: True)


def _reports(**how: object) -> Callable[[Crowd, Diary], Awaitable[None]]:
    async def visit(crowd: Crowd, diary: Diary) -> None:
        await _report(crowd, diary, Way(**how))  # type: ignore[arg-type]
        if diary.number:
            await crowd.think()
            await diary.mouth.say(diary.number)
            await crowd.hear(diary, lambda heard: diary.number in heard.text)

    return visit


async def _two_matters(crowd: Crowd, diary: Diary) -> None:
    await _report(crowd, diary, Way(), TWO_MATTERS)


def _says(phrases: tuple[str, ...]) -> Callable[[Crowd, Diary], Awaitable[None]]:
    async def visit(crowd: Crowd, diary: Diary) -> None:
        for phrase in crowd.chance.sample(phrases, 2):
            await diary.mouth.say(phrase)
            await crowd.hear(diary, lambda _: True)
            await crowd.think()

    return visit


async def _speaks(crowd: Crowd, diary: Diary) -> None:
    """A voice note, a sticker or a film first; then words."""
    assert isinstance(diary.mouth, Telegram)
    kind = crowd.chance.choice(("voice", "sticker", "video", "contact"))
    diary.photos = int(kind in SHOWN)  # what shows something goes into the report that follows
    await diary.mouth.user.send_sample(BOT, kind)
    await crowd.hear(diary, lambda _: True)
    await crowd.think()
    await _report(crowd, diary, Way(pin=False))


async def _edits(crowd: Crowd, diary: Diary) -> None:
    """Changes the first message after the report was taken."""
    assert isinstance(diary.mouth, Telegram)
    await _report(crowd, diary, Way())
    own = [one for one in diary.mouth.user.messages if one["from"]["id"] == diary.mouth.user.id]
    await diary.mouth.user.edit(own[0], f"{own[0].text}, tolong segera")
    await crowd.hear(diary, lambda _: True)


async def _blocks(crowd: Crowd, diary: Diary) -> None:
    """Blocks the bot once the report was taken: what the agency answers cannot be delivered."""
    assert isinstance(diary.mouth, Telegram)
    await _report(crowd, diary, Way())
    await diary.mouth.user.block(BOT)


KINDS: dict[str, Callable[[Crowd, Diary], Awaitable[None]]] = {
    "photos": _reports(photos=3),
    "one photo": _reports(photos=1),
    "a file": _reports(photos=1, as_file=True),
    "plain": _reports(pin=False),
    "burst": _reports(burst=True),
    "corrects": _reports(corrects=True, photos=2),
    "silent": _reports(stops_at=2),
    "silent later": _reports(stops_at=4),
    "cancels": _reports(cancels_at=3),
    "two matters": _two_matters,
    "rude": _says(RUDE),
    "asks": _says(QUESTIONS),
    "speaks": _speaks,
    "edits": _edits,
    "blocks": _blocks,
}
ON_TELEGRAM_ONLY = frozenset({"a file", "speaks", "edits", "blocks"})
WEIGHTS = {
    "photos": 24,
    "one photo": 10,
    "plain": 12,
    "burst": 10,
    "corrects": 8,
    "silent": 6,
    "silent later": 4,
}
OTHERS = 4
"""How often each kind comes that has no weight of its own."""
