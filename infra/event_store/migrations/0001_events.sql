-- 事实表: the same columns as the library's own table, so its unmodified recorder can read what we wrote.
-- Partitioned by the year that begins every stream id. By time or by notification id would have been simpler,
-- but then the key could not be (stream, version), and that key is the optimistic lock.
CREATE TABLE public.approval_events (
    originator_id uuid NOT NULL,
    originator_version bigint NOT NULL,
    topic text NOT NULL,
    state bytea NOT NULL,
    notification_id bigserial,
    PRIMARY KEY (originator_id, originator_version)
) PARTITION BY RANGE (originator_id);

-- Not unique: a unique index would have to contain the partition key. The sequence makes the ids unique.
CREATE INDEX approval_events_notification_id_idx ON public.approval_events (notification_id);

-- Rights and this trigger deter and prevent accidents by an owner; only the ledger proves.
CREATE FUNCTION public.approval_events_are_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '事实只增不改:% % 被拒绝;更正请记录新的事实。 Facts are only added: % on % is refused; record a new fact that corrects it.',
        TG_OP, TG_TABLE_NAME, TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END
$$;

CREATE TRIGGER facts_are_kept BEFORE UPDATE OR DELETE ON public.approval_events
    FOR EACH ROW EXECUTE FUNCTION public.approval_events_are_kept();
CREATE TRIGGER facts_are_not_truncated BEFORE TRUNCATE ON public.approval_events
    FOR EACH STATEMENT EXECUTE FUNCTION public.approval_events_are_kept();

CREATE FUNCTION public.approval_year_begins(year int) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
    SELECT rpad(lpad(to_hex(year), 4, '0'), 32, '0')::uuid
$$;

-- One partition for the years [first, past). Rows of those years that arrived before their partition did are
-- taken out of approval_events_later: they were accepted there because refusing a fact would have lost it.
CREATE FUNCTION public.approval_partition(name text, first int, past int) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    low uuid := public.approval_year_begins(first);
    high uuid := public.approval_year_begins(past);
BEGIN
    IF to_regclass('public.' || quote_ident(name)) IS NOT NULL THEN
        RETURN false;
    END IF;
    EXECUTE format('CREATE TABLE public.%I (LIKE public.approval_events INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', name);
    IF to_regclass('public.approval_events_later') IS NOT NULL THEN
        LOCK TABLE public.approval_events IN ACCESS EXCLUSIVE MODE;
        EXECUTE format('INSERT INTO public.%I SELECT * FROM public.approval_events_later
                        WHERE originator_id >= %L AND originator_id < %L', name, low, high);
        ALTER TABLE public.approval_events_later DISABLE TRIGGER facts_are_kept;
        DELETE FROM public.approval_events_later WHERE originator_id >= low AND originator_id < high;
        ALTER TABLE public.approval_events_later ENABLE TRIGGER facts_are_kept;
    END IF;
    EXECUTE format('ALTER TABLE public.approval_events ATTACH PARTITION public.%I FOR VALUES FROM (%L) TO (%L)',
                   name, low, high);
    EXECUTE format('CREATE TRIGGER facts_are_not_truncated BEFORE TRUNCATE ON public.%I
                    FOR EACH STATEMENT EXECUTE FUNCTION public.approval_events_are_kept()', name);
    RETURN true;
END
$$;

-- Streams without a year (catalogue, subscriptions), and the years before the platform.
SELECT public.approval_partition('approval_events_standing', 0, 2000);
SELECT public.approval_partition('approval_events_earlier', 2000, 2024);
CREATE TABLE public.approval_events_later PARTITION OF public.approval_events DEFAULT;
CREATE TRIGGER facts_are_not_truncated BEFORE TRUNCATE ON public.approval_events_later
    FOR EACH STATEMENT EXECUTE FUNCTION public.approval_events_are_kept();

-- 位置: how far each reader or source is done. The row named __migration__ is the library's own mark for this
-- shape of the table; without it the stock recorder would rename the table and begin anew.
CREATE TABLE public.approval_tracking (
    application_name text PRIMARY KEY,
    notification_id bigint
) WITH (fillfactor = 50);
INSERT INTO public.approval_tracking VALUES ('__migration__', 1);

-- 办理请求: what was answered to each idempotent request.
CREATE TABLE public.approval_requests (
    request_id text PRIMARY KEY,
    fingerprint text NOT NULL,
    result bytea NOT NULL,
    position bigint NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now()
);
