-- 追加: the one way facts are stored; facts, request rows and positions together or not at all.
--
-- The advisory lock makes notification ids follow the order of commits, so a reader that tails them never
-- passes over one that appears later. A table lock would do the same, but collides with every (auto)vacuum:
-- all writers froze for a second per round and the vacuum never finished.
--
-- request_ends[i] is the place (1-based, 0 for none) of the last fact that belongs to request i.
-- Returns the notification ids in the order of the facts. A position that is not beyond the stored one raises
-- 23T01; keys that are taken raise unique_violation.
CREATE FUNCTION public.approval_append(
    ids uuid[], versions bigint[], topics text[], states bytea[],
    request_ids text[], fingerprints text[], results bytea[], request_ends int[],
    names text[], positions bigint[]
) RETURNS bigint[] LANGUAGE plpgsql AS $$
DECLARE
    stored bigint[];
    moved int;
BEGIN
    PERFORM pg_advisory_xact_lock(7310042614);
    WITH added AS (
        INSERT INTO public.approval_events (originator_id, originator_version, topic, state)
        SELECT * FROM unnest(ids, versions, topics, states)
        RETURNING notification_id
    )
    SELECT array_agg(notification_id ORDER BY notification_id) INTO stored FROM added;
    IF request_ids IS NOT NULL THEN
        INSERT INTO public.approval_requests (request_id, fingerprint, result, position)
        SELECT id, fingerprint, result, coalesce(stored[place], 0)
        FROM unnest(request_ids, fingerprints, results, request_ends) AS asked (id, fingerprint, result, place);
    END IF;
    IF names IS NOT NULL THEN
        INSERT INTO public.approval_tracking AS t (application_name, notification_id)
        SELECT * FROM unnest(names, positions)
        ON CONFLICT (application_name) DO UPDATE SET notification_id = excluded.notification_id
        WHERE t.notification_id < excluded.notification_id;
        GET DIAGNOSTICS moved = ROW_COUNT;
        IF moved < cardinality(names) THEN
            RAISE EXCEPTION USING ERRCODE = '23T01', MESSAGE = 'position already passed';
        END IF;
    END IF;
    -- A hint, once per group: NOTIFY takes a lock over the whole server at commit.
    NOTIFY approval_events;
    RETURN coalesce(stored, '{}');
END
$$;
