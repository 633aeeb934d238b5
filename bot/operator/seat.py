"""Who is behind an update and in which room, looked up anew every time: revocation holds at once."""

from dataclasses import dataclass

from telegram import Message, Update

from bot.operator.reading import update_ids
from bot.services.desk.roster import Roster
from nlu.unseen import visible
from storage.desk.staff import Operator


@dataclass(frozen=True, slots=True)
class Seat:
    """Where an update came from, and who sent it.

    `operator` is None for strangers; `agency` is that of a group that is a desk, empty elsewhere; `message`
    is the message itself (of a pressed button: the one it hangs under), `reply_to` the one it answers,
    `thread` its topic, `to_us` whether it replies to something the bot said; `updates` are marked answered
    together with whatever comes of them; `language` is the one that is read in this chat.
    """

    user: str
    name: str
    chat: str
    private: bool
    operator: Operator | None
    agency: str
    updates: tuple[str, ...]
    message: str
    reply_to: str = ""
    thread: int | None = None
    to_us: bool = False
    language: str = "id"

    @property
    def origin(self) -> str:
        """Where ✓ or ✗ is to be shown."""
        return f"{self.chat}/{self.message}"

    @property
    def at_work(self) -> bool:
        """Whether an operator speaks where tickets may be shown: in private, or in a group that is a desk."""
        return self.operator is not None and (self.private or bool(self.agency))


async def seat_of(update: Update, roster: Roster) -> Seat | None:
    """The seat an update comes from; None when it has no person or no chat."""
    user, chat, message = update.effective_user, update.effective_chat, update.effective_message
    if user is None or chat is None:
        return None
    private = chat.type == chat.PRIVATE
    group = None if private else await roster.group(str(chat.id))
    told = message if isinstance(message, Message) else None
    return Seat(
        user=str(user.id),
        name=visible(user.full_name),
        chat=str(chat.id),
        private=private,
        operator=await roster.operator(str(user.id)),
        agency=group[0] if group else "",
        updates=update_ids(update),
        message=str(message.message_id) if message else "",
        reply_to=_answered(told),
        thread=told.message_thread_id if told and told.is_topic_message else None,
        to_us=bool(told and _answered(told) and _by_the_bot(told)),
        language=await roster.language(str(chat.id)),
    )


def _by_the_bot(message: Message) -> bool:
    sender = message.reply_to_message and message.reply_to_message.from_user
    return bool(sender and sender.id == message.get_bot().id)


def _answered(message: Message | None) -> str:
    """The message somebody replied to; in a topic everything hangs under its opening, which is no reply."""
    if message is None or message.reply_to_message is None or message.reply_to_message.forum_topic_created:
        return ""
    return str(message.reply_to_message.message_id)
