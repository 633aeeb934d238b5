"""Change: a draft of the next dialog, kept with the author of every change until published or thrown away."""

import asyncio
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.services.core import Clock
from bot.services.flows.publishing import AlreadyLiveError, Publishing, Signed
from dialogs.bundle import Bundle, content_hash, read_bundle
from dialogs.check import check
from dialogs.difference import Difference, difference
from dialogs.editing import Spot, rewrite
from dialogs.faults import Fault
from dialogs.impact import Impact
from dialogs.merging import merge
from storage import publishing as store
from storage.doors.database import Connection, Database
from storage.publishing import Draft, DraftChange, DraftState, Publication
from storage.talks import conversations


@dataclass(frozen=True, slots=True)
class Editor:
    """Who changes: an id that lasts, and the name that stands in the history."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Review:
    """A draft looked at: its faults, else what differs from live and what publishing would do.

    `since` are publications by others after the draft was begun: it can be published only once renewed.
    """

    draft: Draft
    faults: tuple[Fault, ...]
    difference: Difference
    impact: Impact
    since: tuple[Publication, ...]


class Drafting:
    """The service behind every door that edits; one open draft for each editor.

    Every change raises `storage.publishing.StaleDraftError` when the draft was changed elsewhere meanwhile.
    """

    def __init__(self, database: Database, publishing: Publishing, clock: Clock) -> None:
        self._database = database
        self._publishing = publishing
        self._clock = clock

    async def of(self, editor: Editor) -> Draft | None:
        """The draft somebody is working on."""
        return await self._database.glance(lambda c: store.open_draft(c, editor.id))

    async def others(self, editor: Editor) -> tuple[Draft, ...]:
        """The drafts others are working on."""
        return await self._database.glance(lambda c: store.others_at_work(c, editor.id))

    async def bundle(self, editor: Editor) -> Bundle:
        """What somebody sees: their draft, as far as it can be read, or what is live."""
        draft = await self.of(editor)
        return read_bundle(draft.sources)[0] if draft else self._publishing.live

    async def put(self, editor: Editor, path: str, text: str, what: str) -> Draft:
        """Give a file of the draft new content; the draft is begun when there is none."""
        live = self._publishing.live
        draft = await self.of(editor)
        fresh = draft is None
        draft = draft or self._new(editor, live)
        changed = self._signed(replace(draft, sources={**draft.sources, path: text}, trial=None), editor)
        change = DraftChange(draft.id, editor.name, self._clock(), what, content_hash(changed.sources))

        def work(connection: Connection) -> None:
            if fresh:
                conversations.keep_bundle(connection, live.hash, dict(live.sources), editor.name, change.at)
                store.begin_draft(connection, draft)
            store.save_draft(connection, changed)
            store.note_changes(connection, [change])

        await self._database.write(work)
        return replace(changed, version=changed.version + 1)

    async def say(self, editor: Editor, spot: Spot, words: str) -> Draft:
        """Give a text or a button's label other words.

        Raises:
            dialogs.editing.CannotEditError: they cannot stand there.
        """
        path, text = rewrite(await self.bundle(editor), spot, words)
        return await self.put(editor, path, text, f"{spot.name} ({spot.language})")

    async def renew(self, draft: Draft, editor: Editor) -> Draft:
        """Put the draft's changes onto what is live now.

        Raises:
            dialogs.merging.MergeConflictError: both changed the same lines; the draft stays as it is.
        """
        base = await self._publishing.named(draft.base)
        live = self._publishing.live
        both = merge(base.sources, draft.sources, live.sources)
        renewed = self._signed(replace(draft, base=live.hash, sources=both, trial=None), editor)
        change = DraftChange(draft.id, editor.name, self._clock(), "renew", content_hash(both))

        def work(connection: Connection) -> None:
            store.save_draft(connection, renewed)
            store.note_changes(connection, [change])

        await self._database.write(work)
        return replace(renewed, version=renewed.version + 1)

    async def review(self, draft: Draft) -> Review:
        """Check, compare and weigh a draft."""
        faults = await asyncio.to_thread(check, draft.sources)
        new, _ = read_bundle(draft.sources)
        live = self._publishing.live
        found = await self._publishing.impact(new) if not faults else Impact()
        since = (
            await self._database.glance(lambda c: store.since(c, draft.base))
            if draft.base != live.hash
            else ()
        )
        base = live if draft.base == live.hash else await self._publishing.named(draft.base)
        return Review(draft, faults, difference(base, new), found, since)

    async def try_on(self, draft: Draft, trial: Mapping[str, Any] | None) -> None:
        """Keep where the trial of a draft stands; None when it is over."""
        now = self._clock()
        await self._database.write(
            lambda c: store.save_draft(c, replace(draft, trial=trial and dict(trial), changed_at=now))
        )

    async def publish(self, draft: Draft, editor: Editor) -> Publication:
        """Make the draft live; the note tells what was changed.

        Raises:
            FlowFaults, OutdatedBaseError: as `Publishing.publish` does; the draft stays open.
            AlreadyLiveError: it says what is live, so it is done with.
        """
        changes = await self._database.glance(lambda c: store.changes_of(c, draft.id))
        note = ", ".join(dict.fromkeys(one.what for one in changes))[:200]
        try:
            done = await self._publishing.publish(draft.sources, Signed(editor.name, note), draft.base)
        except AlreadyLiveError:
            await self._close(draft, editor, "published")
            raise
        await self._close(draft, editor, "published")
        return done.publication

    async def discard(self, draft: Draft, editor: Editor) -> None:
        """Throw a draft away; its history stays."""
        await self._close(draft, editor, "discarded")

    async def _close(self, draft: Draft, editor: Editor, state: DraftState) -> None:
        closed = self._signed(replace(draft, trial=None), editor)
        await self._database.write(lambda c: store.save_draft(c, closed, state))

    def _new(self, editor: Editor, live: Bundle) -> Draft:
        return Draft(
            id=uuid.uuid4().hex,
            author=editor.id,
            base=live.hash,
            sources=dict(live.sources),
            version=0,
            changed_by=editor.name,
            changed_at=self._clock(),
        )

    def _signed(self, draft: Draft, editor: Editor) -> Draft:
        return replace(draft, changed_by=editor.name, changed_at=self._clock())
