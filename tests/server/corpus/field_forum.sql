-- A forum's database over the years: nested categories, posts with search, statistics kept by triggers, hot lists.
CREATE SCHEMA forum;
CREATE SCHEMA stats;
CREATE DOMAIN forum.slug AS varchar(60) CHECK (VALUE ~ '^[a-z0-9-]+$');
CREATE TYPE forum.trust AS ENUM ('new', 'basic', 'member', 'leader');
CREATE TABLE forum.users (
  id bigserial PRIMARY KEY, username varchar(20) NOT NULL, email text NOT NULL, level forum.trust NOT NULL DEFAULT 'new',
  locale char(5), created_at timestamptz NOT NULL DEFAULT now(), suspended_till timestamp, invited_by bigint REFERENCES forum.users ON DELETE SET NULL);
CREATE UNIQUE INDEX users_username_lower ON forum.users (lower(username));
CREATE INDEX users_suspended ON forum.users (suspended_till) WHERE suspended_till IS NOT NULL;
CREATE TABLE forum.categories (
  id serial PRIMARY KEY, parent_id int REFERENCES forum.categories (id), name text NOT NULL, slug forum.slug, position int, settings json,
  CHECK (parent_id <> id), UNIQUE (parent_id, slug));
CREATE TABLE forum.topics (
  id serial PRIMARY KEY, title varchar(200) NOT NULL, category_id int NOT NULL REFERENCES forum.categories, user_id bigint REFERENCES forum.users,
  views int DEFAULT 0, posts_count int DEFAULT 0, closed boolean DEFAULT false, tags text[] DEFAULT '{}', bumped_at timestamptz DEFAULT now());
CREATE INDEX topics_bumped ON forum.topics (category_id, bumped_at DESC) INCLUDE (title) WHERE NOT closed;
CREATE INDEX topics_tags ON forum.topics USING gin (tags);
CREATE TABLE forum.posts (
  id serial PRIMARY KEY, topic_id int NOT NULL, post_number int NOT NULL, user_id bigint REFERENCES forum.users (id), raw text, cooked text,
  reply_to int, score real DEFAULT 0, custom jsonb DEFAULT '{}',
  search tsvector GENERATED ALWAYS AS (to_tsvector('english', coalesce(raw, ''))) STORED, UNIQUE (topic_id, post_number));
ALTER TABLE forum.posts ADD CONSTRAINT posts_topic_fk FOREIGN KEY (topic_id) REFERENCES forum.topics ON DELETE CASCADE;
ALTER TABLE forum.posts ADD CONSTRAINT posts_reply_fk FOREIGN KEY (topic_id, reply_to) REFERENCES forum.posts (topic_id, post_number) NOT VALID;
CREATE INDEX posts_search ON forum.posts USING gin (search);
CREATE INDEX posts_custom ON forum.posts USING gin (custom jsonb_path_ops);
CREATE TABLE stats.user_stats (user_id bigint PRIMARY KEY REFERENCES forum.users ON DELETE CASCADE, posts int DEFAULT 0, likes int DEFAULT 0);
CREATE TABLE stats.topic_hits (topic_id int, day date, hits int, PRIMARY KEY (topic_id, day));
CREATE TABLE forum.badges (id int PRIMARY KEY, name text UNIQUE, query text);
CREATE TABLE forum.user_badges (user_id bigint REFERENCES forum.users, badge_id int REFERENCES forum.badges, granted_at timestamptz, PRIMARY KEY (user_id, badge_id));
CREATE FUNCTION forum.count_post() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE forum.topics SET posts_count = posts_count + 1 WHERE id = NEW.topic_id;
  INSERT INTO stats.user_stats (user_id, posts) VALUES (NEW.user_id, 1)
    ON CONFLICT (user_id) DO UPDATE SET posts = user_stats.posts + 1;
  RETURN NULL;
