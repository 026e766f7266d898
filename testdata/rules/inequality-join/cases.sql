CREATE TABLE events (id int PRIMARY KEY, user_id int, at timestamptz);
SELECT a.id FROM events a JOIN events b ON a.at < b.at; -- want
SELECT a.id FROM events a JOIN events b ON a.id <> b.id; -- want
SELECT a.id FROM events a JOIN events b ON a.user_id = b.user_id AND a.at < b.at;
SELECT a.id FROM events a JOIN events b ON a.user_id = b.user_id WHERE a.at < b.at;
SELECT a.id FROM events a JOIN events b ON a.id < b.id AND b.id = 5;
