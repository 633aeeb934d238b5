"""Between frozen shapes and JSON columns: orjson writes them as they are, this reads them back."""

from dataclasses import replace
from typing import Any, Generic, TypeVar, get_origin

import orjson
from pydantic import TypeAdapter

from dialogs.conversation import Conversation, from_json
from dialogs.messages import InboundMessage, OutboundMessage
from tickets.ticket import Ticket, TicketEvent

Shape = TypeVar("Shape")


class Codec(Generic[Shape]):
    """Reads one shape back from what a JSON column holds."""

    def __init__(self, shape: type[Shape]) -> None:
        # Of a shape such as tuple[...] nothing can be said by type: it is always read.
        self._made = shape if get_origin(shape) is None else ()
        self._adapter = TypeAdapter(shape)

    def load(self, document: Any) -> Shape:
        """The shape; raises pydantic.ValidationError when the document is not one."""
        if isinstance(document, self._made):  # it was written a moment ago (`storage.fresh`)
            return document
        return self._adapter.validate_python(document)


def talk(document: Any) -> Conversation:
    """The conversation a document holds; its slots are nobody else's, whatever an action does to them."""
    if isinstance(document, Conversation):
        return replace(document, slots=orjson.loads(orjson.dumps(document.slots, default=list)))
    return from_json(document)


INBOUND = Codec(InboundMessage)
OUTBOUND = Codec(OutboundMessage)
TICKET = Codec(Ticket)
TICKET_EVENT = Codec(TicketEvent)
