"""What is done to a ticket, as every door hands it to `ticketing`."""

from dataclasses import dataclass

from dialogs.messages import Attachment
from tickets.ticket import Command


@dataclass(frozen=True, slots=True)
class Act:
    """A command on a ticket with the files that come with it.

    `channel` is where the files can be fetched; `role` what they are to the ticket (evidence, proof,
    message); `origin` is 'chat/message' of the operator whose words these are, `under` the message they
    answered; `quiet` when the staff are told of it otherwise; `careful` when it is to be held
    back where it would cross somebody else's.
    """

    command: Command
    files: tuple[Attachment, ...] = ()
    channel: str = ""
    role: str = "message"
    origin: str = ""
    quiet: bool = False
    under: str = ""
    careful: bool = False
