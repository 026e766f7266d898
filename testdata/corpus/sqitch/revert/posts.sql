-- Revert forum:posts from pg

BEGIN;
DROP INDEX forum.posts_topic_score;
ALTER TABLE forum.posts DROP COLUMN score;
COMMIT;
