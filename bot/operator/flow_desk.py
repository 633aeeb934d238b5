"""An admin changes the dialog from inside the chat: looks, writes, tries, publishes, goes back."""

from collections.abc import Mapping

from bot.operator.flow_draft import DraftDesk, Verb, editor_of
from bot.operator.flow_files import Papers, path_for
from bot.operator.flow_views import NONE, Views, named
from bot.operator.office import Office
from bot.operator.payloads import Press, Prompt, prompt_of
from bot.operator.reading import Words
from bot.operator.seat import Seat
from bot.services.flows.drafting import Drafting, Editor
from bot.services.flows.publishing import Publishing
from dialogs.editing import CannotEditError, Spot, words_at
from dialogs.messages import OutboundMessage
from storage.publishing import StaleDraftError

ASKING = "alur"
MAX_FILE = 1_000_000  # bytes
SHOWN_OF_A_TEXT = 1_500


class FlowDesk:
    """The dialog's door in the operators' bot, for admins in their own chat with it."""

    def __init__(self, office: Office) -> None:
        core = office.core
        self._office = office
        self._views = Views(office)
        self._publishing = Publishing(core.database, core.bundles, core.clock)
        self._drafting = Drafting(core.database, self._publishing, core.clock)
        self._drafts = DraftDesk(office, self._publishing, self._drafting)
        self._verbs: Mapping[str, Verb] = {
            "list": self._list,
            "open": self._open,
            "text": self._text,
            "ask": self._ask,
            **self._drafts.verbs,
        }

    async def show(self, seat: Seat) -> None:
        """Answer /alur."""
        if not await self._refused(seat):
            await self._list(seat, Press("flow", NONE, "list"))

    async def press(self, seat: Seat, pressed: Press, papers: Papers) -> str:
        """Do what a button means; the words for the toast, empty when a message answers."""
        if not is_admin(seat):
            return self._office.text("petugas_alur_hanya_admin")
        try:
            if pressed.action == "file":
                return await self._hand_out(seat, pressed, papers)
            verb = self._verbs.get(pressed.action)
            return await verb(seat, pressed) if verb else self._office.text("petugas_tombol_lama")
        except StaleDraftError:
            return self._office.text("petugas_alur_berubah")

    async def heard(self, seat: Seat, words: Words, papers: Papers) -> bool:
        """Take a message that is for the dialog: new words, a file, a word in a trial; false for others."""
        about = await self._office.roster.about(seat.chat, seat.reply_to) if seat.reply_to else None
        asked = prompt_of(about.purpose) if about else None
        try:
            if asked is not None and asked.action == ASKING:
                if not await self._refused(seat):
                    await self._take_words(seat, asked, words.text)
                return True
            return is_admin(seat) and about is None and await self._take(seat, words, papers)
        except StaleDraftError:
            await self._office.answer(seat, "petugas_alur_berubah")
            return True

    async def _take(self, seat: Seat, words: Words, papers: Papers) -> bool:
        if any(file.name.endswith((".yml", ".yaml")) for file in words.files):
            await self._take_file(seat, words, papers)
            return True
        return await self._drafts.heard(seat, words)

    async def _refused(self, seat: Seat) -> bool:
        if is_admin(seat):
            return False
        name = "petugas_alur_hanya_admin" if seat.private or seat.operator is None else "petugas_alur_pribadi"
        await self._office.answer(seat, name)
        return True

    async def _list(self, seat: Seat, pressed: Press) -> str:
        editor = editor_of(seat)
        bundle, draft = await self._drafting.bundle(editor), await self._drafting.of(editor)
        view = self._views.overview(
            bundle, await self._facts(editor), _page(pressed), draft=draft is not None
        )
        return await self._said(seat, view)

    async def _facts(self, editor: Editor) -> dict[str, str]:
        """What is live, by whom, and who else is at work."""
        entries = await self._publishing.history(1000)
        live = next((one for one in entries if one.kind != "offered"), None)
        facts = {"lain": ", ".join(one.changed_by for one in await self._drafting.others(editor))}
        if live:
            facts |= {"versi": live.hash[:10], "oleh": live.author, "kapan": self._office.day(live.at)}
        if entries and entries[0].kind == "offered":
            facts["tawaran"] = entries[0].hash[:10]
        return {"versi": "", "oleh": "", "kapan": "", "tawaran": "", **facts}

    async def _open(self, seat: Seat, pressed: Press) -> str:
        bundle = await self._drafting.bundle(editor_of(seat))
        name = named(bundle.flows, pressed.number)
        if not name:
            return self._office.text("petugas_tombol_lama")
        return await self._said(seat, self._views.flow(bundle, bundle.flows[name], _page(pressed)))

    async def _text(self, seat: Seat, pressed: Press) -> str:
        bundle = await self._drafting.bundle(editor_of(seat))
        name = named(bundle.responses["id"], pressed.number)
        if not name:
            return self._office.text("petugas_tombol_lama")
        return await self._said(seat, self._views.text(bundle, name))

    async def _ask(self, seat: Seat, pressed: Press) -> str:
        """Ask for the new words; the question is kept, so the answer is understood after a restart."""
        try:
            spot = await self._spot(seat, pressed.number, pressed.extra)
            standing = words_at(await self._drafting.bundle(editor_of(seat)), spot)
        except CannotEditError:
            return self._office.text("petugas_tombol_lama")
        values = {
            "nama": await self._office.name_of(seat.user),
            "tempat": f"{spot.name} ({spot.language})",
            "teks": standing[:SHOWN_OF_A_TEXT],
        }
        prompt = Prompt(ASKING, f"{pressed.number}.{pressed.extra}", seat.user)
        text = self._office.text("petugas_tanya_alur", values)
        return await self._said(seat, OutboundMessage(text, response=prompt.purpose))

    async def _spot(self, seat: Seat, sign: str, place: str) -> Spot:
        """The spot a button names: the text's token, then language, wording, and maybe a button."""
        name = named((await self._drafting.bundle(editor_of(seat))).responses["id"], sign)
        language, *numbers = place.split(".")
        at = [int(one) for one in numbers if one.isdigit()]
        if not name or not at:
            raise CannotEditError(place)
        return Spot(name, language, at[0], at[1] if len(at) > 1 else None)

    async def _take_words(self, seat: Seat, asked: Prompt, text: str) -> None:
        sign, _, place = asked.extra.partition(".")
        try:
            draft = await self._drafting.say(editor_of(seat), await self._spot(seat, sign, place), text)
        except CannotEditError as error:
            await self._office.answer(seat, "petugas_alur_tak_bisa", {"sebab": str(error)})
        else:
            await self._drafts.show(seat, draft)

    async def _take_file(self, seat: Seat, words: Words, papers: Papers) -> None:
        file = words.files[0]
        sources = (await self._drafting.bundle(editor_of(seat))).sources
        path = path_for(words.text.strip(), file.name, sources)
        if not path:
            known = ", ".join(sorted(one for one in sources if one.endswith(file.name)))
            await self._office.answer(seat, "petugas_alur_letak", {"daftar": known})
            return
        content = await papers.read(file.ref) if file.size <= MAX_FILE else None
        if content is None:
            await self._office.answer(seat, "petugas_alur_bukan_teks")
            return
        await self._drafts.show(seat, await self._drafting.put(editor_of(seat), path, content, path))

    async def _hand_out(self, seat: Seat, pressed: Press, papers: Papers) -> str:
        sources = (await self._drafting.bundle(editor_of(seat))).sources
        path = named(sources, pressed.number)
        if not path:
            return self._office.text("petugas_tombol_lama")
        await papers.send(seat.chat, path, sources[path])
        return await self._told(seat, "petugas_alur_berkas", {"nama": path})

    async def _said(self, seat: Seat, message: OutboundMessage) -> str:
        await self._office.say(seat, message)
        return ""

    async def _told(self, seat: Seat, name: str, values: Mapping[str, str] | None = None) -> str:
        await self._office.answer(seat, name, values)
        return ""


def is_admin(seat: Seat) -> bool:
    """Whether an admin speaks, in their own chat with the bot: the dialog is no talk for groups."""
    held = seat.operator.memberships if seat.operator else ()
    return seat.private and any(one.role == "admin" for one in held)


def _page(pressed: Press) -> int:
    return int(pressed.extra) if pressed.extra.isdigit() else 0
