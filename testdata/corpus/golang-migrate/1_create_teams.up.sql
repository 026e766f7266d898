BEGIN;
CREATE TABLE teams (
    id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (START WITH 1000),
    name text NOT NULL
);
CREATE TABLE members (
    team_id bigint NOT NULL REFERENCES teams ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    user_id bigint NOT NULL,
    role    text   NOT NULL DEFAULT 'member' CHECK (role IN ('owner', 'admin', 'member')),
    UNIQUE NULLS NOT DISTINCT (team_id, user_id)
);
COMMIT;
