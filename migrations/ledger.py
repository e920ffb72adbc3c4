"""The functions by which PostgreSQL keeps the ledger of budgets, as migration 0015 makes them.

Order in which locks are taken, by everybody: the dossier's row, the fund (shared; whoever opens or closes an envelope
has it alone), the buckets of its caps by their key, the envelopes by name, and then rows of `holding`. A row of
`holding` that has an envelope is only changed under the lock of that envelope; only `told` is not, one row at a time.
Every statement in a function sees what others committed while it waited for a lock (READ COMMITTED).
"""

POST_ENTRY = """
CREATE FUNCTION post_entry() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    apart numeric := CASE WHEN NEW.sort IN ('reservation', 'release') THEN NEW.amount ELSE 0 END;
    promised numeric := CASE NEW.sort WHEN 'commitment' THEN NEW.amount ELSE 0 END;
    gone numeric := CASE NEW.sort WHEN 'payment' THEN NEW.amount ELSE 0 END;
    back numeric := CASE NEW.sort WHEN 'recovery' THEN NEW.amount ELSE 0 END;
    lapsed numeric := CASE NEW.sort WHEN 'lapse' THEN NEW.amount ELSE 0 END;
BEGIN
    UPDATE holding SET reserved = reserved + apart, committed = committed + promised, paid = paid + gone,
        recovered = recovered + back
    WHERE dossier = NEW.dossier;
    UPDATE envelope SET reserved = reserved + apart, committed = committed + promised, paid = paid + gone,
        recovered = recovered + back, budget = budget + lapsed
    WHERE envelope = NEW.envelope;
    RETURN NULL;
END $$
"""
"""The one door: a row of the ledger moves holding and envelope by the same amount, so their sums cannot part."""

MOVE = """
CREATE FUNCTION move_room(d dossier, purse text, kind text, moved numeric) RETURNS void LANGUAGE sql
BEGIN ATOMIC
    INSERT INTO ledger_entry (fund, envelope, dossier, sequence, sort, amount, at)
    SELECT d.fund, purse, d.number, d.sequence, kind, moved, d.updated_at WHERE moved <> 0;
END
"""

LOCK_ENVELOPES = """
CREATE FUNCTION lock_envelopes(VARIADIC purses text[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM envelope WHERE envelope = ANY (purses) ORDER BY envelope FOR UPDATE;
END $$
"""

SERVE_LINE = """
CREATE FUNCTION serve_line(purse text, moment timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    box envelope;
    first holding;
    room numeric;
    need numeric;
BEGIN
    SELECT * INTO box FROM envelope WHERE envelope = purse;
    room := box.budget - box.reserved - box.committed + box.recovered;
    IF box.state = 'closed' AND room > 0 THEN
        INSERT INTO ledger_entry (fund, envelope, sort, amount, at) VALUES (box.fund, purse, 'lapse', -room, moment);
    END IF;
    IF box.state IS DISTINCT FROM 'open' THEN
        RETURN;
    END IF;
    FOR first IN SELECT * FROM holding WHERE envelope = purse AND state = 'waiting' ORDER BY received_at, dossier LOOP
        need := first.allowed - first.reserved - first.committed;
        EXIT WHEN need > room;
        UPDATE holding SET state = 'reserved', told = false, reason = CASE WHEN allowed < asked THEN 'cap' END
        WHERE dossier = first.dossier;
        INSERT INTO ledger_entry (fund, envelope, dossier, sequence, sort, amount, at)
        VALUES (box.fund, purse, first.dossier, first.sequence, 'reservation', need, moment);
        room := room - need;
    END LOOP;
END $$
"""
"""Room that came free goes to who was received first; in a closed year it lapses. The envelope is locked already."""

