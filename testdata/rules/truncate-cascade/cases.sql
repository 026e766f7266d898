TRUNCATE customers CASCADE; -- want
CREATE TABLE fresh (id int PRIMARY KEY);
CREATE TABLE fresher (fresh_id int REFERENCES fresh);
TRUNCATE fresh CASCADE;
