-- Indexes of partitioned tables: on all partitions, ON ONLY, attached one by one, renamed, rebuilt, dropped.
-- schema: measurements
-- statements
CREATE INDEX measurements_kind_idx ON measurements (kind);
CREATE INDEX measurements_site_idx ON measurements (site_id);
CREATE INDEX IF NOT EXISTS measurements_kind_idx ON measurements (kind);
CREATE INDEX measurements_value_idx ON ONLY measurements (value);
CREATE INDEX measurements_2023_value_idx ON measurements_2023 (value);
CREATE INDEX measurements_rest_value_idx ON measurements_rest (value);
ALTER INDEX measurements_value_idx ATTACH PARTITION measurements_2023_value_idx;
ALTER INDEX measurements_value_idx ATTACH PARTITION measurements_rest_value_idx;
ALTER INDEX measurements_value_idx ATTACH PARTITION measurements_rest_value_idx;
CREATE INDEX measurements_2024_value_idx ON measurements_2024 (value);
ALTER INDEX measurements_value_idx ATTACH PARTITION measurements_2024_value_idx;
CREATE UNIQUE INDEX devices_id_region_idx ON devices (id, region);
CREATE INDEX ON devices (lower(label));
CREATE INDEX ON measurements_2024 (value) WHERE value > 10;
ALTER INDEX measurements_kind_idx RENAME TO measurements_by_kind_idx;
ALTER INDEX measurements_2023_site_idx SET (fillfactor = 70);
ALTER INDEX measurements_taken_idx SET TABLESPACE archive_space;
REINDEX INDEX measurements_2023_value_idx;
-- pg: 14-
REINDEX INDEX measurements_value_idx;
REINDEX TABLE measurements_2024;
REINDEX TABLE measurements_2023;
COMMENT ON INDEX measurements_by_kind_idx IS 'by kind';
DROP INDEX measurements_by_kind_idx;
-- mode: A
CREATE INDEX CONCURRENTLY measurements_rest_note_idx ON measurements_rest (note);
-- mode: A
REINDEX INDEX CONCURRENTLY measurements_rest_note_idx;
-- mode: A
REINDEX TABLE CONCURRENTLY measurements_2024;
DROP INDEX measurements_value_idx, devices_id_region_idx;
-- pg: 15-
CLUSTER measurements USING measurements_taken_idx;
