"""The learnt models an installation keeps, which one is live, and the way back."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

import orjson

DELIVERED = "delivered"
"""The model that came with the program: always there, the way back from everything."""
_LIVE = "live"


class UnknownVersionError(LookupError):
    """There is no such version to go to."""


@dataclass(frozen=True, slots=True)
class Version:
    """A learnt model: when, from which data and how many corrections, and its scores on the gold set.

    `base` is the digest of the delivered data it was learnt with; with other data it is not used.
    """

    name: str
    made_at: datetime
    base: str
    corrections: int
    scores: Mapping[str, float] = field(default_factory=dict)
    refused: tuple[str, ...] = ()


class Models:
    """A folder with one sub-folder a version; `live` names the one in use."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def all(self) -> tuple[Version, ...]:
        """Every version, oldest first."""
        return tuple(self._read(file) for file in sorted(self._folder.glob("*/about.json")))

    def draft(self, name: str, content: bytes) -> Path:
        """Write the weights of a version to be; it counts only once it is kept."""
        folder = self._folder / name
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "weights.npz").write_bytes(content)
        return folder / "weights.npz"

    def keep(self, version: Version) -> None:
        """Write down what is known of a version whose weights are there; it is not live by that."""
        (self._folder / version.name / "about.json").write_bytes(orjson.dumps(asdict(version)))

    def next_name(self) -> str:
        """The name of the version after the last."""
        return f"{len(self.all()) + 1:04d}"

    def live(self) -> str:
        """The name of the version in use."""
        file = self._folder / _LIVE
        return file.read_text(encoding="utf-8").strip() if file.is_file() else DELIVERED

    def live_weights(self, base: str) -> Path | None:
        """The model file in use; None for the delivered one, or when its data is not `base` any more."""
        name = self.live()
        version = next((one for one in self.all() if one.name == name), None)
        return self._folder / name / "weights.npz" if version and version.base == base else None

    def go_live(self, name: str) -> None:
        """Use a version from the next start on.

        Raises:
            UnknownVersionError: it does not exist.
        """
        if name != DELIVERED and name not in {one.name for one in self.all()}:
            raise UnknownVersionError(name)
        self._folder.mkdir(parents=True, exist_ok=True)
        draft = self._folder / f"{_LIVE}.new"
        draft.write_text(name + "\n", encoding="utf-8")
        draft.replace(self._folder / _LIVE)

    def before_live(self) -> str:
        """The version before the one in use that was not refused; the delivered one when there is none."""
        earlier = [one.name for one in self.all() if one.name < self.live() and not one.refused]
        return earlier[-1] if earlier and self.live() != DELIVERED else DELIVERED

    def _read(self, file: Path) -> Version:
        row = orjson.loads(file.read_bytes())
        row["made_at"] = datetime.fromisoformat(row["made_at"])
        return Version(**row | {"refused": tuple(row["refused"])})
