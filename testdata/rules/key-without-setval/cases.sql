CREATE TABLE kinds (id serial PRIMARY KEY, name text);
INSERT INTO kinds (name) VALUES ('zero');
CREATE TABLE codes (id int PRIMARY KEY, name text);
INSERT INTO codes VALUES (1, 'one');
INSERT INTO kinds (id, name) VALUES (1, 'one'); -- want
INSERT INTO kinds (id, name) VALUES (2, 'two');
