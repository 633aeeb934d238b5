"""What the stand-in remembers: accounts, people, what they saw, files, and the calls that were made."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
WINDOW = 24 * 3600.0  # seconds
HUMAN_WINDOW = 7 * 24 * 3600.0
URL_LASTS = 300.0
MEDIA_LASTS = 30 * 24 * 3600.0


class Refusal(Exception):  # noqa: N818 - an answer of the API, not a fault of ours
    """The API refuses a call: HTTP status, code, subcode, message and the details Meta adds."""

    def __init__(self, status: int, code: int, message: str, details: str = "", subcode: int = 0) -> None:
        super().__init__(f"{code}: {message}")
        self.status, self.code, self.subcode = status, code, subcode
        self.message, self.details = message, details

    def body(self) -> Json:
        """The error as the Graph API words it."""
        error: Json = {
            "message": f"(#{self.code}) {self.message}",
            "type": "OAuthException",
            "code": self.code,
            "fbtrace_id": "AsandboxTrace",
        }
        if self.subcode:
            error["error_subcode"] = self.subcode
        if self.details:
            error["error_data"] = {"messaging_product": "whatsapp", "details": self.details}
        return {"error": error}


@dataclass(frozen=True, slots=True)
class Account:
    """One number, page or Instagram account; `about` is the webhook's `object`."""

    about: str
    id: str
    token: str = field(repr=False)
    name: str = "Lapor"
    phone: str = "62274868405"


@dataclass(frozen=True, slots=True)
class Template:
    """An approved template: how many values each language asks for, and how many buttons it has."""

    name: str
    values: Mapping[str, int]
    buttons: int = 0


@dataclass(slots=True)
class Person:
    """Somebody with a phone: `phone` and `scoped` as WhatsApp knows them, or `scoped` alone as the others do.

    `seen` are the bot's messages as they stood in the calls, with their ids; `wrote_at` begins the window.
    """

    account: Account
    name: str
    phone: str = ""
    scoped: str = ""
    seen: list[Json] = field(default_factory=list)
    wrote_at: float = 0.0
    reachable: bool = True
    reads: bool = True

    @property
    def names(self) -> set[str]:
        """What a call may name them by."""
        return {one for one in (self.phone, self.scoped) if one}


@dataclass(slots=True)
class File:
    """An uploaded or sent file; `made_at` for its expiry."""

    content: bytes
    mime: str
    made_at: float
    name: str = ""


@dataclass(frozen=True, slots=True)
class Call:
    """One call to the API and how it was answered."""

    path: str
    body: Json
    status: int
    answer: Json


@dataclass(slots=True)
class Fault:
    """Coming calls of that path's ending that go wrong, so many times; code 0 only has the HTTP status."""

    ending: str
    status: int
    code: int = 0
    times: int = 1
    later: bool = False
    """Whether the message is taken and fails afterwards, in a status webhook."""


@dataclass(slots=True)
class Graph:
    """The whole of it; `clock` gives seconds since 1970."""

    accounts: Sequence[Account]
    clock: Any
    templates: dict[str, Template] = field(default_factory=dict)
    people: list[Person] = field(default_factory=list)
    files: dict[str, File] = field(default_factory=dict)
    links: dict[str, tuple[str, float]] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    counted: int = 0

    def number(self) -> int:
        """The next number of whatever is counted."""
        self.counted += 1
        return self.counted

    def account(self, account_id: str) -> Account | None:
        """The account of that id."""
        return next((one for one in self.accounts if one.id == account_id), None)

    def person(self, account: Account, name: str) -> Person | None:
        """Who is meant by a phone number or scoped id."""
        wanted = name.lstrip("+")
        for one in self.people:
            if one.account == account and wanted in one.names:
                return one
        return None

    def struck(self, path: str) -> Fault | None:
        """The fault that hits a call to this path, used up by one."""
        for fault in self.faults:
            if fault.times > 0 and path.endswith(fault.ending):
                fault.times -= 1
                return fault
        return None
