"""A social network with messages: 18 tables and a view, primary keys only, and its statements with weights.

Written when the advisor was done: its first run was blind.
"""

from statements import Statements

SCHEMA = """
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE TABLE accounts (id bigint PRIMARY KEY, handle text NOT NULL, email text NOT NULL, display_name text NOT NULL, joined_at timestamptz NOT NULL,
  locale char(2) NOT NULL, shadowed boolean NOT NULL DEFAULT false, deactivated_at timestamptz, interests text[] NOT NULL, profile jsonb NOT NULL);
CREATE TABLE follows (follower_id bigint NOT NULL REFERENCES accounts, followee_id bigint NOT NULL REFERENCES accounts, since timestamptz NOT NULL,
  muted boolean NOT NULL, PRIMARY KEY (follower_id, followee_id));
CREATE TABLE blocks (blocker_id bigint NOT NULL, blocked_id bigint NOT NULL, at timestamptz NOT NULL, PRIMARY KEY (blocker_id, blocked_id));
CREATE TABLE communities (id int PRIMARY KEY, slug text NOT NULL, title text NOT NULL, parent_id int REFERENCES communities, path text NOT NULL,
  visibility text NOT NULL, rules tsvector NOT NULL);
CREATE TABLE memberships (id bigint PRIMARY KEY, community_id int NOT NULL REFERENCES communities, account_id bigint NOT NULL REFERENCES accounts,
  level text NOT NULL, joined_on date NOT NULL, left_on date);
CREATE TABLE posts (id bigint PRIMARY KEY, author_id bigint NOT NULL REFERENCES accounts, community_id int REFERENCES communities, reply_to bigint,
  published_at timestamptz NOT NULL, status text NOT NULL, tags text[] NOT NULL, body text NOT NULL, words tsvector NOT NULL, likes int NOT NULL,
  meta jsonb NOT NULL);
CREATE TABLE reactions (post_id bigint NOT NULL REFERENCES posts, account_id bigint NOT NULL, kind smallint NOT NULL, at timestamptz NOT NULL,
  PRIMARY KEY (post_id, account_id));
CREATE TABLE mentions (id bigint PRIMARY KEY, post_id bigint NOT NULL REFERENCES posts, account_id bigint NOT NULL, seen boolean NOT NULL);
CREATE TABLE threads (id bigint PRIMARY KEY, topic text, last_message_at timestamptz NOT NULL, kind text NOT NULL, archived boolean NOT NULL);
CREATE TABLE participants (thread_id bigint NOT NULL REFERENCES threads, account_id bigint NOT NULL REFERENCES accounts, last_read_id bigint NOT NULL,
  pinned boolean NOT NULL, PRIMARY KEY (thread_id, account_id));
CREATE TABLE messages (id bigint PRIMARY KEY, thread_id bigint NOT NULL REFERENCES threads, sender_id bigint NOT NULL, sent_at timestamptz NOT NULL,
  body text NOT NULL, edited_at timestamptz, attachment_id bigint);
CREATE TABLE media (id bigint PRIMARY KEY, owner_id bigint NOT NULL, digest text NOT NULL, bytes int NOT NULL, mime text NOT NULL, state text NOT NULL,
  created_at timestamptz NOT NULL, exif jsonb);
CREATE TABLE notifications (id bigint PRIMARY KEY, account_id bigint NOT NULL, kind text NOT NULL, subject_type text NOT NULL, subject_id bigint NOT NULL,
  created_at timestamptz NOT NULL, read_at timestamptz);
CREATE TABLE reports (id int PRIMARY KEY, reporter_id bigint NOT NULL, target_type text NOT NULL, target_id bigint NOT NULL, reason text NOT NULL,
  state text NOT NULL, opened_at timestamptz NOT NULL, moderator_id bigint, closed_at timestamptz);
CREATE TABLE devices (id uuid PRIMARY KEY, account_id bigint NOT NULL, platform text NOT NULL, push_token text, last_seen timestamptz NOT NULL);
CREATE TABLE links (id bigint PRIMARY KEY, post_id bigint NOT NULL, url text NOT NULL, host text NOT NULL);
CREATE TABLE polls (id bigint PRIMARY KEY, post_id bigint NOT NULL, open_during tstzrange NOT NULL, options text[] NOT NULL);
CREATE TABLE votes (poll_id bigint NOT NULL, account_id bigint NOT NULL, choice smallint NOT NULL, PRIMARY KEY (poll_id, account_id));
CREATE VIEW visible_posts AS SELECT p.* FROM posts p WHERE p.status = 'live' AND NOT EXISTS (SELECT 1 FROM accounts a WHERE a.id = p.author_id AND a.shadowed);
"""

