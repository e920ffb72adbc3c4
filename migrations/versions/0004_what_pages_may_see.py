"""What pages may see: each visitor the own rows, by the role that the portal reads under"""

import sqlalchemy as sa
from alembic import op

from migrations.rows import PARTY, PORTAL, hide, of_fund, outside, own, show, staff, where_it_exists

revision = "0004"
down_revision = "0003"

AGENCY = "CASE WHEN kind::text = 'trajectory'::text THEN facts ->> 'agency'::text ELSE NULL::text END"

SEEN = """
    CREATE FUNCTION seen(what text) RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE
    RETURN string_to_array(nullif(current_setting('doorstroom.' || what, true), ''), ',')
"""
"""A list told for this transaction; null, which equals nothing, when it was not told."""
TOLD = """
    CREATE FUNCTION told(what text) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
    RETURN nullif(current_setting('doorstroom.' || what, true), '')
"""
OWN_DOSSIERS = """
    CREATE FUNCTION own_dossiers() RETURNS SETOF text LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER BEGIN ATOMIC
        SELECT unnest(seen('dossiers'))
        UNION
        SELECT number FROM receipt WHERE told('party') = 'applicant'
            AND enterprise_number = ANY (seen('enterprises'))
            AND kind <> 'trajectory' AND instrument <> 'career_account'
        UNION
        SELECT number FROM receipt WHERE told('party') = 'agency' AND agency = told('agency');
    END
"""
"""By which a page lists the dossiers of an employer or agency: as its owner, so that no receipt need be shown for it.

A career account is applied for by the worker or a union: it names the employer, who must never learn of it.
"""
CONCERNS = """
    CREATE FUNCTION concerns(dossier text) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER
    BEGIN ATOMIC
        SELECT coalesce(dossier = ANY (seen('dossiers')), false) OR EXISTS (
            SELECT FROM receipt WHERE number = dossier AND (
                (told('party') = 'applicant' AND enterprise_number = ANY (seen('enterprises'))
                    AND kind <> 'trajectory' AND instrument <> 'career_account')
                OR (told('party') = 'agency' AND agency = told('agency'))
            )
        );
    END
"""
"""Whether a dossier is one of the visitor's `own_dossiers`."""
EMPLOYED_BY = """
    CREATE FUNCTION employed_by(dossier text) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER
    BEGIN ATOMIC
        SELECT told('party') = 'applicant' AND EXISTS (
            SELECT FROM receipt
            WHERE number = dossier AND kind = 'trajectory' AND enterprise_number = ANY (seen('enterprises'))
        );
    END
"""
"""Whether it is the trajectory of somebody whom the visitor's enterprise dismissed: only its own duties there show."""

TALKED_OF = (
    "type <> ALL ('{checked,task_opened,task_reminded,task_escalated,task_completed,task_cancelled,mail_planned}')"
)
"""What staff do among themselves, and what the house looked up by itself, stays inside."""
MONEY = (
    "type <> ALL ('{grant_changed,instalment_planned,payment_instructed,payment_confirmed,payment_returned,"
    "recovery_ordered,recovery_settled}')"
)
WORKED_WITH = ("expert", "agency", "participant")
EVERYBODY = ("applicant", *WORKED_WITH)

SHOWN = {
    "dossier": (
        of_fund(),
        outside(EVERYBODY, column="number"),
        f"({PARTY} = 'applicant' AND kind = 'trajectory' AND waiting_on = 'applicant' AND employed_by(number))",
    ),
    "receipt": (
        of_fund(),
        f"({PARTY} IN ('applicant', 'participant') AND number = ANY ((SELECT seen('dossiers'))::text[]))",
        f"({PARTY} = 'applicant' AND enterprise_number = ANY ((SELECT seen('enterprises'))::text[])"
        " AND instrument <> 'career_account')",
    ),
    "task": (of_fund(),),
    "task_hold": (staff("task"),),
    "pending_command": (staff(), outside(EVERYBODY)),
    "request": (staff(), own()),
    "decision": (staff(), outside(("applicant", "expert"))),
    "instalment": (staff(), outside(("applicant",))),
    "payment": (staff(), outside(("applicant", "expert"), f"account_of = {PARTY}")),
    "recovery": (staff(), outside(("applicant",))),
    "follow_up": (staff(), outside(("agency", "participant"))),
    "event": (staff(), outside(("applicant",), TALKED_OF), outside(WORKED_WITH, f"{TALKED_OF} AND {MONEY}")),
    "effect": (staff(), own()),
    "contact": (staff(), own(), outside(("agency",), "party = 'participant'")),
    "participant": (
        staff(),
        outside(("applicant", "agency", "participant")),
        f"({PARTY} = 'applicant' AND employed_by(dossier))",
    ),
    "document": (staff(), own()),
    "employer": (
        of_fund(),
        f"({PARTY} = 'applicant' AND enterprise_number = ANY ((SELECT seen('enterprises'))::text[]))",
    ),
    "staff_member": (of_fund(),),
}


def upgrade() -> None:
    """Nothing is visible to pages but what is named here."""
    op.add_column("receipt", sa.Column("agency", sa.Text(), sa.Computed(AGENCY, persisted=True), nullable=True))
    op.create_index("receipt_agency", "receipt", ["agency"], postgresql_where="agency IS NOT NULL")
    for function in (SEEN, TOLD, OWN_DOSSIERS, CONCERNS, EMPLOYED_BY):
        op.execute(function)
    where_it_exists(PORTAL, f"GRANT USAGE ON SCHEMA public TO {PORTAL}")
    for table, conditions in SHOWN.items():
        show(table, *conditions)


def downgrade() -> None:
    """Pages see nothing any more."""
    for table in SHOWN:
        hide(table)
    where_it_exists(PORTAL, f"REVOKE USAGE ON SCHEMA public FROM {PORTAL}")
    for function in ("employed_by", "concerns", "own_dossiers", "told", "seen"):
        op.execute(f"DROP FUNCTION {function}")
    op.drop_index("receipt_agency", table_name="receipt")
    op.drop_column("receipt", "agency")
