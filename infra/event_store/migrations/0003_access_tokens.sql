-- 访问令牌: a token is bound to an organ and a role; only its hash is kept, so the table opens no door.
CREATE TABLE public.access_tokens (
    token_hash bytea PRIMARY KEY,
    organ text NOT NULL,
    role text NOT NULL,
    officer text NOT NULL,
    purpose text NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz,
    revoked_at timestamptz
);