END $$;
CREATE VIEW forum.visible_topics AS SELECT t.id, t.title, t.category_id, t.bumped_at, u.username FROM forum.topics t LEFT JOIN forum.users u ON u.id = t.user_id WHERE NOT t.closed;
CREATE VIEW forum.front_page AS SELECT v.*, c.name AS category FROM forum.visible_topics v JOIN forum.categories c ON c.id = v.category_id ORDER BY bumped_at DESC;
CREATE MATERIALIZED VIEW stats.hot_topics AS SELECT f.id, f.title, coalesce(sum(h.hits), 0) AS hits FROM forum.front_page f LEFT JOIN stats.topic_hits h ON h.topic_id = f.id GROUP BY f.id, f.title;
CREATE UNIQUE INDEX hot_topics_id ON stats.hot_topics (id);
INSERT INTO forum.users (username, email) SELECT 'user' || n, 'u' || n || '@example.org' FROM generate_series(1, 8) n;
INSERT INTO forum.categories (parent_id, name, slug, position) VALUES (NULL, 'General', 'general', 1), (1, 'Help', 'help', 2), (1, 'Meta', 'meta', 3);
INSERT INTO forum.topics (title, category_id, user_id) SELECT 'Topic ' || n, 1 + n % 3, n FROM generate_series(1, 8) n;
INSERT INTO forum.posts (topic_id, post_number, user_id, raw) SELECT n, 1, n, 'Hello ' || n FROM generate_series(1, 8) n;
INSERT INTO forum.posts (topic_id, post_number, user_id, raw, reply_to) SELECT n, 2, 1, 'Reply', 1 FROM generate_series(1, 8) n;
INSERT INTO stats.user_stats SELECT n, 1, 0 FROM generate_series(1, 8) n;
INSERT INTO stats.topic_hits SELECT n, '2024-01-01', n FROM generate_series(1, 8) n;
INSERT INTO forum.badges VALUES (1, 'First post', 'SELECT 1'), (2, 'Nice reply', NULL);
INSERT INTO forum.user_badges VALUES (1, 1, now()), (2, 1, now());
-- statements
SET search_path = forum, public;
ALTER TABLE topics ADD COLUMN pinned_until timestamptz, ADD COLUMN archetype varchar(20) NOT NULL DEFAULT 'regular', ADD COLUMN visible boolean NOT NULL DEFAULT true;
CREATE INDEX IF NOT EXISTS topics_pinned ON topics (pinned_until) WHERE pinned_until IS NOT NULL AND visible;
ALTER TABLE posts VALIDATE CONSTRAINT posts_reply_fk;
CREATE TRIGGER posts_counted AFTER INSERT ON posts FOR EACH ROW EXECUTE FUNCTION count_post();
INSERT INTO posts (topic_id, post_number, user_id, raw, reply_to) VALUES (3, 3, 2, 'Me too', 2);
ALTER TABLE users ALTER COLUMN suspended_till TYPE timestamptz USING suspended_till AT TIME ZONE 'UTC', ALTER COLUMN email TYPE varchar(254);
ALTER TABLE users ALTER COLUMN locale DROP NOT NULL, ALTER COLUMN locale TYPE text USING rtrim(locale), ADD CONSTRAINT locale_known CHECK (locale IN ('en', 'de', 'fr')) NOT VALID;
UPDATE users u SET locale = 'en' FROM stats.user_stats s WHERE s.user_id = u.id AND s.posts > 0 AND u.locale IS NULL;
ALTER TABLE users VALIDATE CONSTRAINT locale_known, ALTER COLUMN locale SET DEFAULT 'en';
ALTER TABLE categories ALTER COLUMN settings TYPE jsonb USING settings::jsonb, ALTER COLUMN settings SET DEFAULT '{}'::jsonb;
CREATE TABLE category_groups (
  category_id int NOT NULL REFERENCES categories ON DELETE CASCADE, group_name text COLLATE "C" NOT NULL, permission smallint CHECK (permission BETWEEN 1 AND 3),
  PRIMARY KEY (category_id, group_name));
