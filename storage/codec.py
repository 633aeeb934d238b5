"""Between frozen shapes and JSON columns: orjson writes them as they are, this reads them back."""

from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter

from dialogs.messages import InboundMessage, OutboundMessage
from tickets.ticket import Ticket, TicketEvent

Shape = TypeVar("Shape")


class Codec(Generic[Shape]):
    """Reads one shape back from what a JSON column holds."""

    def __init__(self, shape: type[Shape]) -> None:
        self._adapter = TypeAdapter(shape)

    def load(self, document: Any) -> Shape:
        """The shape; raises pydantic.ValidationError when the document is not one."""
        return self._adapter.validate_python(document)


INBOUND = Codec(InboundMessage)
OUTBOUND = Codec(OutboundMessage)
TICKET = Codec(Ticket)
TICKET_EVENT = Codec(TicketEvent)
