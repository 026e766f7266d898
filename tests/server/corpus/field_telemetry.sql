-- Measurements over time: partitions by month and region, rotation by attach and detach, rollups, tables that inherit from the old days.
CREATE SCHEMA telemetry;
CREATE SCHEMA rollup;
CREATE SCHEMA cold;
CREATE TABLE telemetry.sites (id int PRIMARY KEY, name text NOT NULL, area box, opened daterange, up int REFERENCES telemetry.sites);
CREATE TABLE telemetry.devices (id int PRIMARY KEY, site_id int NOT NULL REFERENCES telemetry.sites, model text, firmware varchar(12), tags jsonb DEFAULT '{}', seen_at timestamptz);
CREATE TABLE telemetry.readings (
  device_id int NOT NULL, region text NOT NULL, at timestamptz NOT NULL, metric smallint NOT NULL, value real, quality int DEFAULT 0,
  CONSTRAINT readings_device FOREIGN KEY (device_id) REFERENCES telemetry.devices, CONSTRAINT quality_range CHECK (quality BETWEEN 0 AND 100)) PARTITION BY RANGE (at);
CREATE TABLE telemetry.readings_2024_01 PARTITION OF telemetry.readings FOR VALUES FROM ('2024-01-01') TO ('2024-02-01');
CREATE TABLE telemetry.readings_2024_02 PARTITION OF telemetry.readings FOR VALUES FROM ('2024-02-01') TO ('2024-03-01') PARTITION BY LIST (region);
CREATE TABLE telemetry.readings_2024_02_eu PARTITION OF telemetry.readings_2024_02 FOR VALUES IN ('eu');
CREATE TABLE telemetry.readings_2024_02_us PARTITION OF telemetry.readings_2024_02 FOR VALUES IN ('us', 'ca');
CREATE TABLE telemetry.readings_rest PARTITION OF telemetry.readings DEFAULT;
CREATE INDEX readings_device_at ON telemetry.readings (device_id, at DESC);
CREATE INDEX readings_at_brin ON telemetry.readings USING brin (at);
CREATE TABLE telemetry.readings_2024_03 (device_id int NOT NULL, region text NOT NULL, at timestamptz NOT NULL, metric smallint NOT NULL, value real, quality int DEFAULT 0, CONSTRAINT quality_range CHECK (quality BETWEEN 0 AND 100), CHECK (at >= '2024-03-01' AND at < '2024-04-01'));
CREATE INDEX readings_2024_03_device ON telemetry.readings_2024_03 (device_id, at DESC);
CREATE TABLE telemetry.alarms (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, device_id int REFERENCES telemetry.devices ON DELETE CASCADE, level int, raised timestamptz, cleared timestamptz, CHECK (cleared > raised));
CREATE TABLE telemetry.silences (device int4range, during tstzrange, why text, CONSTRAINT one_silence EXCLUDE USING gist (device WITH &&, during WITH &&));
CREATE TABLE rollup.hourly (device_id int, hour timestamptz, metric smallint, n int, total double precision, mean double precision GENERATED ALWAYS AS (total / n) STORED, PRIMARY KEY (device_id, hour, metric));
CREATE TABLE cold.logs (id int, line text, at date);
CREATE TABLE cold.logs_2019 (PRIMARY KEY (id), CHECK (at < '2020-01-01')) INHERITS (cold.logs);
CREATE TABLE cold.logs_2020 (extra text, CHECK (at >= '2020-01-01')) INHERITS (cold.logs);
CREATE INDEX logs_2020_at ON cold.logs_2020 (at);
CREATE FUNCTION telemetry.roll() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO rollup.hourly AS h (device_id, hour, metric, n, total) VALUES (NEW.device_id, date_trunc('hour', NEW.at), NEW.metric, 1, NEW.value)
    ON CONFLICT (device_id, hour, metric) DO UPDATE SET n = h.n + 1, total = h.total + excluded.total;
  RETURN NULL;
END $$;
CREATE FUNCTION telemetry.raise_alarms(since timestamptz) RETURNS bigint LANGUAGE sql AS $$
  INSERT INTO telemetry.alarms (device_id, level, raised) SELECT DISTINCT device_id, 1, since FROM rollup.hourly WHERE mean > 100;
  SELECT count(*) FROM telemetry.alarms WHERE cleared IS NULL;
