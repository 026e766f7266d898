-- Deploy forum:topics to pg
-- requires: appschema

BEGIN;
SET client_min_messages = 'warning';
CREATE TABLE forum.topics (
    topic_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    title    text NOT NULL,
    owner    name NOT NULL DEFAULT :'owner'
);
COMMIT;
