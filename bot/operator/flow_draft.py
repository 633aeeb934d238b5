"""An admin's draft in the chat: looked at, tried, published, renewed, thrown away; and the way back."""

from collections.abc import Awaitable, Callable, Mapping

from bot.operator.flow_views import Views, button, token, version_of
from bot.operator.office import Office
from bot.operator.payloads import Press
from bot.operator.reading import Words
from bot.operator.seat import Seat
from bot.services.flows import trying
from bot.services.flows.drafting import Drafting, Editor
from bot.services.flows.publishing import (
    AlreadyLiveError,
    OutdatedBaseError,
    Publishing,
    Signed,
    UnknownBundleError,
)
from dialogs.bundle import read_bundle
from dialogs.faults import FlowFaults
from dialogs.merging import MergeConflictError
from dialogs.messages import Button, OutboundMessage
from dialogs.trial.script import Move
from storage.publishing import Draft

TRIAL = "petugas_alur_coba"
LAST_WORD = "selesai"

Verb = Callable[[Seat, Press], Awaitable[str]]


class DraftDesk:
    """What can be done with a draft; each verb gives the words for a button's toast, if any."""

    def __init__(self, office: Office, publishing: Publishing, drafting: Drafting) -> None:
        self._office = office
        self._publishing = publishing
        self._drafting = drafting
        self._views = Views(office)
        self.verbs: Mapping[str, Verb] = {
            "review": self._review,
            "lines": self._lines,
            "discard": self._discard,
            "try": self._try,
            "say": self._press_in_trial,
            "publish": self._publish,
            "renew": self._renew,
            "rollback": self._rollback,
            "history": self._history,
        }

    async def _review(self, seat: Seat, _pressed: Press) -> str:
        draft = await self._drafting.of(editor_of(seat))
        if draft is None:
            return self._office.text("petugas_alur_tanpa_draf")
        await self.show(seat, draft)
        return ""

    async def show(self, seat: Seat, draft: Draft) -> None:
        """Show a draft with its faults, or with what may be done."""
        await self._office.say(seat, self._views.review(await self._drafting.review(draft)))

    async def _lines(self, seat: Seat, _pressed: Press) -> str:
        draft = await self._drafting.of(editor_of(seat))
        if draft is None:
            return self._office.text("petugas_alur_tanpa_draf")
        return await self._said(seat, self._views.lines((await self._drafting.review(draft)).difference))

    async def _shown(self, seat: Seat, pressed: Press) -> Draft | None:
        """The draft, when it is still what the button was shown for; else it is shown as it is now."""
        draft = await self._drafting.of(editor_of(seat))
        if draft is not None and version_of(draft.sources) != pressed.extra:
            await self.show(seat, draft)
            return None
        if draft is None:
            await self._office.answer(seat, "petugas_alur_tanpa_draf")
        return draft

    async def _discard(self, seat: Seat, pressed: Press) -> str:
        draft = await self._shown(seat, pressed)
        if draft is None:
            return ""
        await self._drafting.discard(draft, editor_of(seat))
        return await self._told(seat, "petugas_alur_dibuang")

    async def _publish(self, seat: Seat, pressed: Press) -> str:
        draft = await self._shown(seat, pressed)
        if draft is None:
            return ""
        try:
            publication = await self._drafting.publish(draft, editor_of(seat))
        except (OutdatedBaseError, FlowFaults):
            await self.show(seat, draft)
            return ""
        except AlreadyLiveError:
            return await self._told(seat, "petugas_alur_sama")
        return await self._said(seat, self._views.published(publication))

    async def _renew(self, seat: Seat, pressed: Press) -> str:
        draft = await self._shown(seat, pressed)
        if draft is None:
            return ""
        try:
            renewed = await self._drafting.renew(draft, editor_of(seat))
        except MergeConflictError as error:
            return await self._told(seat, "petugas_alur_bentrok", {"daftar": ", ".join(error.files)})
        await self.show(seat, renewed)
        return ""

    async def _rollback(self, seat: Seat, pressed: Press) -> str:
        """Back to what was live before the publication the button was shown for."""
        if not self._publishing.live.hash.startswith(pressed.extra):
            return await self._history(seat, pressed)
        try:
            done = await self._publishing.rollback(Signed(editor_of(seat).name))
        except UnknownBundleError:
            return self._office.text("petugas_alur_pertama")
        return await self._said(seat, self._views.published(done.publication))

    async def _history(self, seat: Seat, _pressed: Press) -> str:
        return await self._said(seat, self._views.history(await self._publishing.history(10)))

    async def _try(self, seat: Seat, pressed: Press) -> str:
        """Play the written conversations on the draft, then let the admin be the citizen."""
        draft = await self._shown(seat, pressed)
        if draft is None:
            return ""
        outcomes = await trying.tests(self._office.core, read_bundle(draft.sources)[0])
        failed = [one for one in outcomes if one.difference]
        values = {
            "jumlah": str(len(outcomes)),
            "baik": str(len(outcomes) - len(failed)),
            "beda": ", ".join(one.case.name for one in failed[:5]),
        }
        await self._drafting.try_on(draft, {})
        return await self._told(seat, "petugas_alur_uji", values)

    async def heard(self, seat: Seat, words: Words) -> bool:
        """Take words for a trial; false when none is going on."""
        draft = await self._drafting.of(editor_of(seat))
        if draft is None or draft.trial is None or not words.text:
            return False
        if words.text.strip().casefold() == LAST_WORD:
            await self._drafting.try_on(draft, None)
            await self.show(seat, draft)
        else:
            await self._move(seat, draft, Move(text=words.text))
        return True

    async def _press_in_trial(self, seat: Seat, pressed: Press) -> str:
        draft = await self._drafting.of(editor_of(seat))
        shown = draft.trial["conversation"]["choices"] if draft and draft.trial else []
        found = [one["payload"] for one in shown if token(one["payload"]) == pressed.number]
        if draft is None or not found:
            return self._office.text("petugas_tombol_lama")
        await self._move(seat, draft, Move(button=found[0]))
        return ""

    async def _move(self, seat: Seat, draft: Draft, move: Move) -> None:
        bundle = read_bundle(draft.sources)[0]
        answer = await trying.say(self._office.core, bundle, draft.trial or None, move)
        await self._drafting.try_on(draft, answer.state)
        await self._office.say(seat, *(_tried(one) for one in answer.said))

    async def _said(self, seat: Seat, message: OutboundMessage) -> str:
        await self._office.say(seat, message)
        return ""

    async def _told(self, seat: Seat, name: str, values: Mapping[str, str] | None = None) -> str:
        await self._office.answer(seat, name, values)
        return ""


def editor_of(seat: Seat) -> Editor:
    """Who changes, from where they sit."""
    return Editor(seat.user, seat.operator.name if seat.operator else seat.name)


def _tried(message: OutboundMessage) -> OutboundMessage:
    """What the draft said, marked as a trial; its buttons answer the trial."""
    rows = tuple(tuple(_in_trial(each) for each in row) for row in message.buttons)
    return OutboundMessage(f"🧪 {message.text}", rows, response=TRIAL)


def _in_trial(each: Button) -> Button:
    return each if each.url else button(each.label, "say", token(each.payload))
