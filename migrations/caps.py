"""The functions by which PostgreSQL keeps the ceilings that several dossiers share, as migration 0015 makes them.

Whoever asks or lets go holds the lock of every bucket it has or will have a part of, until its transaction ends. So two
who share a ceiling come one after the other, and each sees what the one before left.
"""

LOCK_BUCKETS = """
CREATE FUNCTION lock_buckets(d dossier) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    key bigint;
BEGIN
    FOR key IN
        SELECT DISTINCT hashtextextended('cap/' || bucket, 0) FROM (
            SELECT spelled_bucket(d, cap.bucket) AS bucket FROM jsonb_to_recordset(d.caps) AS cap (bucket text)
            UNION ALL SELECT bucket FROM holding_cap WHERE dossier = d.number
        ) AS shared ORDER BY 1
    LOOP
        PERFORM pg_advisory_xact_lock(key);
    END LOOP;
END $$
"""

SPELLED_BUCKET = """
CREATE FUNCTION spelled_bucket(d dossier, bucket text) RETURNS text LANGUAGE sql IMMUTABLE
RETURN bucket || CASE WHEN d.rehearsed THEN '/rehearsal' ELSE '' END
"""
"""Rehearsals share ceilings among themselves."""

HELD_UNDER_CAPS = """
CREATE FUNCTION held_under_caps(held holding) RETURNS numeric LANGUAGE sql IMMUTABLE
RETURN CASE WHEN held.state = 'waiting' THEN held.allowed ELSE held.reserved + held.committed END - held.recovered
"""

BUCKET_USED = """
CREATE FUNCTION bucket_used(but text, named text, since date) RETURNS numeric LANGUAGE sql
BEGIN ATOMIC
    SELECT coalesce(sum(least(cap.allowed, held_under_caps(held))), 0)
    FROM holding_cap AS cap JOIN holding AS held USING (dossier)
    WHERE cap.bucket = named AND cap.dossier <> but AND cap.until IS NULL
        AND (bucket_used.since IS NULL OR cap.opens_on >= bucket_used.since);
END
"""

PLACE_TAKEN = """
CREATE FUNCTION place_taken(but text, named text, since date, until date) RETURNS boolean LANGUAGE sql
BEGIN ATOMIC
    SELECT EXISTS (
        SELECT FROM holding_cap AS cap JOIN holding AS held USING (dossier)
        WHERE cap.bucket = named AND cap.dossier <> but AND cap.allowed > 0 AND held_under_caps(held) > 0
            AND cap.since <= place_taken.until AND cap.until >= place_taken.since
    );
END
"""

CAP_ROOM = """
CREATE FUNCTION cap_room(d dossier, OUT may numeric, OUT why text) LANGUAGE plpgsql AS $$
BEGIN
    PERFORM lock_buckets(d);
    DELETE FROM holding_cap WHERE dossier = d.number;
    INSERT INTO holding_cap (dossier, bucket, "limit", amount, allowed, opens_on, since, until)
    SELECT d.number, named, cap."limit", cap.amount, CASE
        WHEN cap.until IS NOT NULL THEN CASE WHEN place_taken(d.number, named, cap.since, cap.until) THEN 0
            ELSE cap.amount END
        ELSE greatest(least(cap.amount, cap."limit" - bucket_used(d.number, named, cap.since)), 0)
    END, (d.received_at AT TIME ZONE 'Europe/Brussels')::date, cap.since, cap.until
    FROM jsonb_to_recordset(d.caps) AS cap (bucket text, "limit" numeric, amount numeric, since date, until date),
        spelled_bucket(d, cap.bucket) AS named;
    SELECT greatest(least(
            d.reserving - coalesce(sum(amount - allowed) FILTER (WHERE amount < d.reserving), 0),
            min(allowed) FILTER (WHERE amount >= d.reserving)
        ), 0),
        CASE WHEN bool_or(until IS NOT NULL AND allowed < amount) THEN 'place' ELSE 'cap' END
    INTO may, why FROM holding_cap WHERE dossier = d.number;
    IF may >= d.reserving THEN
        why := NULL;
    END IF;
END $$
"""
"""What the caps leave of the asked amount: less what does not fit under those that cover a part of it, and never more
than the strictest of those that cover all. Who waits keeps the place in the buckets, so nobody is cut twice."""
