-- Deploy forum:posts to pg
-- requires: posts@v1.0

BEGIN;
ALTER TABLE forum.posts ADD COLUMN score integer NOT NULL DEFAULT 0;
CREATE INDEX posts_topic_score ON forum.posts (topic_id, score DESC);
COMMIT;
