CREATE TABLE jobs (id int PRIMARY KEY, done_at timestamptz, made_at timestamptz NOT NULL);
SELECT id FROM jobs ORDER BY done_at DESC LIMIT 1; -- want
SELECT id FROM jobs ORDER BY made_at DESC LIMIT 1;
SELECT id FROM jobs ORDER BY done_at LIMIT 1;
SELECT id FROM jobs WHERE done_at < now() ORDER BY done_at DESC LIMIT 1;
SELECT id FROM jobs WHERE done_at IS NOT NULL ORDER BY done_at DESC LIMIT 1;
