-- Rows that are written to partitions by their own names: they are held against the bounds of all above.
CREATE TABLE events (id int, at date, region text) PARTITION BY RANGE (at);
CREATE TABLE events_2024 PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01') PARTITION BY LIST (region);
CREATE TABLE events_2024_rest PARTITION OF events_2024 DEFAULT;
CREATE VIEW rest AS SELECT * FROM events_2024_rest;
CREATE TABLE events_new (id int, at date, region text);
INSERT INTO events SELECT n, '2024-03-03', 'eu' FROM generate_series(1, 5) n;
INSERT INTO events_new VALUES (9, '2024-05-05', 'us');
-- statements
INSERT INTO events_2024_rest VALUES (1, '2024-02-02', 'x');
INSERT INTO events_2024 VALUES (1, '2024-02-02', 'x');
INSERT INTO events_2024 SELECT 1, date '2024-02-02', 'y' || n FROM generate_series(1, 3) n;
INSERT INTO events VALUES (1, '2024-02-02', 'x');
UPDATE events_2024_rest SET region = 'z' WHERE id = 2;
UPDATE events_2024 SET id = 8 WHERE id = 3;
UPDATE events SET id = 7 WHERE id = 4;
DELETE FROM events_2024_rest WHERE id = 7;
COPY events_2024_rest FROM PROGRAM 'echo 5,2024-07-07,q' WITH (FORMAT csv);
-- pg: 15-
MERGE INTO events_2024_rest e USING events_new n ON e.id = n.id WHEN NOT MATCHED THEN INSERT VALUES (n.id, n.at, n.region);
-- pg: 15-
MERGE INTO events_2024_rest e USING events_new n ON e.id = n.id WHEN MATCHED THEN DELETE;
SELECT count(*) FROM events_2024_rest WHERE id = 1;
INSERT INTO rest VALUES (11, '2024-08-08', 'v');
UPDATE rest SET region = 'w' WHERE id = 11;
DELETE FROM rest WHERE id = 11;
