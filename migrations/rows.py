"""Which rows pages see: row-level security for the role that the portal reads under.

A table without a policy here shows pages nothing. A migration that adds a table for pages calls `show` once, with who
sees its rows; the role of worker and commands keeps seeing all (`USING (true)` costs it nothing). The settings that
the policies read are made once per transaction by `portal.access.rows.seen_by`; what was not set shows nothing.

The policy is the wall, not the index: a page still asks by number, fund or enterprise number, which PostgreSQL looks up
in an index because equality gives nothing away. Operators that might (LIKE, full text, JSON) are tried after the wall.
"""

from alembic import op

APPLICATION = "doorstroom_app"
PORTAL = "doorstroom_portal"

PARTY = "(SELECT told('party'))"


def staff(column: str = "dossier") -> str:
    """Staff see what belongs to their funds; a number begins with the fund."""
    return f"split_part({column}, '-', 1) = ANY ((SELECT seen('funds'))::text[])"


def of_fund(column: str = "fund") -> str:
    """Staff see what belongs to their funds, by a column that names the fund; this one may be looked up in an index."""
    return f"{column} = ANY ((SELECT seen('funds'))::text[])"


def outside(parties: tuple[str, ...], also: str = "true", column: str = "dossier") -> str:
    """These parties see what belongs to the dossiers that concern them."""
    listed = ", ".join(f"'{party}'" for party in parties)
    return f"({PARTY} IN ({listed}) AND {also} AND concerns({column}))"


def own(column: str = "party", dossier: str = "dossier") -> str:
    """Whoever is outside sees what is meant for the own party; an employer also in the trajectories of former staff."""
    return f"({PARTY} = {column} AND (concerns({dossier}) OR employed_by({dossier})))"


def show(table: str, *conditions: str) -> None:
    """Let pages read the rows of a table for which one of the conditions holds; everything else stays as it was."""
    policy_of_house = f"CREATE POLICY house ON {table} TO {APPLICATION} USING (true) WITH CHECK (true)"
    policy_of_pages = f"CREATE POLICY pages ON {table} FOR SELECT TO {PORTAL} USING ({' OR '.join(conditions)})"
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    where_it_exists(APPLICATION, policy_of_house)
    where_it_exists(PORTAL, policy_of_pages, f"GRANT SELECT ON {table} TO {PORTAL}")


def hide(table: str) -> None:
    """Take away what `show` gave."""
    op.execute(f"DROP POLICY IF EXISTS pages ON {table}")
    op.execute(f"DROP POLICY IF EXISTS house ON {table}")
    op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
    where_it_exists(PORTAL, f"REVOKE ALL ON {table} FROM {PORTAL}")


def where_it_exists(role: str, *statements: str) -> None:
    """Run these when the role is there: a house of one role, its owner, has no portal."""
    body = "; ".join(statements)
    op.execute(f"DO $do$ BEGIN IF EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') THEN {body}; END IF; END $do$")
