-- What came with 16, 17 and 18: virtual columns, temporal keys, constraints that are not enforced or not valid, MERGE with RETURNING.
CREATE EXTENSION btree_gist;
CREATE TABLE rooms (id int PRIMARY KEY, floor int, beds int DEFAULT 2, label text, area numeric(6, 1));
CREATE TABLE staff (id int NOT NULL, valid daterange NOT NULL, grade text, room_id int);
CREATE TABLE shifts (id int, staff_id int, valid daterange, hours int);
CREATE TABLE stays (id int, room_id int, at date NOT NULL, nights int, price numeric(8, 2), guest text) PARTITION BY RANGE (at);
CREATE TABLE stays_1 PARTITION OF stays FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE stays_2 PARTITION OF stays FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE base (id int, name text, n int);
CREATE TABLE derived (extra text) INHERITS (base);
CREATE TABLE loose (id int, stay date, room_id int);
CREATE DOMAIN positive AS int CHECK (VALUE > 0);
CREATE DOMAIN worth AS numeric;
CREATE TABLE prizes (id int PRIMARY KEY, w worth);
INSERT INTO prizes VALUES (1, 2);
INSERT INTO rooms SELECT n, n % 3, 2, 'r' || n, 20 FROM generate_series(1, 8) n;
INSERT INTO staff SELECT n, daterange('2024-01-01', '2025-01-01'), 'a', n FROM generate_series(1, 5) n;
INSERT INTO staff VALUES (99, '[2024-01-01,2025-01-01)', 'b', 1);
INSERT INTO shifts SELECT n, n, daterange('2024-02-01', '2024-03-01'), 8 FROM generate_series(1, 5) n;
INSERT INTO stays SELECT n, 1 + n % 8, '2024-06-01'::date + n * 20, 2, 99, 'g' FROM generate_series(1, 20) n;
INSERT INTO base SELECT n, 'b', n FROM generate_series(1, 4) n;
INSERT INTO derived SELECT n, 'd', n, 'e' FROM generate_series(1, 4) n;
INSERT INTO loose SELECT n, '2024-01-01', 1 FROM generate_series(1, 4) n;
-- statements
-- pg: 18
ALTER TABLE rooms ADD COLUMN places int GENERATED ALWAYS AS (beds + 1) VIRTUAL;
-- pg: 18
ALTER TABLE rooms ADD COLUMN twice int GENERATED ALWAYS AS (beds * 2) NOT NULL;
-- pg: 18
ALTER TABLE rooms ADD CONSTRAINT places_many CHECK (places > 0);
-- pg: 18
ALTER TABLE rooms DROP CONSTRAINT places_many, ALTER COLUMN beds SET DEFAULT 3;
-- pg: 18
ALTER TABLE rooms ALTER COLUMN places SET EXPRESSION AS (beds + 2);
-- pg: 18
ALTER TABLE rooms ADD CONSTRAINT label_there NOT NULL label NOT VALID;
-- pg: 18
ALTER TABLE rooms VALIDATE CONSTRAINT label_there;
-- pg: 18
ALTER TABLE rooms ADD CONSTRAINT floor_low CHECK (floor < 100) NOT ENFORCED;
-- pg: 18
ALTER TABLE rooms ADD NOT NULL floor, ADD COLUMN wing text;
-- pg: 18
ALTER TABLE rooms ALTER COLUMN floor DROP NOT NULL;
-- pg: 18
ALTER TABLE rooms ADD COLUMN code text GENERATED ALWAYS AS (upper(label)) STORED, DROP COLUMN twice;
-- pg: 17-
ALTER TABLE rooms ADD COLUMN size numeric GENERATED ALWAYS AS (area * 10) STORED;
-- pg: 17-
ALTER TABLE rooms ALTER COLUMN size SET EXPRESSION AS (area * 100);
-- pg: 18
ALTER TABLE staff ADD CONSTRAINT staff_key PRIMARY KEY (id, valid WITHOUT OVERLAPS);
-- pg: 18
ALTER TABLE shifts ADD CONSTRAINT shifts_key UNIQUE (id, valid WITHOUT OVERLAPS), ALTER COLUMN hours SET DEFAULT 8;
-- pg: 18
ALTER TABLE shifts ADD CONSTRAINT shifts_staff FOREIGN KEY (staff_id, PERIOD valid) REFERENCES staff (id, PERIOD valid);
-- pg: 18
INSERT INTO shifts VALUES (9, 1, daterange('2024-04-01', '2024-05-01'), 4);
-- pg: 18
DELETE FROM staff WHERE id = 99;
-- pg: 18
ALTER TABLE staff ADD CONSTRAINT staff_room FOREIGN KEY (room_id) REFERENCES rooms NOT ENFORCED;
-- pg: 18
UPDATE staff SET room_id = 3 WHERE id = 1;
-- pg: 18
ALTER TABLE staff ALTER CONSTRAINT staff_room ENFORCED;
-- pg: 18
ALTER TABLE staff ALTER CONSTRAINT staff_room NOT ENFORCED;
-- pg: 18
CREATE TABLE leaves (staff_id int, valid daterange, FOREIGN KEY (staff_id, PERIOD valid) REFERENCES staff (id, PERIOD valid));
-- pg: 18
ALTER TABLE stays ADD CONSTRAINT stays_room FOREIGN KEY (room_id) REFERENCES rooms NOT VALID;
-- pg: 18
ALTER TABLE stays VALIDATE CONSTRAINT stays_room;
-- pg: 18
ALTER TABLE stays ADD COLUMN total numeric GENERATED ALWAYS AS (price * nights) VIRTUAL;
-- pg: 18
ALTER TABLE stays ADD CONSTRAINT guest_there NOT NULL guest NOT VALID;
-- pg: 18
ALTER TABLE stays_1 VALIDATE CONSTRAINT guest_there;
-- pg: 18
ALTER TABLE stays ALTER COLUMN guest SET NOT NULL;
-- pg: 18
ALTER TABLE base ADD CONSTRAINT base_name NOT NULL name;
-- pg: 18
ALTER TABLE base ALTER CONSTRAINT base_name NO INHERIT;
-- pg: 18
ALTER TABLE base ALTER CONSTRAINT base_name INHERIT;
-- pg: 18
ALTER TABLE base ADD CONSTRAINT base_n CHECK (n > 0) NO INHERIT;
-- pg: 18
ALTER TABLE derived ADD CONSTRAINT derived_extra NOT NULL extra NO INHERIT;
-- pg: 18
ALTER TABLE ONLY base DROP CONSTRAINT base_n;
-- pg: 17-
MERGE INTO rooms r USING loose l ON r.id = l.id WHEN MATCHED THEN UPDATE SET beds = 3 WHEN NOT MATCHED BY SOURCE THEN UPDATE SET beds = 1 WHEN NOT MATCHED BY TARGET THEN INSERT (id, floor, label) VALUES (l.id, 1, 'new') RETURNING merge_action();
-- pg: 18
UPDATE rooms SET beds = 4 WHERE id = 1 RETURNING OLD.beds, NEW.beds;
-- pg: 18
ALTER TABLE loose ADD COLUMN level positive;
-- pg: 18
ALTER TABLE loose ADD COLUMN depth positive DEFAULT 3;
-- pg: 18
ALTER TABLE loose ADD COLUMN v int GENERATED ALWAYS AS (id + 1) VIRTUAL CHECK (v > 0);
-- pg: 18
CREATE INDEX stays_guest ON stays (guest) INCLUDE (price);
-- pg: 18
VACUUM ONLY stays;
-- pg: 18
ANALYZE (BUFFER_USAGE_LIMIT '1MB') ONLY stays;
-- pg: 16-
VACUUM (PROCESS_MAIN false) rooms;
-- pg: 16-
VACUUM (SKIP_DATABASE_STATS) rooms;
-- pg: 17-
ALTER TABLE stays SET ACCESS METHOD DEFAULT;
-- pg: 16-
GRANT app_reader TO app_writer WITH INHERIT FALSE, SET TRUE;
-- pg: 17-
ALTER DOMAIN worth ADD CONSTRAINT worth_there NOT NULL;
-- pg: 17-
GRANT MAINTAIN ON rooms TO app_writer;
-- pg: 17-
COPY loose (id) FROM PROGRAM 'echo 5' WITH (FORMAT csv, ON_ERROR ignore);
-- pg: 16-
SELECT any_value(id) FROM loose;
