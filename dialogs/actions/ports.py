"""What actions need of the city's desk; whoever runs the dialogs provides it."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol


class CityDesk(Protocol):
    """The desk as a dialog sees it. Slots are those of `lapor` and, as `bahasa`, the language spoken."""

    async def screen(self, narrative: str, slots: Mapping[str, Any]) -> Mapping[str, Any]:
        """`verdict` (pass, pass_private, ask, hold, refuse), `rules`, `advice`, `masked`.

        The slot `saringan_diminta` lists the ids of rules whose question was put already.
        """

    async def new_number(self) -> str:
        """A number no report has."""

    async def nearby(self, slots: Mapping[str, Any], contact: str) -> Sequence[Mapping[str, Any]]:
        """Open reports that may be the same, the likeliest first, as others may know of them.

        `number`, `title`, `followers` (how many wait for news of it), and where known `own` (the person's own
        report), `distance` (rough metres), `opened` (ISO date), `status_text`.
        """

    async def ticket(self, number: str, contact: str) -> Mapping[str, Any] | None:
        """A report as this person may see it, None when there is none of that number.

        `number`, `own`, `title`, `status`, `status_text`, `agency`, `due`, `history` (of `at`, `text`),
        `actions` (what this person may do to it now), `hidden` (of one's own: which of `content` and `name`
        is kept from others).
        """

    async def tickets(self, contact: str) -> Sequence[Mapping[str, Any]]:
        """The person's own reports, newest first, each like `ticket`."""

    async def receipt(self, slots: Mapping[str, Any]) -> Mapping[str, Any]:
        """Where a report with these slots goes and when its reporter hears next.

        `agency`, `due` (ISO date), `status` (the state it will be opened in).
        """

    async def new_link_code(self) -> str:
        """A fresh code that ties another channel to this person, once and not for long."""

    async def fits(self, code: str, contact: str) -> bool:
        """Whether a code is one of another contact that still holds."""

    async def ways(self, contact: str) -> Sequence[Mapping[str, Any]]:
        """The channels a person can be reached on: `channel`, `name`, `chosen`; the last used first."""

    async def data_of(self, contact: str) -> Mapping[str, Any]:
        """All that is kept about a person, by a name a person understands."""