FITTING_ENVELOPE = """
CREATE FUNCTION fitting_envelope(d dossier) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    fits text;
    onward text;
BEGIN
    SELECT envelope INTO fits FROM envelope
    WHERE fund = d.fund AND year = d.budget_year AND rehearsed = d.rehearsed
        AND instrument IN (d.instrument, '*') AND committee IN (coalesce(d.committee, '*'), '*')
    ORDER BY instrument = '*', committee = '*' LIMIT 1;
    LOOP
        SELECT later.envelope INTO onward FROM envelope AS closed JOIN envelope AS later
            ON (later.fund, later.instrument, later.committee, later.rehearsed, later.year)
             = (closed.fund, closed.instrument, closed.committee, closed.rehearsed, closed.year + 1)
        WHERE closed.envelope = fits AND closed.state = 'closed';
        EXIT WHEN onward IS NULL;
        fits := onward;
    END LOOP;
    RETURN fits;
END $$
"""
"""The most specific envelope; a closed year points on to the next one of the same purse."""

PLACE_OF = """
CREATE FUNCTION place_of(d dossier, box envelope, already boolean, need numeric, OUT answer text, OUT why text)
LANGUAGE plpgsql AS $$
BEGIN
    IF box.envelope IS NULL THEN
        answer := CASE WHEN NOT already AND EXISTS (
            SELECT FROM envelope WHERE fund = d.fund AND year <= d.budget_year AND rehearsed = d.rehearsed
        ) THEN 'waiting' ELSE 'unbudgeted' END;
        why := CASE answer WHEN 'waiting' THEN 'no_envelope' END;
    ELSIF box.state = 'closed' THEN
        answer := 'waiting';
        why := 'closed';
    ELSIF need > box.budget - box.reserved - box.committed + box.recovered OR EXISTS (
        SELECT FROM holding WHERE envelope = box.envelope AND state = 'waiting' AND dossier <> d.number
            AND (received_at, dossier) < (d.received_at, d.number)
    ) THEN
        answer := 'waiting';
        why := 'short';
    ELSE
        answer := 'reserved';
    END IF;
END $$
"""
"""Whether there is room for `need` and nobody who was received earlier waits for it."""

ASK_ROOM = """
CREATE FUNCTION ask_room(d dossier, asked integer) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    mine holding;
    box envelope;
    purse text;
    may numeric;
    cut text;
    need numeric;
    answer text := 'reserved';
BEGIN
    PERFORM pg_advisory_xact_lock_shared(hashtextextended('fund/' || d.fund, 0));
    SELECT cap.may, cap.why INTO may, cut FROM cap_room(d) AS cap;
    SELECT * INTO mine FROM holding WHERE dossier = d.number;
    -- what is committed stays on the envelope it was promised from
    purse := CASE WHEN mine.committed > 0 THEN mine.envelope ELSE fitting_envelope(d) END;
    PERFORM lock_envelopes(mine.envelope, purse);
    SELECT * INTO mine FROM holding WHERE dossier = d.number;
    SELECT * INTO box FROM envelope WHERE envelope = purse;
    IF mine.envelope IS DISTINCT FROM purse THEN
        PERFORM move_room(d, mine.envelope, 'release', -mine.reserved);
        mine.reserved := 0;
    END IF;
    may := greatest(may, mine.committed);
    IF box.state = 'closed' AND mine.reserved + mine.committed > 0 AND may > mine.reserved + mine.committed THEN
        may := mine.reserved + mine.committed;
        cut := 'closed';
    END IF;
    need := may - coalesce(mine.reserved + mine.committed, 0);
    IF need < 0 THEN
        PERFORM move_room(d, purse, 'release', need);
    ELSIF need > 0 THEN
        SELECT found.answer, coalesce(found.why, cut) INTO answer, cut
        FROM place_of(d, box, coalesce(mine.committed, 0) > 0, need) AS found;
    END IF;
    INSERT INTO holding (dossier, fund, year, envelope, state, asked, allowed, reserved, committed, paid,
        recovered, reason, received_at, sequence, told)
    VALUES (d.number, d.fund, d.budget_year, purse, answer, d.reserving, may, 0, 0, 0, 0, cut, d.received_at,
        ask_room.asked, true)
    ON CONFLICT (dossier) DO UPDATE SET year = EXCLUDED.year, envelope = EXCLUDED.envelope, state = EXCLUDED.state,
        asked = EXCLUDED.asked, allowed = EXCLUDED.allowed, reason = EXCLUDED.reason, sequence = EXCLUDED.sequence,
        received_at = EXCLUDED.received_at, told = true;
    IF need > 0 AND answer <> 'waiting' THEN
        PERFORM move_room(d, purse, 'reservation', need);
    END IF;
    IF mine.dossier IS NOT NULL THEN
        PERFORM serve_line(left_behind, d.updated_at)
        FROM unnest(ARRAY[mine.envelope, purse]) AS left_behind GROUP BY left_behind ORDER BY left_behind;
    END IF;
END $$
"""