$$;
CREATE VIEW telemetry.latest AS SELECT DISTINCT ON (device_id) device_id, at, value FROM telemetry.readings ORDER BY device_id, at DESC;
CREATE VIEW telemetry.dashboard AS SELECT d.id, s.name, l.value FROM telemetry.devices d JOIN telemetry.sites s ON s.id = d.site_id LEFT JOIN telemetry.latest l ON l.device_id = d.id;
CREATE MATERIALIZED VIEW rollup.daily AS SELECT device_id, date_trunc('day', hour) AS day, sum(n) AS n FROM rollup.hourly GROUP BY 1, 2;
CREATE UNIQUE INDEX daily_key ON rollup.daily (device_id, day);
INSERT INTO telemetry.sites VALUES (1, 'Hill', NULL, '[2020-01-01,)', NULL), (2, 'Valley', NULL, '[2021-01-01,)', 1);
INSERT INTO telemetry.devices SELECT n, 1 + n % 2, 'm' || n, '1.0' FROM generate_series(1, 6) n;
INSERT INTO telemetry.readings SELECT 1 + n % 6, CASE WHEN n % 2 = 0 THEN 'eu' ELSE 'us' END, '2024-01-10'::timestamptz + n * interval '2 days', 1, n FROM generate_series(1, 20) n;
INSERT INTO telemetry.readings VALUES (1, 'eu', '2030-01-01', 1, 5);
INSERT INTO telemetry.readings_2024_03 VALUES (1, 'eu', '2024-03-05', 1, 7), (2, 'us', '2024-03-06', 1, 8);
INSERT INTO telemetry.alarms (device_id, level, raised) VALUES (1, 2, '2024-01-01'), (2, 3, '2024-01-02');
INSERT INTO telemetry.silences VALUES ('[1,3)', '[2024-01-01,2024-02-01)', 'repair');
INSERT INTO rollup.hourly (device_id, hour, metric, n, total) SELECT n, '2024-01-01', 1, 2, n * 60 FROM generate_series(1, 6) n;
INSERT INTO cold.logs VALUES (0, 'old', '2018-01-01');
INSERT INTO cold.logs_2019 VALUES (1, 'a', '2019-01-01');
INSERT INTO cold.logs_2020 VALUES (2, 'b', '2020-05-01', 'x');
-- statements
ALTER TABLE telemetry.readings ATTACH PARTITION telemetry.readings_2024_03 FOR VALUES FROM ('2024-03-01') TO ('2024-04-01');
CREATE TRIGGER readings_roll AFTER INSERT ON telemetry.readings FOR EACH ROW EXECUTE FUNCTION telemetry.roll();
INSERT INTO telemetry.readings (device_id, region, at, metric, value) VALUES (3, 'ca', '2024-02-20 10:00', 2, 20.5);
ALTER TABLE telemetry.readings ADD COLUMN unit text NOT NULL DEFAULT 'C', ALTER COLUMN quality SET DEFAULT 100, ALTER COLUMN value SET STATISTICS 200;
ALTER TABLE telemetry.readings ALTER COLUMN quality TYPE smallint, DROP CONSTRAINT quality_range;
CREATE INDEX readings_metric ON telemetry.readings (metric, (at AT TIME ZONE 'UTC')) INCLUDE (value) WHERE quality > 50;
CREATE INDEX readings_region ON ONLY telemetry.readings (region);
CREATE INDEX readings_2024_01_region ON telemetry.readings_2024_01 (region);
ALTER INDEX telemetry.readings_region ATTACH PARTITION telemetry.readings_2024_01_region;
UPDATE telemetry.readings SET quality = 90 WHERE at >= '2024-02-01' AND at < '2024-03-01' AND region = 'eu';
DELETE FROM telemetry.readings r USING telemetry.devices d WHERE d.id = r.device_id AND d.model = 'm4' AND r.at < '2024-02-01';
SELECT telemetry.raise_alarms('2024-03-01');
UPDATE telemetry.alarms SET cleared = raised + interval '1 hour' FROM telemetry.dashboard WHERE dashboard.id = alarms.device_id AND alarms.level = 2;
ALTER TABLE telemetry.devices ALTER COLUMN firmware TYPE varchar(32), ADD COLUMN serial_no text UNIQUE, ADD COLUMN replaced_by int REFERENCES telemetry.devices;
ALTER TABLE telemetry.devices ADD COLUMN label text GENERATED ALWAYS AS (coalesce(model, '?') || ' ' || coalesce(firmware, '')) STORED;
-- pg: 18
ALTER TABLE telemetry.devices ADD COLUMN site_label text GENERATED ALWAYS AS ('site ' || site_id::text) VIRTUAL;
CREATE TABLE telemetry.readings_2024_04 PARTITION OF telemetry.readings FOR VALUES FROM ('2024-04-01') TO ('2024-05-01') PARTITION BY LIST (region);
CREATE TABLE telemetry.readings_2024_04_all PARTITION OF telemetry.readings_2024_04 DEFAULT;
WITH gone AS (DELETE FROM telemetry.readings_rest WHERE at > '2029-01-01' RETURNING *) INSERT INTO telemetry.readings_2024_04 (device_id, region, at, metric, value) SELECT device_id, region, '2024-04-09', metric, value FROM gone;
ALTER TABLE telemetry.readings_2024_02 DETACH PARTITION telemetry.readings_2024_02_us;
ALTER TABLE telemetry.readings_2024_02_us SET SCHEMA cold;
ALTER TABLE telemetry.readings DETACH PARTITION telemetry.readings_2024_02;
ALTER TABLE telemetry.readings ATTACH PARTITION telemetry.readings_2024_02 FOR VALUES FROM ('2024-02-01') TO ('2024-03-01');
CREATE TABLE rollup.monthly AS SELECT device_id, date_trunc('month', day) AS month, sum(n) AS n FROM rollup.daily GROUP BY 1, 2;
-- rows
ALTER TABLE rollup.monthly ADD PRIMARY KEY (device_id, month), ADD FOREIGN KEY (device_id) REFERENCES telemetry.devices;
-- pg: 15-
MERGE INTO rollup.monthly m USING (SELECT device_id, date_trunc('month', hour) AS month, sum(n) AS n FROM rollup.hourly GROUP BY 1, 2) h ON h.device_id = m.device_id AND h.month = m.month
  WHEN MATCHED AND m.n <> h.n THEN UPDATE SET n = h.n WHEN NOT MATCHED THEN INSERT VALUES (h.device_id, h.month, h.n);
