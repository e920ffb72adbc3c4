"""Find dossiers by their words, walk what somebody finished, keep views, and announce what happens on the work list"""

import sqlalchemy as sa
from alembic import op

from migrations.rows import hide, show, staff

revision = "0006"
down_revision = "0005"

FOLDED = """
    CREATE FUNCTION folded(said text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
    RETURN lower(unaccent('unaccent'::regdictionary, said))
"""
"""Small letters without accents. Immutable as long as nobody changes the dictionary, which the house never does."""
REFRESH = """
    CREATE FUNCTION refresh_dossier_words(numbers text[]) RETURNS void LANGUAGE sql BEGIN ATOMIC
    INSERT INTO dossier_words
        (dossier, closed, employer, enterprise_number, employer_words, people, words)
    SELECT receipt.number, coalesce(dossier.outcome IS NOT NULL, false), firm.name, receipt.enterprise_number,
        folded(firm.spelled), folded(persons.names),
        folded(concat_ws(' ', receipt.number, receipt.reference, firm.spelled, persons.names, left(typed.said, 2000)))
    FROM receipt
    LEFT JOIN dossier ON dossier.number = receipt.number
    CROSS JOIN LATERAL (
        SELECT min(employer.name) AS name, concat_ws(' ', string_agg(DISTINCT employer.name, ' '),
            receipt.enterprise_number, regexp_replace(receipt.enterprise_number, '\\D', '', 'g')) AS spelled
        FROM employer WHERE employer.enterprise_number = receipt.enterprise_number
    ) AS firm
    CROSS JOIN LATERAL (
        SELECT concat_ws(' ',
            (SELECT string_agg(name, ' ' ORDER BY party) FROM contact WHERE contact.dossier = receipt.number),
            (SELECT string_agg(first_name || ' ' || last_name, ' ' ORDER BY line)
                FROM participant WHERE participant.dossier = receipt.number)) AS names
    ) AS persons
    CROSS JOIN LATERAL (SELECT string_agg(value, ' ') AS said FROM jsonb_each_text(receipt.typed)) AS typed
    WHERE receipt.number = ANY (numbers)
    ON CONFLICT (dossier) DO UPDATE SET closed = excluded.closed, employer = excluded.employer,
        enterprise_number = excluded.enterprise_number, employer_words = excluded.employer_words,
        people = excluded.people, words = excluded.words;
    END
"""
FOUND = """
    CREATE FUNCTION dossiers_found(likes text[], funds text[], is_closed boolean, most integer) RETURNS SETOF text
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public SET enable_seqscan = off AS $$
    DECLARE patterns text[] := ARRAY(SELECT folded(one) FROM unnest(likes) AS one);
    BEGIN
        RETURN QUERY EXECUTE format(
            'SELECT dossier::text FROM dossier_words WHERE %s AND words LIKE %L AND words LIKE ALL ($1) '
            'AND split_part(dossier, ''-'', 1) = ANY ($2) LIMIT $3',
            CASE WHEN is_closed THEN 'closed' ELSE 'NOT closed' END, patterns[1]
        ) USING patterns, funds, most;
    END $$
"""
"""As its owner, because LIKE under row-level security uses no index. It tells numbers only; what pages show of them is
read under the wall. The half and the first pattern are written into the statement, so that it is planned for them: a
plan for any pattern would read the whole table."""
TOUCHED = {
    "of_receipt": "PERFORM refresh_dossier_words(ARRAY[NEW.number]);",
    "of_gone_receipt": "DELETE FROM dossier_words WHERE dossier = OLD.number;",
    "of_outcome": "UPDATE dossier_words SET closed = NEW.outcome IS NOT NULL WHERE dossier = NEW.number;",
    "of_employer": "PERFORM refresh_dossier_words(ARRAY("
    "SELECT number FROM receipt WHERE enterprise_number = NEW.enterprise_number));",
    "of_added_people": "PERFORM refresh_dossier_words(ARRAY(SELECT DISTINCT dossier FROM added));",
    "of_gone_people": "PERFORM refresh_dossier_words(ARRAY(SELECT DISTINCT dossier FROM gone));",
}
"""What a change refreshes, by the name of its trigger function."""
PEOPLE = ("contact", "participant")
CHANGES = {
    "INSERT": ("REFERENCING NEW TABLE AS added", "of_added_people"),
    "UPDATE": ("REFERENCING NEW TABLE AS added", "of_added_people"),
    "DELETE": ("REFERENCING OLD TABLE AS gone", "of_gone_people"),
}
TRIGGERS = (
    "words_of_receipt AFTER INSERT OR UPDATE OF typed, enterprise_number, reference ON receipt FOR EACH ROW "
    "EXECUTE FUNCTION words_of_receipt()",
    "words_of_gone_receipt AFTER DELETE ON receipt FOR EACH ROW EXECUTE FUNCTION words_of_gone_receipt()",
    "words_of_outcome AFTER UPDATE OF outcome ON dossier FOR EACH ROW "
    "WHEN (OLD.outcome IS DISTINCT FROM NEW.outcome) EXECUTE FUNCTION words_of_outcome()",
    "words_of_employer AFTER INSERT OR UPDATE OF name, enterprise_number ON employer FOR EACH ROW "
    "EXECUTE FUNCTION words_of_employer()",
    *(
        f"words_on_{change.lower()} AFTER {change} ON {table} {seen} FOR EACH STATEMENT EXECUTE FUNCTION words_{does}()"
        for table in PEOPLE
        for change, (seen, does) in CHANGES.items()
    ),
    "task_announced AFTER INSERT ON task FOR EACH ROW EXECUTE FUNCTION announce_task()",
    "task_moved AFTER UPDATE ON task FOR EACH ROW WHEN ((OLD.state, OLD.role, OLD.due) IS DISTINCT FROM "
    "(NEW.state, NEW.role, NEW.due)) EXECUTE FUNCTION announce_task()",
    "hold_announced AFTER INSERT OR UPDATE OR DELETE ON task_hold FOR EACH ROW EXECUTE FUNCTION announce_hold()",
)
ANNOUNCE = (
    """
    CREATE FUNCTION announce_task() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM pg_notify('work_list', NEW.fund || '/' || NEW.role || '/' ||
            CASE WHEN TG_OP = 'INSERT' OR (NEW.state = 'open' AND OLD.role <> NEW.role) THEN 'new' ELSE 'moved' END
            || '/' || NEW.task);
        RETURN NULL;
    END $$
    """,
    """
    CREATE FUNCTION announce_hold() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM pg_notify('work_list',
            split_part(coalesce(NEW.task, OLD.task), '-', 1) || '//held/' || coalesce(NEW.task, OLD.task));
        RETURN NULL;
    END $$
    """,
)
"""Told is where something happened and to which task: who listens reads again, and sees what may be seen."""


