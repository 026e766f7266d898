-- Verify forum:topics on pg

SELECT topic_id, title FROM forum.topics WHERE false;
SELECT 1 / (count(*) > 0)::int FROM pg_class WHERE oid = 'forum.topics'::regclass;
