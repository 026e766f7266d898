CREATE TABLE events (at timestamptz, what text); -- want
CREATE TABLE later (id int);
ALTER TABLE later ADD PRIMARY KEY (id);
CREATE UNLOGGED TABLE cache (a int);
