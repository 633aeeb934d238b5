"""A conversation as a turn finds it, and as the turn leaves it behind."""

import uuid
from dataclasses import dataclass, replace

from bot.services.core import Core
from dialogs.bundle import Bundle
from dialogs.conversation import Conversation
from dialogs.messages import InboundMessage
from storage import conversations
from storage.cases import Home
from storage.codec import talk
from storage.conversations import Kept, NewContact
from storage.database import Connection

LANGUAGES = ("id", "jv", "en")


@dataclass(frozen=True, slots=True)
class Standing:
    """A conversation as a turn finds it; `kept` is None for a person seen for the first time."""

    conversation: Conversation
    bundle: Bundle
    kept: Kept | None

    @property
    def home(self) -> Home:
        """Where this person is talked to."""
        talk = self.conversation
        return Home(talk.contact, talk.channel, talk.address)


async def standing_of(core: Core, message: InboundMessage, kept: Kept | None) -> Standing:
    """The conversation of a message's sender, a new one for a stranger."""
    live = core.bundles.live
    if kept is None:
        return Standing(_first_conversation(message, live), live, None)
    conversation = talk(kept.state)
    if not conversation.stack:
        return Standing(replace(conversation, bundle=live.hash), live, kept)
    return Standing(conversation, await core.bundles.pinned(conversation.bundle), kept)


def _first_conversation(message: InboundMessage, bundle: Bundle) -> Conversation:
    hint = message.language_hint[:2].lower()
    return Conversation.start(
        id=uuid.uuid4().hex,
        channel=message.channel,
        address=message.address,
        contact=uuid.uuid4().hex,
        bundle=bundle.hash,
        language=hint if hint in LANGUAGES else "id",
    )


def keep_conversation(connection: Connection, standing: Standing, after: Conversation, core: Core) -> None:
    """Write what became of it; raises StaleConversationError when it moved on meanwhile."""
    now, before = core.clock(), standing.kept
    kept = Kept(after.id, after.contact, after.bundle, after, before.version if before else 0, after.quiet_at)
    if before is not None:
        conversations.save(connection, kept, now)
        return
    conversations.begin(
        connection, NewContact(after.contact, after.channel, after.address, after.language), kept, now
    )
