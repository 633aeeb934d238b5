"""an index of talks that were ended.

Revision: 0025, after 0024.
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    ended = sa.text("blocked_at IS NOT NULL")
    op.create_index(
        "ix_addresses_blocked",
        "addresses",
        ["channel", "blocked_at"],
        unique=False,
        sqlite_where=ended,
        postgresql_where=ended,
    )


def downgrade() -> None:
    """Take back."""
    op.drop_index("ix_addresses_blocked", table_name="addresses")
