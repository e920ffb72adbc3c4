"""Guard the journal, wake the post room, and give the application just the rights it needs"""

from alembic import op

revision = "0002"
down_revision = "0001"

APPLICATION = "doorstroom_app"
"""The role the product runs as. Another role, or the owner itself, is still stopped by the trigger."""


def upgrade() -> None:
    """Refuse every change to an event that stands, whoever asks."""
    op.execute(
        """
        CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'event is append-only: % refused', TG_OP USING ERRCODE = 'insufficient_privilege';
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER event_stands BEFORE UPDATE OR DELETE ON event FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        "CREATE TRIGGER event_stays BEFORE TRUNCATE ON event FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        """
        CREATE FUNCTION announce_effect() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM pg_notify('effect_planned', '');
            RETURN NULL;
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER effect_announced AFTER INSERT ON effect FOR EACH STATEMENT EXECUTE FUNCTION announce_effect()"
    )
    op.execute(
        f"""
        DO $$ BEGIN
            IF EXISTS (SELECT FROM pg_roles WHERE rolname = '{APPLICATION}') THEN
                GRANT USAGE ON SCHEMA public TO {APPLICATION};
                GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {APPLICATION};
                GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {APPLICATION};
                REVOKE UPDATE, DELETE, TRUNCATE ON event FROM {APPLICATION};
                REVOKE ALL ON alembic_version FROM {APPLICATION};
                GRANT SELECT ON alembic_version TO {APPLICATION};
            END IF;
        END $$
        """
    )


def downgrade() -> None:
    """Take the guards away again."""
    op.execute("DROP TRIGGER effect_announced ON effect")
    op.execute("DROP FUNCTION announce_effect")
    op.execute("DROP TRIGGER event_stays ON event")
    op.execute("DROP TRIGGER event_stands ON event")
    op.execute("DROP FUNCTION refuse_change")
    op.execute(
        f"""
        DO $$ BEGIN
            IF EXISTS (SELECT FROM pg_roles WHERE rolname = '{APPLICATION}') THEN
                REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {APPLICATION};
                REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM {APPLICATION};
            END IF;
        END $$
        """
    )
