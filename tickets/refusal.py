"""Why the desk will not do what was asked."""

from collections.abc import Mapping
from typing import Any


class DeskRefusal(Exception):  # noqa: N818 (an answer to the actor, not an error)
    """An action is not done: `code` names the sentence in lifecycle.yml, `values` fill its gaps."""

    def __init__(self, code: str, **values: Any) -> None:
        super().__init__(code)
        self.code = code
        self.values: Mapping[str, Any] = values
