"""Write a migration from the difference between tables and migrations: `new_migration.py "what changes"`."""

import sys
import tempfile
from pathlib import Path

from alembic import command

from storage.migrations import alembic_config

if len(sys.argv) != 2:
    sys.exit('usage: new_migration.py "what changes"')
with tempfile.TemporaryDirectory() as folder:
    config = alembic_config(f"sqlite:///{Path(folder) / 'empty.db'}")
    command.upgrade(config, "head")
    versions = Path(str(config.get_main_option("script_location"))) / "versions"
    number = len([one for one in versions.glob("*.py") if one.stem[0].isdigit()]) + 1
    command.revision(config, message=sys.argv[1], autogenerate=True, rev_id=f"{number:04d}")
