"""Who may come in, for whom and by which door, and the audit of it"""

import sqlalchemy as sa
from alembic import op

from migrations.rows import APPLICATION, PARTY, hide, show, staff, where_it_exists

revision = "0009"
down_revision = "0008"

OF_OWN_ENTERPRISE = f"({PARTY} = 'applicant' AND enterprise_number = ANY ((SELECT seen('enterprises'))::text[]))"
SHOWN = {"portal_account": OF_OWN_ENTERPRISE, "mandate": OF_OWN_ENTERPRISE, "sensitive_read": staff()}
ONLY_GROW = ("sign_in", "sensitive_read")
TABLES = (
    "portal_account",
    "mandate",
    "sign_in_journey",
    "login_link",
    "attempts",
    "sign_in",
    "sensitive_read",
    "kept_form",
)


def upgrade() -> None:
    """An employer sees who acts for the enterprise, staff who looked into a dossier; the rest is not for pages."""
    _people()
    _doors()
    _books()
    op.create_index("contact_email", "contact", [sa.literal_column("lower(email)")])
    for table, condition in SHOWN.items():
        show(table, condition)
    for table in ONLY_GROW:
        where_it_exists(APPLICATION, f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {APPLICATION}")


def downgrade() -> None:
    """Nobody may come in by these doors any more."""
    op.drop_index("contact_email", table_name="contact")
    for table in SHOWN:
        hide(table)
    for table in TABLES:
        op.drop_table(table)


def _people() -> None:
    """Who acts for whom."""
    op.create_table(
        "portal_account",
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("party", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("enterprise_number", sa.String(), nullable=True),
        sa.Column("agency", sa.String(), nullable=True),
        sa.Column("rights", sa.ARRAY(sa.String()), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("person"),
    )
    op.create_index("portal_account_email", "portal_account", [sa.literal_column("lower(email)")], unique=False)
    op.create_index("portal_account_enterprise", "portal_account", ["enterprise_number"], unique=False)
    op.create_table(
        "mandate",
        sa.Column("mandate", sa.String(), nullable=False),
        sa.Column("enterprise_number", sa.String(), nullable=False),
        sa.Column("holder_enterprise", sa.String(), nullable=True),
        sa.Column("holder_person", sa.String(), nullable=True),
        sa.Column("rights", sa.ARRAY(sa.String()), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("given_by", sa.String(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("ends_on >= starts_on", name="mandate_ends_after_it_starts"),
        sa.CheckConstraint("num_nonnulls(holder_enterprise, holder_person) = 1", name="mandate_has_one_holder"),
        sa.PrimaryKeyConstraint("mandate"),
    )
    op.create_index("mandate_holder_person", "mandate", ["holder_person"], unique=False)
    op.create_index("mandate_holder_enterprise", "mandate", ["holder_enterprise"], unique=False)
    op.create_index("mandate_enterprise", "mandate", ["enterprise_number"], unique=False)


def _doors() -> None:
    """Ways in that are under way."""
    op.create_table(
        "sign_in_journey",
        sa.Column("journey", sa.String(), nullable=False),
        sa.Column("door", sa.String(), nullable=False),
        sa.Column("nonce", sa.String(), nullable=False),
        sa.Column("verifier", sa.String(), nullable=False),
        sa.Column("opens", sa.String(), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("journey"),
    )
    op.create_table(
        "login_link",
        sa.Column("link", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=True),
        sa.Column("dossier", sa.String(), nullable=True),
        sa.Column("party", sa.String(), nullable=True),
        sa.Column("opens", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("mail", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("link"),
    )
    op.create_index("login_link_ends", "login_link", ["ends_at"], unique=False)
    op.create_index("login_link_dossier", "login_link", ["dossier"], unique=False)


def _books() -> None:
    """What was tried, what succeeded, what was seen, what was kept."""
    op.create_table(
        "attempts",
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("what", "source"),
    )
    op.create_table(
        "sign_in",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(), nullable=True),
        sa.Column("how", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("sign_in_person", "sign_in", ["person", "at"], unique=False)
    op.create_index("sign_in_at", "sign_in", ["at"], unique=False)
    op.create_table(
        "sensitive_read",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("party", sa.String(), nullable=False),
        sa.Column("dossier", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("sensitive_read_dossier", "sensitive_read", ["dossier", "at"], unique=False)
    op.create_table(
        "kept_form",
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("form"),
    )
