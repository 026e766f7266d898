CREATE TABLE logs (id bigint PRIMARY KEY, at date NOT NULL) PARTITION BY RANGE (at); -- want
CREATE TABLE events (id bigint, at date NOT NULL, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
ALTER TABLE events ADD CONSTRAINT events_id UNIQUE (id); -- want
