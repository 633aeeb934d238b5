"""which key the data is sealed with.

The rows themselves are sealed after this, page by page, by whoever opens the database with a key at hand
(`storage.sealing`): that can be stopped and gone on with, and no key is needed to change a schema.

Revision: 0020, after 0019.
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "seals",
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("turning_to", sa.String(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("purpose", name=op.f("pk_seals")),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("seals")