REFRESH MATERIALIZED VIEW CONCURRENTLY rollup.daily;
INSERT INTO telemetry.silences VALUES ('[4,5)', '[2024-01-01,2024-02-01)', 'moved') ON CONFLICT ON CONSTRAINT one_silence DO NOTHING;
ALTER TABLE cold.logs ADD COLUMN severity smallint DEFAULT 3, ALTER COLUMN line TYPE varchar(500);
ALTER TABLE cold.logs ALTER COLUMN at SET NOT NULL, ADD CONSTRAINT line_filled CHECK (line <> '');
DELETE FROM ONLY cold.logs WHERE at < '2019-01-01';
UPDATE cold.logs SET severity = 1 WHERE id = 2;
ALTER TABLE cold.logs_2019 NO INHERIT cold.logs;
ALTER TABLE cold.readings_2024_02_us DROP CONSTRAINT readings_device, ADD CONSTRAINT eu_never CHECK (region <> 'eu') NO INHERIT;
LOCK TABLE ONLY telemetry.readings IN ACCESS EXCLUSIVE MODE;
ANALYZE telemetry.readings_2024_01 (device_id, at), rollup.hourly;
TRUNCATE telemetry.readings_2024_01, ONLY cold.logs;
ALTER TABLE telemetry.readings DROP COLUMN metric CASCADE;
-- pg: 14-
REINDEX INDEX telemetry.readings_at_brin;
DROP INDEX telemetry.readings_device_at;
DROP TABLE telemetry.readings_2024_03, telemetry.readings_rest;
DROP TABLE telemetry.devices CASCADE;
DROP SCHEMA cold CASCADE;