def upgrade() -> None:
    """Tables first, then what keeps them true, then what stands already."""
    op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    op.execute("CREATE EXTENSION IF NOT EXISTS unaccent")
    _tables()
    op.create_index(
        "task_done", "task", ["person", "ended_at", "task"], unique=False, postgresql_where=sa.text("state = 'done'")
    )
    for function in (FOLDED, REFRESH, FOUND, *ANNOUNCE):
        op.execute(function)
    for name, body in TOUCHED.items():
        op.execute(
            f"CREATE FUNCTION words_{name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} RETURN NULL; END $$"
        )
    for trigger in TRIGGERS:
        op.execute(f"CREATE TRIGGER {trigger}")
    show("dossier_words", staff())
    op.execute("SELECT refresh_dossier_words(ARRAY(SELECT number FROM receipt))")


def _tables() -> None:
    op.create_table(
        "dossier_words",
        sa.Column("dossier", sa.String(), nullable=False),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.Column("employer", sa.String(), nullable=True),
        sa.Column("enterprise_number", sa.String(), nullable=True),
        sa.Column("employer_words", sa.String(), nullable=False),
        sa.Column("people", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("dossier"),
    )
    for name, half in (("dossier_words_open", "NOT closed"), ("dossier_words_closed", "closed")):
        op.create_index(
            name,
            "dossier_words",
            ["words"],
            unique=False,
            postgresql_using="gin",
            postgresql_ops={"words": "gin_trgm_ops"},
            postgresql_where=sa.text(half),
        )
    op.create_table(
        "saved_view",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("fund", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("tab", sa.String(), nullable=False),
        sa.Column("asked", sa.String(), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("saved_view_name", "saved_view", ["person", "name"], unique=True)
    op.create_index("saved_view_fund", "saved_view", ["fund"], unique=False)
    op.create_table(
        "own_columns",
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("columns", sa.ARRAY(sa.String()), nullable=False),
        sa.PrimaryKeyConstraint("person"),
    )


def downgrade() -> None:
    """Forget the words and the views."""
    for trigger in TRIGGERS:
        name, table = trigger.split()[0], trigger.split(" ON ")[1].split()[0]
        op.execute(f"DROP TRIGGER {name} ON {table}")
    hide("dossier_words")
    for name in TOUCHED:
        op.execute(f"DROP FUNCTION words_{name}")
    for name in ("announce_hold", "announce_task", "dossiers_found", "refresh_dossier_words"):
        op.execute(f"DROP FUNCTION {name}")
    op.drop_index("task_done", table_name="task")
    for table in ("own_columns", "saved_view", "dossier_words"):
        op.drop_table(table)
    op.execute("DROP FUNCTION folded")
    op.execute("DROP EXTENSION unaccent, pg_trgm")
