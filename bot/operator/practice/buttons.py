"""The buttons of practice: each does what its verb does when typed behind /latihan."""

from collections.abc import Mapping

from bot.operator.office import Office
from bot.operator.payloads import Press
from dialogs.messages import Button


def button(office: Office, name: str, about: str = "-", values: Mapping[str, str] | None = None) -> Button:
    """A button; its verb is the first part of its name, `about` the word typed behind it."""
    label = office.text(f"petugas_latihan_tombol_{name}", values or {})
    return Button(label, Press("practice", about, name.partition("_")[0]).packed())
