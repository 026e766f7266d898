-- Foreign keys from and to partitioned tables.
-- schema: measurements
CREATE TABLE alarms (id int PRIMARY KEY, device_id int, ticket_id int, ticket_team text);
INSERT INTO alarms SELECT n, n, n, CASE WHEN n % 2 = 0 THEN 'north' ELSE 'south' END FROM generate_series(1, 8) n;
CREATE TABLE visits (id int NOT NULL, device_id int, day date NOT NULL) PARTITION BY RANGE (day);
CREATE TABLE visits_old PARTITION OF visits FOR VALUES FROM ('2020-01-01') TO ('2024-01-01');
CREATE TABLE visits_new PARTITION OF visits FOR VALUES FROM ('2024-01-01') TO ('2030-01-01') PARTITION BY HASH (id);
CREATE TABLE visits_new_0 PARTITION OF visits_new FOR VALUES WITH (MODULUS 1, REMAINDER 0);
INSERT INTO visits SELECT n, n, '2023-01-01'::date + n * 100 FROM generate_series(1, 9) n;
-- statements
ALTER TABLE alarms ADD CONSTRAINT alarms_device_fk FOREIGN KEY (device_id) REFERENCES devices (id);
ALTER TABLE alarms DROP CONSTRAINT alarms_device_fk;
ALTER TABLE alarms ADD CONSTRAINT alarms_device_fk FOREIGN KEY (device_id) REFERENCES devices (id) NOT VALID;
ALTER TABLE alarms VALIDATE CONSTRAINT alarms_device_fk;
ALTER TABLE alarms ADD CONSTRAINT alarms_ticket_fk FOREIGN KEY (ticket_id, ticket_team) REFERENCES tickets ON DELETE CASCADE;
ALTER TABLE measurements ADD CONSTRAINT measurements_site_fk FOREIGN KEY (site_id) REFERENCES sites;
ALTER TABLE measurements_2024_heat ADD CONSTRAINT heat_site_fk FOREIGN KEY (site_id) REFERENCES sites (id);
ALTER TABLE visits ADD CONSTRAINT visits_device_fk FOREIGN KEY (device_id) REFERENCES devices;
-- pg: 18
ALTER TABLE devices ADD CONSTRAINT devices_site_fk FOREIGN KEY (site_id) REFERENCES sites NOT VALID;
-- pg: 18
ALTER TABLE devices VALIDATE CONSTRAINT devices_site_fk;
ALTER TABLE tickets ADD CONSTRAINT tickets_parent_fk FOREIGN KEY (parent_id, team) REFERENCES tickets (id, team);
CREATE TABLE repair_parts (repair_id int REFERENCES repairs, device_id int REFERENCES devices, site_id int REFERENCES sites);
CREATE TABLE visits_older PARTITION OF visits FOR VALUES FROM ('2010-01-01') TO ('2020-01-01');
ALTER TABLE visits DETACH PARTITION visits_old;
ALTER TABLE visits ALTER CONSTRAINT visits_device_fk DEFERRABLE;
ALTER TABLE measurements RENAME CONSTRAINT measurements_site_fk TO measurements_at_site_fk;
INSERT INTO tickets VALUES (500, 'north', 1, NULL);
UPDATE tickets SET parent_id = 500 WHERE id = 2 AND team = 'north';
DELETE FROM repairs WHERE id = 10;
DELETE FROM devices WHERE id = 10;
UPDATE measurements SET site_id = 2 WHERE taken = '2023-02-01';
TRUNCATE devices CASCADE;
DROP TABLE repair_parts;
ALTER TABLE measurements DROP CONSTRAINT measurements_at_site_fk;
ALTER TABLE visits DROP CONSTRAINT visits_device_fk;
DROP TABLE repairs;
ALTER TABLE alarms DROP COLUMN device_id;
DROP TABLE devices CASCADE;
ALTER TABLE tickets DROP CONSTRAINT tickets_parent_fk;
DROP TABLE alarms;
DROP TABLE visits;
DROP TABLE sites CASCADE;
