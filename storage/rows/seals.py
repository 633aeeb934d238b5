from sqlalchemy import Column, String, Table

from storage.rows.base import metadata

seals = Table(
    "seals",
    metadata,
    Column("purpose", String, primary_key=True),  # look-up
    Column("key", String, nullable=False),  # the id of the key equal values are found under
    Column(
        "turning_to", String, nullable=False, server_default=""
    ),  # the one they are being sealed with anew
)
