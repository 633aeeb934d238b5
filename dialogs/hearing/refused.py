"""A file that turned out to be none that can be taken: it is taken back, said so, and the talk goes on."""

from collections.abc import Iterable

from dialogs.hearing.routes import say_quietly
from dialogs.work import Work


def hear(work: Work) -> bool:
    """Take refused files out of what was noted, and say what to do instead."""
    if work.message.kind != "refused":
        return False
    _take_back(work, {file.media_id for file in work.message.attachments})
    return say_quietly(work, "pattern_unsupported", {"masukan": f"berkas_{work.message.text}"})


def _take_back(work: Work, refused: Iterable[str]) -> None:
    for name, spec in work.bundle.slots.items():
        noted = work.slots.get(name)
        if spec.type == "evidence" and noted:
            work.set(name, [one for one in noted if one["media_id"] not in refused])
