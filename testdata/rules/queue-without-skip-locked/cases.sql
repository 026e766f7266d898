CREATE TABLE jobs (id int PRIMARY KEY, state text);
CREATE FUNCTION take() RETURNS void LANGUAGE sql AS $$
DELETE FROM jobs WHERE id IN (SELECT id FROM jobs ORDER BY id LIMIT 1) RETURNING id; -- want
UPDATE jobs SET state = 'run' WHERE id = (SELECT id FROM jobs WHERE state = 'new' ORDER BY id LIMIT 1 FOR UPDATE); -- want
UPDATE jobs SET state = 'run' WHERE id = (SELECT id FROM jobs WHERE state = 'new' LIMIT 1 FOR UPDATE SKIP LOCKED);
DELETE FROM jobs WHERE state = 'done';
$$;
