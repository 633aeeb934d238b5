"""Rasa beside Kentongan: the same eight turns by rules and a form, trained once, kept in SQLite.

It is as light as Rasa gets, and favoured: its door answers in the response, an album is one word, there is
no action server, and so neither a ticket of its own nor a number. `benchmarks/rasa` is the whole bot.
"""

import hashlib
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

HOME = Path(__file__).with_name("rasa")
MODELS = Path("data/bench-rasa")
TRAIN_SECONDS = 600
ENDPOINTS = "tracker_store:\n  type: SQL\n  dialect: sqlite\n  db: {database}\n"
QUIET = {"SANIC_WORKERS": "1", "TF_CPP_MIN_LOG_LEVEL": "3", "RASA_TELEMETRY_ENABLED": "false"}
LAST_SLOT = '%"name": "sent"%'


def trained(python: str) -> Path:
    """The model, trained when the bot has changed since; with the Python of Rasa's environment."""
    files = sorted(HOME.glob("*.yml"))
    mark = hashlib.sha256(b"".join(one.read_bytes() for one in files)).hexdigest()[:12]
    model = MODELS / f"{mark}.tar.gz"
    if not model.exists():
        MODELS.mkdir(parents=True, exist_ok=True)
        told = [
            "train",
            "--skip-validation",
            "--config",
            HOME / "config.yml",
            "--domain",
            HOME / "domain.yml",
        ]
        told += ["--data", HOME / "data.yml", "--out", MODELS.absolute(), "--fixed-model-name", mark]
        command = [python, "-m", "rasa", *map(str, told)]
        subprocess.run(command, check=True, timeout=TRAIN_SECONDS, capture_output=True, cwd=MODELS)  # noqa: S603 - our own command
    return model


def rasa_command(python: str, model: Path, folder: Path, address: str) -> tuple[list[str], dict[str, str]]:
    """How its server is started, and in which environment."""
    endpoints = folder / "endpoints.yml"
    endpoints.write_text(ENDPOINTS.format(database=folder / "rasa.db"), encoding="utf-8")
    host, port = address.split(":")
    told = ["--model", model, "--endpoints", endpoints, "--credentials", HOME / "credentials.yml"]
    told += ["--interface", host, "--port", port, "--log-file", folder / "rasa.log"]
    return [python, "-m", "rasa", "run", *map(str, told)], QUIET


def finished_forms(database: Path) -> int:
    """How many conversations' reports are on its disk."""
    query = "SELECT count(DISTINCT sender_id) FROM events WHERE type_name = 'slot' AND data LIKE ?"
    with closing(sqlite3.connect(database)) as connection:
        return int(connection.execute(query, (LAST_SLOT,)).fetchone()[0])
