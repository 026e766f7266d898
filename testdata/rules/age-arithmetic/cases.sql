CREATE TABLE sessions (id int PRIMARY KEY, seen_at timestamptz, ttl interval);
SELECT id FROM sessions WHERE now() - seen_at > interval '1 day'; -- want
SELECT id FROM sessions WHERE age(seen_at) > interval '1 day'; -- want
SELECT id FROM sessions WHERE seen_at + interval '1 day' < now(); -- want
SELECT id FROM sessions WHERE seen_at < now() - interval '1 day';
SELECT id FROM sessions WHERE now() - seen_at > ttl;
