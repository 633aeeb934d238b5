"""The updates that nearly all are, read without aiogram's types, which take ten times as long.

The fields are named as aiogram names them, so that `parse` reads both alike and says once what they mean.
An update or message with any field that is not named here is left to aiogram.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, ClassVar

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError

NOTHING_ELSE, AND_MORE = ConfigDict(extra="forbid"), ConfigDict(extra="ignore")


@dataclass(frozen=True, slots=True)
class User:
    """Who wrote or pressed."""

    __pydantic_config__: ClassVar[ConfigDict] = AND_MORE

    first_name: str
    last_name: str | None = None
    language_code: str | None = None

    @property
    def full_name(self) -> str:
        """Both names, as Telegram shows them."""
        return f"{self.first_name} {self.last_name}" if self.last_name else self.first_name


From = Annotated[User | None, Field(alias="from")]


@dataclass(frozen=True, slots=True)
class Chat:
    """Where it was written."""

    __pydantic_config__: ClassVar[ConfigDict] = AND_MORE

    id: int
    type: str


@dataclass(frozen=True, slots=True)
class PhotoSize:
    """One size of a photo, in pixels and bytes."""

    __pydantic_config__: ClassVar[ConfigDict] = AND_MORE

    file_id: str
    width: int
    height: int
    file_size: int | None = None


@dataclass(frozen=True, slots=True)
class Location:
    """A pin, in degrees and metres."""

    __pydantic_config__: ClassVar[ConfigDict] = AND_MORE

    latitude: float
    longitude: float
    horizontal_accuracy: float | None = None


@dataclass(frozen=True, slots=True)
class Reference:
    """A message that another one answers."""

    __pydantic_config__: ClassVar[ConfigDict] = AND_MORE

    message_id: int


@dataclass(frozen=True, slots=True)
class Button:
    """A button under a message."""

    __pydantic_config__: ClassVar[ConfigDict] = AND_MORE

    text: str
    callback_data: str | None = None


@dataclass(frozen=True, slots=True)
class Keyboard:
    """The buttons under a message, row by row."""

    __pydantic_config__: ClassVar[ConfigDict] = AND_MORE

    inline_keyboard: list[list[Button]]


@dataclass(frozen=True, slots=True)
class Message:
    """A text, a photo or a pin; entities and previews of links change nothing in what is read."""

    __pydantic_config__: ClassVar[ConfigDict] = NOTHING_ELSE
    forward_origin: ClassVar[None] = None
    edit_date: ClassVar[None] = None

    message_id: int
    date: datetime
    chat: Chat
    from_user: From = None
    text: str | None = None
    photo: list[PhotoSize] | None = None
    caption: str | None = None
    media_group_id: str | None = None
    location: Location | None = None
    reply_to_message: Reference | None = None
    entities: list[dict[str, Any]] | None = None
    caption_entities: list[dict[str, Any]] | None = None
    link_preview_options: dict[str, Any] | None = None

    @property
    def content_type(self) -> str:
        """What it carries, by aiogram's names."""
        carried = (name for name in ("text", "photo", "location") if getattr(self, name))
        return next(carried, "unknown")


@dataclass(frozen=True, slots=True)
class Pressed:
    """The message whose button was pressed; whatever else is in it does not matter."""

    __pydantic_config__: ClassVar[ConfigDict] = AND_MORE

    message_id: int
    chat: Chat
    reply_markup: Keyboard | None = None


@dataclass(frozen=True, slots=True)
class CallbackQuery:
    """A pressed button."""

    __pydantic_config__: ClassVar[ConfigDict] = AND_MORE

    id: str
    from_user: From = None
    message: Pressed | None = None
    data: str | None = None


@dataclass(frozen=True, slots=True)
class Update:
    """A new message or a pressed button."""

    __pydantic_config__: ClassVar[ConfigDict] = NOTHING_ELSE
    edited_message: ClassVar[None] = None
    my_chat_member: ClassVar[None] = None

    update_id: int
    message: Message | None = None
    callback_query: CallbackQuery | None = None


UPDATE = TypeAdapter(Update)


def read_common(raw: Any) -> Update | None:
    """The update, from JSON as bytes or already read; None when it is for aiogram to read."""
    try:
        return UPDATE.validate_json(raw) if isinstance(raw, bytes) else UPDATE.validate_python(raw)
    except ValidationError:
        return None
