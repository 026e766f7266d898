-- Partitions three deep: by range, then list, then hash; with default partitions and keys to and from them.
CREATE TABLE sites (id int PRIMARY KEY, name text NOT NULL);
INSERT INTO sites SELECT n, 's' || n FROM generate_series(1, 8) n;

CREATE TABLE measurements (
  site_id int NOT NULL,
  taken date NOT NULL,
  kind text NOT NULL,
  value numeric(8, 2),
  note varchar(20)
) PARTITION BY RANGE (taken);
CREATE TABLE measurements_2023 PARTITION OF measurements FOR VALUES FROM ('2023-01-01') TO ('2024-01-01');
CREATE TABLE measurements_2024 PARTITION OF measurements FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')
  PARTITION BY LIST (kind);
CREATE TABLE measurements_2024_heat PARTITION OF measurements_2024 FOR VALUES IN ('heat', 'cold');
CREATE TABLE measurements_2024_rain PARTITION OF measurements_2024 FOR VALUES IN ('rain')
  PARTITION BY HASH (site_id);
CREATE TABLE measurements_2024_rain_0 PARTITION OF measurements_2024_rain FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE measurements_2024_rain_1 PARTITION OF measurements_2024_rain FOR VALUES WITH (MODULUS 2, REMAINDER 1);
CREATE TABLE measurements_2024_other PARTITION OF measurements_2024 DEFAULT;
CREATE TABLE measurements_rest PARTITION OF measurements DEFAULT;
CREATE INDEX measurements_taken_idx ON measurements (taken);
CREATE INDEX measurements_2023_site_idx ON measurements_2023 (site_id);

CREATE TABLE devices (id int, region text, label varchar(10), site_id int, PRIMARY KEY (id)) PARTITION BY HASH (id);
CREATE TABLE devices_0 PARTITION OF devices FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE devices_1 PARTITION OF devices FOR VALUES WITH (MODULUS 2, REMAINDER 1);
CREATE TABLE repairs (id int PRIMARY KEY, device_id int REFERENCES devices (id), done date);

CREATE TABLE tickets (id int NOT NULL, team text NOT NULL, site_id int REFERENCES sites, parent_id int, PRIMARY KEY (id, team))
  PARTITION BY LIST (team);
CREATE TABLE tickets_north PARTITION OF tickets FOR VALUES IN ('north');
CREATE TABLE tickets_south PARTITION OF tickets FOR VALUES IN ('south');

CREATE FUNCTION seen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;

INSERT INTO measurements SELECT 1 + n % 8, '2023-02-01'::date + n * 20, (ARRAY['heat', 'rain', 'wind'])[1 + n % 3], n, 'n'
  FROM generate_series(0, 60) n;
INSERT INTO devices SELECT n, 'eu', 'd' || n, 1 + n % 8 FROM generate_series(1, 10) n;
INSERT INTO repairs SELECT n, n, '2024-01-01' FROM generate_series(1, 10) n;
INSERT INTO tickets SELECT n, CASE WHEN n % 2 = 0 THEN 'north' ELSE 'south' END, 1 + n % 8, NULL FROM generate_series(1, 10) n;