DATA = """
SELECT setseed(0.31);
INSERT INTO accounts SELECT i, 'u' || substr(md5(i::text), 1, 9), 'Name' || i || '@mail' || i % 30 || '.example', 'Display ' || md5((i * 3)::text),
  '2018-01-01'::timestamptz + i * interval '50 minutes', (ARRAY['en','en','en','de','fr','pt','ja'])[1 + (power(random(), 1.5) * 6)::int], random() < 0.01,
  CASE WHEN random() < 0.05 THEN '2024-01-01'::timestamptz END, ARRAY['i' || (power(random(), 2) * 200)::int, 'i' || i % 40],
  jsonb_build_object('city', 'c' || (power(random(), 2) * 900)::int, 'verified', random() < 0.02, 'age', 15 + i % 60) FROM generate_series(1, 60000) i;
INSERT INTO follows SELECT a, b, '2020-01-01'::timestamptz + (a + b) * interval '10 minutes', random() < 0.03 FROM (SELECT DISTINCT
  1 + (random() * 59999)::int AS a, 1 + (power(random(), 3) * 59999)::int AS b FROM generate_series(1, 400000)) x;
INSERT INTO blocks SELECT a, b, '2021-01-01'::timestamptz + a * interval '1 hour' FROM (SELECT DISTINCT 1 + (power(random(), 2) * 59999)::int AS a,
  1 + (power(random(), 2) * 59999)::int AS b FROM generate_series(1, 20000)) x;
INSERT INTO communities SELECT i, 'com-' || i, 'Community ' || md5(i::text), CASE WHEN i > 40 THEN 1 + i % (i / 5) END, 'root.' || i % 40 || '.' || i % 400 || '.' || i,
  (ARRAY['public','public','public','members','hidden'])[1 + i % 5], to_tsvector('english', 'be kind number' || i % 90) FROM generate_series(1, 3000) i;
INSERT INTO memberships SELECT i, 1 + (power(random(), 3) * 2999)::int, 1 + (power(random(), 1.5) * 59999)::int,
  (ARRAY['member','member','member','member','member','moderator','owner'])[1 + (power(random(), 3) * 6)::int], '2019-01-01'::date + i / 120,
  CASE WHEN random() < 0.15 THEN '2024-01-01'::date END FROM generate_series(1, 180000) i;
INSERT INTO posts SELECT i, 1 + (power(random(), 2.5) * 59999)::int, CASE WHEN random() < 0.6 THEN 1 + (power(random(), 3) * 2999)::int END,
  CASE WHEN random() < 0.45 AND i > 10 THEN i - 1 - (power(random(), 4) * (i - 2))::int END, '2023-01-01'::timestamptz + i * interval '3 minutes' + random() * interval '20 minutes',
  (ARRAY['live','live','live','live','live','live','draft','removed'])[1 + (power(random(), 3) * 7)::int],
  ARRAY['t' || (power(random(), 2.5) * 4000)::int, 't' || i % 60], md5(i::text) || ' ' || md5((i + 1)::text), to_tsvector('simple', 'w' || (power(random(), 2) * 5000)::int ||
  ' v' || i % 700 || ' ' || (ARRAY['cat','dog','cat','news','art','cat'])[1 + i % 6]), (power(random(), 6) * 5000)::int,
  jsonb_build_object('client', (ARRAY['web','ios','ios','android'])[1 + i % 4], 'lang', (ARRAY['en','en','de'])[1 + i % 3], 'quote', i % 50000) FROM generate_series(1, 250000) i;
INSERT INTO reactions SELECT p, a, (power(random(), 2) * 5)::int, '2023-01-01'::timestamptz + p * interval '3 minutes' + random() * interval '2 days' FROM (SELECT DISTINCT
  1 + (power(random(), 1.3) * 249999)::int AS p, 1 + (power(random(), 2) * 59999)::int AS a FROM generate_series(1, 500000)) x ORDER BY p;
INSERT INTO mentions SELECT i, 1 + i * 3 % 250000, 1 + (power(random(), 2.5) * 59999)::int, random() < 0.93 FROM generate_series(1, 80000) i;
INSERT INTO threads SELECT i, CASE WHEN i % 4 = 0 THEN 'topic ' || i END, '2024-06-01'::timestamptz - power(random(), 3) * interval '500 days',
  (ARRAY['direct','direct','direct','group'])[1 + i % 4], random() < 0.3 FROM generate_series(1, 70000) i;
INSERT INTO participants SELECT DISTINCT ON (t, a) t, a, (random() * 420000)::int, random() < 0.02 FROM (SELECT t, 1 + (power(random(), 2) * 59999)::int AS a
  FROM generate_series(1, 70000) t, generate_series(1, 3)) x;
INSERT INTO messages SELECT i, 1 + (power(random(), 2) * 69999)::int, 1 + (power(random(), 2) * 59999)::int, '2023-02-01'::timestamptz + i * interval '100 seconds',
  'hello ' || md5(i::text), CASE WHEN random() < 0.03 THEN '2024-05-01'::timestamptz END, CASE WHEN random() < 0.08 THEN 1 + (random() * 49999)::int END FROM generate_series(1, 420000) i;
INSERT INTO media SELECT i, 1 + (power(random(), 2) * 59999)::int, md5((i % 42000)::text), (power(random(), 4) * 9000000)::int, (ARRAY['image/jpeg','image/png','video/mp4'])[1 + i % 3],
  CASE WHEN random() < 0.985 THEN 'ready' WHEN random() < 0.7 THEN 'processing' ELSE 'failed' END, '2023-01-01'::timestamptz + i * interval '14 minutes',
  CASE WHEN i % 3 = 0 THEN jsonb_build_object('camera', 'cam' || i % 120, 'iso', 100 * (1 + i % 8)) END FROM generate_series(1, 50000) i;
INSERT INTO notifications SELECT i, 1 + (power(random(), 2) * 59999)::int, (ARRAY['like','like','like','follow','mention','reply'])[1 + (power(random(), 1.3) * 5)::int],
  (ARRAY['post','post','account','message'])[1 + (power(random(), 1.5) * 3)::int], (random() * 250000)::int, '2023-06-01'::timestamptz + i * interval '90 seconds',
  CASE WHEN random() < 0.9 THEN '2023-06-02'::timestamptz + i * interval '90 seconds' END FROM generate_series(1, 350000) i;
INSERT INTO reports SELECT i, 1 + (random() * 59999)::int, (ARRAY['post','post','account'])[1 + i % 3], 1 + (random() * 59999)::int, 'r' || i % 12, CASE WHEN i < 29000 THEN
  (ARRAY['upheld','dismissed','dismissed'])[1 + i % 3] ELSE (ARRAY['open','open','escalated'])[1 + i % 3] END, '2023-01-01'::timestamptz + i * interval '25 minutes',
  CASE WHEN random() < 0.9 THEN 1 + (random() * 40)::int END, CASE WHEN i < 29000 THEN '2023-01-03'::timestamptz + i * interval '25 minutes' END FROM generate_series(1, 30000) i;
INSERT INTO devices SELECT md5('d' || i)::uuid, 1 + (power(random(), 1.4) * 59999)::int, (ARRAY['ios','android','android','web'])[1 + i % 4], CASE WHEN random() < 0.7 THEN md5('p' || i) END,
  '2024-06-30'::timestamptz - power(random(), 3) * interval '400 days' FROM generate_series(1, 90000) i;
INSERT INTO links SELECT i, 1 + i * 2 % 250000, 'https://site' || (power(random(), 2) * 2000)::int || '.example/' || md5(i::text), 'site' || (power(random(), 2) * 2000)::int || '.example'
  FROM generate_series(1, 100000) i;
INSERT INTO polls SELECT i, i * 31, tstzrange('2023-01-01'::timestamptz + i * interval '93 minutes', '2023-01-01'::timestamptz + i * interval '93 minutes' + (1 + i % 6) * interval '1 day'),
  ARRAY['yes','no'] FROM generate_series(1, 8000) i;
INSERT INTO votes SELECT p, a, (random() * 1)::int FROM (SELECT DISTINCT 1 + (random() * 7999)::int AS p, 1 + (power(random(), 2) * 59999)::int AS a FROM generate_series(1, 120000)) x;
"""


