CREATE TABLE events (id int PRIMARY KEY, data jsonb, user_id int);
CREATE INDEX ON events ((data->>'kind'));
CREATE INDEX ON events (user_id);
SELECT id FROM events WHERE data->>'state' = 'login'; -- want
SELECT id FROM events WHERE data->>'kind' = 'login';
SELECT id FROM events WHERE data @> '{"state": "login"}';
SELECT id FROM events WHERE user_id = 5 AND data->>'state' = 'login';