SETTLE_ROOM = """
CREATE FUNCTION settle_room(d dossier, decided boolean) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    mine holding;
    promised numeric := CASE WHEN d.outcome IS NULL THEN d.granted ELSE d.paid END;
    back numeric := least(d.recovered, d.paid);
    rise numeric;
    used numeric;
    ends boolean := decided OR d.reserving IS NULL OR d.outcome IS NOT NULL;
BEGIN
    SELECT * INTO mine FROM holding WHERE dossier = d.number;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    PERFORM pg_advisory_xact_lock_shared(hashtextextended('fund/' || d.fund, 0));
    PERFORM lock_buckets(d);
    SELECT * INTO mine FROM holding WHERE dossier = d.number;
    PERFORM lock_envelopes(mine.envelope);
    SELECT * INTO mine FROM holding WHERE dossier = d.number;
    rise := promised - mine.committed;
    IF rise > mine.reserved THEN
        RAISE EXCEPTION '%: % euro is granted while room is reserved for % euro', d.number, promised,
            mine.reserved + mine.committed USING ERRCODE = 'check_violation', CONSTRAINT = 'granted_within_room';
    END IF;
    IF ends THEN
        used := least(greatest(rise, 0), mine.reserved);
        PERFORM move_room(d, mine.envelope, 'reservation', -used);
        PERFORM move_room(d, mine.envelope, 'release', used - mine.reserved);
    END IF;
    -- what may be spent grows before it is spent, and shrinks after
    PERFORM move_room(d, mine.envelope, 'commitment', greatest(rise, 0));
    PERFORM move_room(d, mine.envelope, 'payment', greatest(d.paid - mine.paid, 0));
    PERFORM move_room(d, mine.envelope, 'recovery', back - mine.recovered);
    PERFORM move_room(d, mine.envelope, 'payment', least(d.paid - mine.paid, 0));
    PERFORM move_room(d, mine.envelope, 'commitment', least(rise, 0));
    IF ends THEN
        UPDATE holding SET state = CASE WHEN promised > 0 THEN 'committed' ELSE 'released' END, allowed = promised,
            reason = NULL, told = true
        WHERE dossier = d.number;
    END IF;
    PERFORM serve_line(mine.envelope, d.updated_at);
END $$
"""
"""Brings what a dossier holds to what its row says; a row that is written again as it stands moves nothing."""

DOSSIER_MOVES = """
CREATE FUNCTION dossier_moves_room() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    question integer;
BEGIN
    IF TG_OP = 'INSERT' AND EXISTS (SELECT FROM holding WHERE dossier = NEW.number) THEN
        RETURN NULL;
    END IF;
    IF TG_OP = 'UPDATE' AND ((NEW.granted, NEW.paid, NEW.recovered, NEW.outcome)
        IS DISTINCT FROM (OLD.granted, OLD.paid, OLD.recovered, OLD.outcome) OR NEW.reserving IS NULL) THEN
        PERFORM settle_room(NEW, NEW.granted <> OLD.granted);
    END IF;
    IF NEW.outcome IS NULL AND NEW.reserving IS NOT NULL THEN
        SELECT max(sequence) INTO question FROM event
        WHERE dossier = NEW.number AND type = 'budget_asked' AND sequence <= NEW.sequence
            AND sequence > coalesce(OLD.sequence, 0);
        IF question IS NOT NULL THEN
            PERFORM ask_room(NEW, question);
        END IF;
    END IF;
    RETURN NULL;
END $$
"""
"""A question is answered whenever it is asked, in the same words too; a row that is written again asks nothing."""