def queries():
    """The statements; constants differ from sample to sample."""
    result = Statements(404)
    rng, add, number, skewed = result.random, result.add, result.number, result.skewed

    account, post, thread, community = skewed(60000), number(1, 250000), skewed(70000), skewed(3000, 3)
    day = lambda: f"2024-0{rng.randint(1, 5)}-{rng.randint(1, 28):02d}"
    ids = lambda: ", ".join(str(rng.randint(1, 250000)) for _ in range(8))
    people = lambda: ", ".join(str(1 + int(rng.random() ** 2 * 59999)) for _ in range(12))
    # Signing in and profiles.
    add(1800, "SELECT id, display_name FROM accounts WHERE handle = 'u' || substr(md5('{n}'), 1, 9)", n=number(1, 60000))
    add(500, "SELECT id FROM accounts WHERE lower(email) = lower('NAME{n}@Mail7.example') AND deactivated_at IS NULL", n=number(1, 60000))
    add(900, "SELECT id, platform, push_token FROM devices WHERE account_id = {a} AND push_token IS NOT NULL", a=account)
    add(30, "DELETE FROM devices WHERE last_seen < '2023-05-{n}'", n=number(28, 30))
    add(60, "SELECT id, handle FROM accounts WHERE display_name ILIKE '%{n}%' LIMIT 20", n=lambda: f"{rng.randrange(16**5):05x}")
    add(90, "SELECT id, handle FROM accounts WHERE handle LIKE 'u{n}%' ORDER BY handle LIMIT 10", n=lambda: f"{rng.randrange(16**3):03x}")
    add(40, "SELECT id FROM accounts WHERE interests @> ARRAY['i{n}', 'i{m}']", n=number(50, 200), m=number(1, 39))
    add(30, "SELECT id, handle FROM accounts WHERE profile @> '{{\"city\": \"c{n}\", \"verified\": true}}'", n=number(100, 900))
    add(10, "SELECT locale, count(*) FROM accounts WHERE joined_at >= '2023-0{m}-01' GROUP BY locale", m=number(1, 9))
    # The graph.
    add(1500, "SELECT 1 FROM follows WHERE follower_id = {a} AND followee_id = {b}", a=account, b=account)
    add(700, "SELECT follower_id, since FROM follows WHERE followee_id = {a} ORDER BY since DESC LIMIT 30", a=number(500, 60000))
    add(350, "SELECT count(*) FROM follows WHERE followee_id = {a}", a=number(100, 60000))
    add(80, "SELECT f2.followee_id, count(*) AS n FROM follows f1 JOIN follows f2 ON f2.follower_id = f1.followee_id WHERE f1.follower_id = {a} AND NOT EXISTS"
            " (SELECT 1 FROM follows f3 WHERE f3.follower_id = {a} AND f3.followee_id = f2.followee_id) GROUP BY 1 ORDER BY n DESC LIMIT 10", a=number(1, 60000))
    add(120, "SELECT 1 FROM blocks WHERE blocked_id = {a} AND blocker_id IN ({p})", a=account, p=people)
    add(60, "SELECT blocker_id FROM blocks WHERE blocked_id = {a}", a=account)
    # The timeline.
    add(900, "SELECT p.id, p.body, p.published_at FROM posts p WHERE p.author_id = ANY(ARRAY[{p}]::bigint[]) AND p.status = 'live' ORDER BY p.published_at DESC LIMIT 20", p=people)
    add(150, "SELECT p.id, p.author_id, p.published_at FROM follows f JOIN posts p ON p.author_id = f.followee_id WHERE f.follower_id = {a} AND NOT f.muted AND p.published_at"
             " > '{d}' AND p.status = 'live' ORDER BY p.published_at DESC LIMIT 40", a=number(1, 60000), d=day)
    add(600, "SELECT id, body, likes FROM posts WHERE author_id = {a} AND (published_at, id) < ('{d}'::timestamptz, {p}) ORDER BY published_at DESC, id DESC LIMIT 20", a=account, d=day, p=post)
    add(500, "SELECT id, author_id, likes FROM visible_posts WHERE community_id = {c} ORDER BY published_at DESC LIMIT 25", c=community)
    add(1100, "SELECT id, author_id, body FROM posts WHERE reply_to = {p} AND status <> 'removed' ORDER BY published_at", p=post)
    add(150, "SELECT reply_to, count(*) FROM posts WHERE reply_to = ANY('{{{p}}}'::bigint[]) GROUP BY reply_to", p=lambda: ids().replace(" ", ""))
    add(70, "WITH RECURSIVE tree AS (SELECT id, reply_to, 1 AS depth FROM posts WHERE id = {p} UNION ALL SELECT c.id, c.reply_to, t.depth + 1 FROM posts c JOIN tree t"
            " ON c.reply_to = t.id WHERE t.depth < 5) SELECT id, depth FROM tree", p=number(1000, 250000))
    add(60, "SELECT id, body FROM posts WHERE words @@ to_tsquery('simple', 'w{n} & v{m}')", n=number(10, 5000), m=number(0, 699))
    add(90, "SELECT id, published_at FROM posts WHERE tags @> ARRAY['t{n}'] ORDER BY published_at DESC LIMIT 20", n=number(300, 4000))
    add(25, "SELECT id FROM posts WHERE meta @> '{{\"quote\": {n}}}'", n=number(0, 49999))
    add(25, "SELECT count(*) FROM posts WHERE meta->>'quote' = '{n}'", n=number(0, 49999))
    add(40, "SELECT id, author_id, likes FROM posts WHERE published_at > '2024-05-{d}' AND likes > 4000 ORDER BY likes DESC LIMIT 10", d=number(10, 28))
    add(100, "SELECT c.id, x.id, x.likes FROM communities c CROSS JOIN LATERAL (SELECT p.id, p.likes FROM posts p WHERE p.community_id = c.id AND p.status = 'live' ORDER BY"
             " p.published_at DESC LIMIT 3) x WHERE c.parent_id = {c}", c=number(1, 60))
    add(15, "SELECT * FROM (SELECT id, author_id, likes, rank() OVER (PARTITION BY author_id ORDER BY likes DESC) AS r FROM posts WHERE author_id IN ({p})) q WHERE r <= 3", p=people)
    add(200, "SELECT count(*) FROM posts WHERE author_id = {a} AND status = 'draft'", a=account)
    # Reactions.
    add(800, "SELECT post_id, kind FROM reactions WHERE account_id = {a} AND post_id IN ({p})", a=account, p=ids)
    add(120, "SELECT post_id, at FROM reactions WHERE account_id = {a} ORDER BY at DESC LIMIT 50", a=account)
    add(900, "SELECT kind, count(*) FROM reactions WHERE post_id = {p} GROUP BY kind", p=post)
    add(300, "SELECT m.id, p.body FROM mentions m JOIN posts p ON p.id = m.post_id WHERE m.account_id = {a} AND NOT m.seen ORDER BY p.published_at DESC LIMIT 20", a=account)
    add(200, "SELECT url FROM links WHERE post_id = ANY(ARRAY[{p}]::bigint[])", p=ids)
    add(40, "SELECT host, count(*) FROM links WHERE host LIKE 'site{n}%' GROUP BY host ORDER BY 2 DESC", n=number(10, 99))
    # Messages.
    add(2000, "SELECT id, sender_id, body, sent_at FROM messages WHERE thread_id = {t} AND id < {m} ORDER BY id DESC LIMIT 30", t=thread, m=number(200000, 420000))
    add(1200, "SELECT t.id, t.topic, t.last_message_at, p.last_read_id FROM participants p JOIN threads t ON t.id = p.thread_id WHERE p.account_id = {a} AND NOT t.archived ORDER BY"
              " t.last_message_at DESC LIMIT 25", a=account)
    add(400, "SELECT p.thread_id, count(m.id) FROM participants p JOIN messages m ON m.thread_id = p.thread_id AND m.id > p.last_read_id WHERE p.account_id = {a} GROUP BY p.thread_id",
        a=number(2000, 60000))
    add(70, "SELECT p.account_id FROM participants p WHERE p.thread_id = {t} AND NOT EXISTS (SELECT 1 FROM blocks b WHERE b.blocker_id = p.account_id AND b.blocked_id = {a})", t=thread, a=account)
    add(50, "SELECT m.id, d.digest FROM messages m JOIN media d ON d.id = m.attachment_id WHERE m.thread_id = {t} AND m.attachment_id IS NOT NULL ORDER BY m.sent_at DESC LIMIT 12", t=thread)
    add(20, "SELECT id FROM messages WHERE sender_id = {a} AND sent_at BETWEEN '{d}' AND '{d}'::timestamptz + interval '7 days'", a=account, d=day)
    add(15, "SELECT count(*) FROM messages WHERE edited_at IS NOT NULL AND sent_at > '2024-05-{d}'", d=number(10, 28))
    # Media.
    add(300, "SELECT id FROM media WHERE digest = md5('{n}') LIMIT 1", n=number(0, 41999))
    add(250, "SELECT id, owner_id FROM media WHERE state = 'processing' ORDER BY created_at LIMIT 10")
    add(60, "SELECT owner_id, sum(bytes) FROM media WHERE owner_id = {a} AND state = 'ready' GROUP BY owner_id", a=account)
    add(8, "SELECT id FROM media WHERE exif->>'camera' = 'cam{n}' AND (exif->>'iso')::int > 700", n=number(0, 119))
    # Notifications.
    add(2200, "SELECT count(*) FROM notifications WHERE account_id = {a} AND read_at IS NULL", a=account)
    add(800, "SELECT id, kind, subject_type, subject_id, created_at FROM notifications WHERE account_id = {a} ORDER BY created_at DESC LIMIT 30", a=account)
    add(120, "SELECT id FROM notifications WHERE subject_type = 'post' AND subject_id = {p}", p=post)
    add(20, "SELECT kind, count(*) FROM notifications WHERE created_at >= '{d}' AND created_at < '{d}'::timestamptz + interval '1 day' GROUP BY kind", d=day)
    # Communities.
    add(700, "SELECT level FROM memberships WHERE community_id = {c} AND account_id = {a} AND left_on IS NULL", c=community, a=account)
    add(400, "SELECT c.slug, c.title FROM memberships m JOIN communities c ON c.id = m.community_id WHERE m.account_id = {a} AND m.left_on IS NULL ORDER BY c.title", a=account)
    add(90, "SELECT account_id FROM memberships WHERE community_id = {c} AND level IN ('moderator', 'owner') AND left_on IS NULL", c=community)
    add(600, "SELECT id, title FROM communities WHERE slug = 'com-{c}'", c=community)
    add(60, "SELECT id FROM communities WHERE path LIKE 'root.{n}.%'", n=number(0, 39))
    add(20, "SELECT c.slug, count(p.id) FROM communities c LEFT JOIN posts p ON p.community_id = c.id AND p.published_at >= '{d}' AND p.published_at < '{d}'::timestamptz + interval '2 days'"
            " WHERE c.visibility = 'hidden' GROUP BY c.slug", d=day)
    # Moderation and reports.
    add(200, "SELECT id, target_type, target_id, reason FROM reports WHERE state IN ('open', 'escalated') ORDER BY opened_at LIMIT 50")
    add(50, "SELECT moderator_id, count(*) FROM reports WHERE closed_at >= '2024-0{m}-01' GROUP BY moderator_id", m=number(1, 4))
    add(90, "SELECT count(*) FROM reports WHERE target_type = 'post' AND target_id = {p}", p=number(1, 60000))
    add(10, "SELECT a.handle, count(*) FROM reports r JOIN posts p ON p.id = r.target_id AND r.target_type = 'post' JOIN accounts a ON a.id = p.author_id WHERE r.state = 'upheld' AND r.opened_at >="
            " '2024-0{m}-01' GROUP BY a.handle HAVING count(*) > 1", m=number(1, 4))
    add(6, "SELECT date_trunc('day', published_at) AS day, status, count(*) FROM posts WHERE published_at >= '{d}' GROUP BY 1, 2", d=day)
    add(4, "SELECT a.locale, count(DISTINCT p.author_id) FROM posts p JOIN accounts a ON a.id = p.author_id WHERE p.published_at >= '2024-05-01' GROUP BY a.locale")
    # Polls.
    add(80, "SELECT id, post_id FROM polls WHERE open_during @> '{d}'::timestamptz", d=day)
    add(300, "SELECT choice, count(*) FROM votes WHERE poll_id = {n} GROUP BY choice", n=number(1, 8000))
    add(150, "SELECT id, options FROM polls WHERE post_id = {p}", p=post)
    add(12, "SELECT poll_id FROM votes WHERE account_id = {a}", a=account)
    # Writes.
    add(500, "UPDATE notifications SET read_at = now() WHERE account_id = {a} AND read_at IS NULL", a=number(1000, 60000))
    add(300, "UPDATE posts SET likes = likes + 1 WHERE id = {p}", p=post)
    add(400, "UPDATE threads SET last_message_at = now() WHERE id = {t}", t=thread)
    add(350, "UPDATE participants SET last_read_id = 419000 WHERE thread_id = {t} AND account_id = {a}", t=thread, a=account)
    add(60, "UPDATE media SET state = 'ready' WHERE id = {n}", n=number(1, 50000))
    add(20, "DELETE FROM follows WHERE follower_id = {a} AND followee_id = {b}", a=account, b=account)
    add(5, "DELETE FROM notifications WHERE created_at < '2023-06-02 0{n}:00' AND read_at IS NOT NULL", n=number(1, 8))
    return result


INSERTS = [
    (900, "INSERT INTO messages (id, thread_id, sender_id, sent_at, body) VALUES ({n}, 5, 7, now(), 'x')"),
    (1200, "INSERT INTO notifications (id, account_id, kind, subject_type, subject_id, created_at) VALUES ({n}, 5, 'like', 'post', 7, now())"),
    (600, "INSERT INTO reactions (post_id, account_id, kind, at) VALUES (5, {n}, 1, now()) ON CONFLICT (post_id, account_id) DO UPDATE SET kind = 1"),
    (200, "INSERT INTO posts (id, author_id, published_at, status, tags, body, words, likes, meta) VALUES ({n}, 5, now(), 'live', '{{}}', 'x', '', 0, '{{}}')"),
    (100, "INSERT INTO follows (follower_id, followee_id, since, muted) VALUES ({n}, 7, now(), false) ON CONFLICT DO NOTHING"),
]
