"""prints told from their indexes.

Revision: 0014, after 0013.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

BANDS = ("band0", "band1", "band2", "band3")


def upgrade() -> None:
    """Apply."""
    op.drop_table("prints")
    op.create_table(
        "prints",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("media", sa.String(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in BANDS),
        sa.Column("fine", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["media"], ["media.id"], name=op.f("fk_prints_media")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prints")),
        sa.UniqueConstraint("media", name=op.f("uq_prints_media")),
    )
    with op.batch_alter_table("prints", schema=None) as batch_op:
        for place, name in enumerate(BANDS):
            batch_op.create_index(f"ix_prints_{name}", [*BANDS[place:], *BANDS[:place]], unique=False)
    _refill()


def _refill() -> None:
    """Every picture that is in a chain, from what its file says of it."""
    connection = op.get_bind()
    found = connection.execute(
        sa.text(
            "SELECT id, coarse, fine FROM media"
            " WHERE coarse IS NOT NULL AND settled_at IS NOT NULL AND state = 'kept'"
        )
    )
    prints = sa.table("prints", *(sa.column(name) for name in ("media", *BANDS, "fine")))
    rows = [
        {"media": media, "fine": fine}
        | {name: int(coarse, 16) >> 16 * place & 0xFFFF for place, name in enumerate(BANDS)}
        for media, coarse, fine in found
    ]
    if rows:
        connection.execute(sa.insert(prints), rows)


def downgrade() -> None:
    """Take back."""
    op.drop_table("prints")
    op.create_table(
        "prints",
        sa.Column("media", sa.String(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in BANDS),
        sa.Column("fine", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["media"], ["media.id"], name=op.f("fk_prints_media")),
        sa.PrimaryKeyConstraint("media", name=op.f("pk_prints")),
    )
    with op.batch_alter_table("prints", schema=None) as batch_op:
        for name in BANDS:
            batch_op.create_index(batch_op.f(f"ix_prints_{name}"), [name], unique=False)
