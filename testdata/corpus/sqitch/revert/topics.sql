-- Revert forum:topics from pg

DROP TABLE forum.topics;