INSERT INTO category_groups SELECT id, 'staff', 1 FROM categories WHERE parent_id IS NULL;
CREATE OR REPLACE VIEW visible_topics AS
  SELECT t.id, t.title, t.category_id, t.bumped_at, u.username, t.pinned_until FROM topics t LEFT JOIN users u ON u.id = t.user_id WHERE NOT t.closed AND t.visible;
REFRESH MATERIALIZED VIEW CONCURRENTLY stats.hot_topics;
WITH moved AS (UPDATE topics SET category_id = 3 WHERE category_id = 2 AND id < 4 RETURNING id), hits AS (
  INSERT INTO stats.topic_hits SELECT id, '2024-02-01', 0 FROM moved ON CONFLICT (topic_id, day) DO NOTHING RETURNING topic_id)
SELECT count(*) FROM moved LEFT JOIN hits ON topic_id = id;
ALTER DOMAIN slug DROP CONSTRAINT slug_check;
ALTER DOMAIN slug ADD CONSTRAINT slug_shape CHECK (VALUE ~ '^[a-z0-9_-]+$') NOT VALID;
ALTER DOMAIN slug VALIDATE CONSTRAINT slug_shape;
DELETE FROM user_badges ub USING badges b WHERE b.id = ub.badge_id AND b.name = 'First post' AND ub.user_id = 2;
ALTER TABLE stats.user_stats DROP CONSTRAINT IF EXISTS user_stats_user_fk, ADD COLUMN days_visited int NOT NULL DEFAULT 0, ADD CHECK (likes >= 0);
SELECT t.id, p.id FROM topics t JOIN posts p ON p.topic_id = t.id WHERE t.id = 5 ORDER BY p.post_number FOR UPDATE OF t FOR KEY SHARE OF p;
LOCK TABLE front_page IN SHARE ROW EXCLUSIVE MODE;
-- rows
-- pg: 15-
MERGE INTO stats.user_stats s USING (SELECT user_id, count(*)::int AS n FROM posts GROUP BY user_id) p ON p.user_id = s.user_id
  WHEN MATCHED AND s.posts <> p.n THEN UPDATE SET posts = p.n WHEN NOT MATCHED THEN INSERT (user_id, posts) VALUES (p.user_id, p.n);
DROP INDEX topics_tags, stats.hot_topics_id;
CREATE INDEX topics_tags ON topics USING gin (tags) WITH (fastupdate = off);
ALTER TABLE posts ALTER COLUMN search DROP EXPRESSION, ALTER COLUMN raw SET NOT NULL, ALTER COLUMN cooked SET STORAGE EXTERNAL;
CREATE FUNCTION index_post() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.search := to_tsvector('simple', NEW.raw); RETURN NEW; END $$;
CREATE TRIGGER posts_indexed BEFORE INSERT OR UPDATE OF raw ON posts FOR EACH ROW EXECUTE FUNCTION index_post();
UPDATE posts SET raw = raw || '!' WHERE topic_id = 1;
ALTER TABLE posts ALTER COLUMN id TYPE bigint, ALTER COLUMN score TYPE double precision;
CREATE RULE badges_kept AS ON DELETE TO badges DO INSTEAD UPDATE badges SET query = NULL WHERE id = OLD.id;
-- rows
DELETE FROM badges WHERE id = 1;
DELETE FROM topics WHERE id = 8;
ALTER TABLE topics DROP COLUMN views, DROP COLUMN pinned_until CASCADE;
DROP VIEW IF EXISTS front_page, visible_topics CASCADE;
ALTER TABLE categories RENAME COLUMN position TO sort_order;
COMMENT ON CONSTRAINT categories_check ON categories IS 'no category is its own parent';
ANALYZE posts (raw, search), topics;
DROP TYPE trust CASCADE;
