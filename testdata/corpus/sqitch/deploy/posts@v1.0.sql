-- Deploy forum:posts to pg
-- requires: topics

BEGIN;
CREATE TABLE forum.posts (
    post_id  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    topic_id bigint NOT NULL REFERENCES forum.topics (topic_id),
    body     text   NOT NULL
);
COMMIT;
