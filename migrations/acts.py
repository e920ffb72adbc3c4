"""The functions by which what two people agreed on changes an envelope, as migration 0015 makes them.

Locks are taken in the order that `migrations.ledger` tells. Opening and closing move dossiers from one envelope to
another: they have the fund alone.
"""

STANDS = """
CREATE FUNCTION act_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' AND NEW.state = 'proposed' THEN
        RETURN NEW;
    ELSIF TG_OP = 'UPDATE' AND OLD.state = 'proposed' AND NEW.state <> 'proposed' AND
        (NEW.act, NEW.fund, NEW.envelope, NEW.sort, NEW.amount, NEW.to_envelope, NEW.reason, NEW.proposed_by,
            NEW.proposed_at) IS NOT DISTINCT FROM
        (OLD.act, OLD.fund, OLD.envelope, OLD.sort, OLD.amount, OLD.to_envelope, OLD.reason, OLD.proposed_by,
            OLD.proposed_at) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'budget_act is proposed and then settled once: % refused', TG_OP
        USING ERRCODE = 'insufficient_privilege';
END $$
"""
"""An act is proposed as it is and settled once; neither is ever written again."""

OPEN = """
CREATE FUNCTION open_envelope(purse text, amount numeric, moment timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    part text[] := string_to_array(purse, '/');
    before text;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('fund/' || part[1], 0));
    before := array_to_string(ARRAY[part[1], (part[2]::int - 1)::text] || part[3:], '/');
    INSERT INTO envelope (envelope, fund, year, instrument, committee, rehearsed, budget, reserved, committed, paid,
        recovered, state, opened_at)
    VALUES (purse, part[1], part[2]::int, part[3], part[4], part[5] IS NOT NULL, amount, 0, 0, 0, 0, 'open', moment);
    PERFORM lock_envelopes(before);
    UPDATE holding SET envelope = purse, reason = 'short'
    FROM dossier
    WHERE number = holding.dossier AND holding.state = 'waiting' AND (
        holding.envelope IS NULL AND dossier.fund = part[1] AND dossier.budget_year = part[2]::int
            AND dossier.rehearsed = (part[5] IS NOT NULL) AND part[3] IN (dossier.instrument, '*')
            AND part[4] IN (coalesce(dossier.committee, '*'), '*')
        OR holding.envelope = (SELECT envelope FROM envelope WHERE envelope = before AND state = 'closed')
    );
    PERFORM serve_line(purse, moment);
END $$
"""
"""Who waited for an envelope, or since the year before was closed, waits here now, in the order of receipt."""

CLOSE = """
CREATE FUNCTION close_envelope(purse text, moment timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    part text[] := string_to_array(purse, '/');
    onward text := array_to_string(ARRAY[part[1], (part[2]::int + 1)::text] || part[3:], '/');
BEGIN
    PERFORM lock_envelopes(onward);
    UPDATE envelope SET state = 'closed' WHERE envelope = purse;
    -- who holds a part already keeps that and hears that there is no more
    UPDATE holding SET state = 'reserved', allowed = reserved + committed, reason = 'closed', told = false
    WHERE envelope = purse AND state = 'waiting' AND reserved + committed > 0;
    SELECT envelope INTO onward FROM envelope WHERE envelope = onward AND state = 'open';
    UPDATE holding SET envelope = coalesce(onward, purse), reason = CASE WHEN onward IS NULL THEN 'closed' ELSE 'short'
        END
    WHERE envelope = purse AND state = 'waiting';
    PERFORM serve_line(purse, moment);
    PERFORM serve_line(onward, moment);
END $$
"""
"""No new promises: what nobody holds lapses, what is promised stays here until it is paid or let go."""

APPLY = """
CREATE FUNCTION apply_act() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.sort = 'open' THEN
        PERFORM open_envelope(NEW.envelope, NEW.amount, NEW.decided_at);
        RETURN NULL;
    END IF;
    IF NEW.sort = 'close' THEN
        PERFORM pg_advisory_xact_lock(hashtextextended('fund/' || NEW.fund, 0));
    END IF;
    PERFORM lock_envelopes(NEW.envelope, NEW.to_envelope);
    IF EXISTS (
        SELECT FROM unnest(ARRAY[NEW.envelope, NEW.to_envelope]) AS named LEFT JOIN envelope ON envelope = named
        WHERE named IS NOT NULL AND state IS DISTINCT FROM 'open'
    ) THEN
        RAISE EXCEPTION '% is not open', NEW.envelope USING ERRCODE = 'check_violation', CONSTRAINT = 'envelope_open';
    END IF;
    IF NEW.sort = 'close' THEN
        PERFORM close_envelope(NEW.envelope, NEW.decided_at);
        RETURN NULL;
    END IF;
    UPDATE envelope SET budget = budget + CASE NEW.sort WHEN 'raise' THEN NEW.amount ELSE -NEW.amount END
    WHERE envelope = NEW.envelope;
    UPDATE envelope SET budget = budget + NEW.amount WHERE envelope = NEW.to_envelope;
    PERFORM serve_line(NEW.envelope, NEW.decided_at);
    PERFORM serve_line(NEW.to_envelope, NEW.decided_at);
    RETURN NULL;
END $$
"""
"""The budget moves, and who waited and now fits is served."""

PLACE_IN_LINE = """
CREATE FUNCTION place_in_line(number text) RETURNS integer LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = public, pg_temp
RETURN (
    SELECT count(*)::int FROM holding AS mine JOIN holding AS earlier
        ON earlier.envelope IS NOT DISTINCT FROM mine.envelope AND earlier.fund = mine.fund
        AND earlier.state = 'waiting'
        AND (mine.envelope IS NOT NULL OR earlier.year = mine.year)
        AND (earlier.received_at, earlier.dossier) <= (mine.received_at, mine.dossier)
    WHERE mine.dossier = place_in_line.number AND mine.state = 'waiting'
)
"""
"""How many stand in line up to this dossier, itself included; 0 when it does not wait. A number and nothing of others,
so that an applicant may hear it."""
