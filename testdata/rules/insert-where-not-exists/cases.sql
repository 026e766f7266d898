CREATE TABLE users (id int PRIMARY KEY, email text);
CREATE FUNCTION add_user(e text) RETURNS void LANGUAGE sql AS $$
INSERT INTO users (email) SELECT e WHERE NOT EXISTS (SELECT 1 FROM users WHERE email = e); -- want
INSERT INTO users (email) VALUES (e) ON CONFLICT (email) DO NOTHING;
INSERT INTO users (email) SELECT e WHERE NOT EXISTS (SELECT 1 FROM users WHERE email = e) ON CONFLICT DO NOTHING;
$$;
INSERT INTO users (id, email) SELECT 1, 'x' WHERE NOT EXISTS (SELECT 1 FROM users WHERE id = 1);
