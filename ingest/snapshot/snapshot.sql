-- Prints everything pgsift wants to know about a running database as one JSON document.
--
--   psql -X -q -d DATABASE -f snapshot.sql > snapshot.json
--
-- Works on PostgreSQL 13 and later with psql 11 and later. No superuser and no extension is needed;
-- a role that is a member of pg_monitor and may SELECT from the tables sees the most:
--
--   * without pg_monitor (pg_read_all_stats) the query texts of other users are hidden;
--   * the server shows column statistics only of columns the role may read;
--   * pg_stat_statements is read where it is installed and loaded.
--
-- What cannot be read is null, never an invalid document. Connect to the server itself and not
-- through a pooler in transaction mode, because the session settings below have to stay in force.
--
-- Column statistics hold samples of the data (most_common_vals, histogram_bounds). To keep these out
-- of the file:  psql -X -q -v with_values=off -d DATABASE -f snapshot.sql > snapshot.json
--
-- Nothing is written: the session is read-only, waits at most two seconds for a lock and gives up on
-- a section after a minute. It may run on a standby.

\set QUIET on
\set ECHO none
\set ON_ERROR_STOP off
\set ON_ERROR_ROLLBACK off
\set AUTOCOMMIT on
\set FETCH_COUNT 0
\timing off
\pset pager off
\pset format unaligned
\pset tuples_only on
\pset footer off
\pset expanded off
\pset null ''
\pset recordsep '\n'
\encoding UTF8

\if :{?with_values}
\else
  \set with_values on
\endif

-- Names in definitions (pg_get_indexdef and its like) are qualified only if they are not in the
-- search path, so a bare path gives every reader the full name. One statement rather than many SETs:
-- pg_stat_statements and the server's log then show it as what it is.
SELECT /* pgsift snapshot */
       set_config('search_path', 'pg_catalog', false) AS a,
       set_config('TimeZone', 'UTC', false) AS b,
       set_config('DateStyle', 'ISO, YMD', false) AS c,
       set_config('IntervalStyle', 'postgres', false) AS d,
       set_config('extra_float_digits', '1', false) AS e,
       set_config('default_transaction_read_only', 'on', false) AS f,
       set_config('lock_timeout', '2s', false) AS g,
       set_config('statement_timeout', '60s', false) AS h
\gset unused_

-- What this server has. The statistics views differ between releases, and row_to_json() of a whole
-- row takes every column that there is, so that only missing views need a condition.
SELECT /* pgsift snapshot */
       to_regclass('pg_catalog.pg_stat_wal') IS NOT NULL AS has_stat_wal,                    -- 14
       to_regclass('pg_catalog.pg_stat_io') IS NOT NULL AS has_stat_io,                      -- 16
       to_regclass('pg_catalog.pg_stat_checkpointer') IS NOT NULL AS has_stat_checkpointer   -- 17
\gset

-- The extension alone is not enough: its view raises an error unless the library was loaded at
-- server start, and then, and only then, its settings exist.
SELECT /* pgsift snapshot */
       count(*) > 0 AS has_statements,
       count(*) FILTER (WHERE i.relname IS NOT NULL) > 0 AS has_statements_info,
       coalesce(min(quote_ident(n.nspname)), '') AS statements_schema
  FROM pg_extension e
  JOIN pg_namespace n ON n.oid = e.extnamespace
  LEFT JOIN pg_class i ON i.relnamespace = n.oid AND i.relname = 'pg_stat_statements_info'
 WHERE e.extname = 'pg_stat_statements'
   AND current_setting('pg_stat_statements.max', true) IS NOT NULL
   AND has_schema_privilege(n.oid, 'usage')
\gset

\qecho '{"pgsift_snapshot": 1,'

SELECT /* pgsift snapshot */
       '"taken_at": ' || to_json(clock_timestamp())
    || E',\n"server_version_num": ' || current_setting('server_version_num')
    || E',\n"server_version": ' || to_json(current_setting('server_version'))
    || E',\n"database": ' || to_json(current_database())
    || E',\n"encoding": ' || to_json(current_setting('server_encoding'))
    || E',\n"collation": ' || (SELECT to_json(datcollate) FROM pg_database
                                WHERE datname = current_database())
    || E',\n"block_size": ' || current_setting('block_size')
    || E',\n"in_recovery": ' || to_json(pg_is_in_recovery())
    || E',\n"started_at": ' || to_json(pg_postmaster_start_time())
    || E',\n"role": ' || to_json(current_user)
    || E',\n"reads_all_stats": ' || to_json(pg_has_role(current_user, 'pg_read_all_stats', 'usage'))
    || E',';

-- Settings. What this script set itself is reported with the value the session began with. Commands
-- and connection strings may hold passwords: only that they are set is told.
\qecho '"settings":'
SELECT /* pgsift snapshot */
       coalesce(json_object_agg(name, json_strip_nulls(json_build_object(
         'setting', CASE WHEN (name LIKE '%\_command' OR name = 'primary_conninfo')
                              AND value NOT IN ('', '(disabled)')
                         THEN '(hidden)' ELSE value END,
         'unit', unit,
         'source', CASE WHEN source = 'session' THEN 'default' ELSE source END,
         'pending_restart', CASE WHEN pending_restart THEN true END)) ORDER BY name), '{}')
  FROM (SELECT *, CASE WHEN source = 'session' THEN reset_val ELSE setting END AS value
          FROM pg_settings) s;
\if :ERROR
  \qecho 'null'
\endif

-- Tables, partitioned tables, materialized views and foreign tables. The functions that measure or
-- print a definition lock what they look at. A snapshot taken in the middle of an incident must not
-- join the queue: whatever is locked exclusively, or is about to be, gets its size from the last
-- VACUUM or ANALYZE, and its total size and definition are null.
\qecho ', "tables":'
WITH /* pgsift snapshot */ locked AS MATERIALIZED (
  SELECT l.relation AS oid FROM pg_locks l
   WHERE l.mode = 'AccessExclusiveLock' AND l.relation IS NOT NULL
   UNION
  SELECT i.indrelid FROM pg_locks l JOIN pg_index i ON i.indexrelid = l.relation
   WHERE l.mode = 'AccessExclusiveLock'
   UNION
  SELECT c.oid FROM pg_locks l JOIN pg_class c ON c.reltoastrelid = l.relation
   WHERE l.mode = 'AccessExclusiveLock' AND c.reltoastrelid <> 0
)
SELECT coalesce(json_agg(row_to_json(t) ORDER BY t.schema, t.name), '[]')
  FROM (
    SELECT n.nspname AS schema, c.relname AS name, c.relkind, c.relpersistence AS persistence,
           CASE WHEN locked.oid IS NULL THEN pg_relation_size(c.oid)
                ELSE c.relpages::bigint * current_setting('block_size')::bigint END AS bytes,
           CASE WHEN locked.oid IS NULL THEN pg_total_relation_size(c.oid) END AS total_bytes,
           c.relpages AS pages, c.reltuples, c.relallvisible AS all_visible,
           (to_jsonb(s) -> 'n_live_tup')::bigint AS live_tuples,
           (to_jsonb(s) -> 'n_dead_tup')::bigint AS dead_tuples,
           s.n_tup_ins, s.n_tup_upd, s.n_tup_del, s.n_tup_hot_upd,
           s.n_mod_since_analyze, s.n_ins_since_vacuum,
           s.seq_scan, s.seq_tup_read, s.idx_scan, s.idx_tup_fetch,
           s.last_vacuum, s.last_autovacuum, s.last_analyze, s.last_autoanalyze,
           s.vacuum_count, s.autovacuum_count, s.analyze_count, s.autoanalyze_count,
           CASE WHEN c.relfrozenxid <> '0' THEN age(c.relfrozenxid) END AS xid_age,
           CASE WHEN c.relminmxid <> '0' THEN mxid_age(c.relminmxid) END AS mxid_age,
           c.reloptions,
           io.heap_blks_read, io.heap_blks_hit, io.idx_blks_read, io.idx_blks_hit,
           io.toast_blks_read, io.toast_blks_hit,
           c.relispartition AS is_partition,
           (SELECT pn.nspname || '.' || pc.relname
              FROM pg_inherits h JOIN pg_class pc ON pc.oid = h.inhparent
              JOIN pg_namespace pn ON pn.oid = pc.relnamespace
             WHERE h.inhrelid = c.oid AND c.relispartition) AS parent,
           CASE WHEN c.relkind = 'p' AND locked.oid IS NULL
                THEN pg_get_partkeydef(c.oid) END AS partition_key
      FROM pg_class c
      JOIN pg_namespace n ON n.oid = c.relnamespace
      LEFT JOIN pg_stat_all_tables s ON s.relid = c.oid
      LEFT JOIN pg_statio_all_tables io ON io.relid = c.oid
      LEFT JOIN locked ON locked.oid = c.oid
     WHERE c.relkind IN ('r', 'p', 'm', 'f')
       AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
       AND n.nspname !~ '^pg_(toast_)?temp_'
  ) t;
\if :ERROR
  \qecho 'null'
\endif

\qecho ', "indexes":'
WITH /* pgsift snapshot */ locked AS MATERIALIZED (
  SELECT l.relation AS oid FROM pg_locks l
   WHERE l.mode = 'AccessExclusiveLock' AND l.relation IS NOT NULL
   UNION  -- pg_get_indexdef() opens the table of the index.
  SELECT i.indexrelid FROM pg_locks l JOIN pg_index i ON i.indrelid = l.relation
   WHERE l.mode = 'AccessExclusiveLock'
)
SELECT coalesce(json_agg(row_to_json(t) ORDER BY t.schema, t."table", t.name), '[]')
  FROM (
    SELECT n.nspname AS schema, c.relname AS "table", ic.relname AS name,
           CASE WHEN locked.oid IS NULL THEN pg_get_indexdef(i.indexrelid) END AS definition,
           CASE WHEN locked.oid IS NULL THEN pg_relation_size(i.indexrelid)
                ELSE ic.relpages::bigint * current_setting('block_size')::bigint END AS bytes,
           s.idx_scan AS scans, s.idx_tup_read AS tup_read, s.idx_tup_fetch AS tup_fetch,
           to_jsonb(s) ->> 'last_idx_scan' AS last_scan,
           i.indisunique AS is_unique, i.indisprimary AS is_primary, i.indisvalid AS is_valid,
           i.indisready AS is_ready, i.indisreplident AS is_replica_identity,
           ic.relkind = 'I' AS is_partitioned, ic.relispartition AS is_partition,
           am.amname AS method, k.conname AS "constraint", k.contype AS constraint_type
      FROM pg_index i
      JOIN pg_class ic ON ic.oid = i.indexrelid
      JOIN pg_am am ON am.oid = ic.relam
      JOIN pg_class c ON c.oid = i.indrelid
      JOIN pg_namespace n ON n.oid = c.relnamespace
      LEFT JOIN pg_stat_all_indexes s ON s.indexrelid = i.indexrelid
      LEFT JOIN pg_constraint k ON k.conindid = i.indexrelid AND k.conrelid = i.indrelid
                               AND k.contype IN ('p', 'u', 'x')
      LEFT JOIN locked ON locked.oid = i.indexrelid
     WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
       AND n.nspname !~ '^pg_(toast_)?temp_'
  ) t;
\if :ERROR
  \qecho 'null'
\endif

-- Column statistics. The values come as the text of a PostgreSQL array, since their type is that of
-- the column; a list longer than 20000 characters is left out whole, as half an array is of no use.
\qecho ', "columns":'
SELECT /* pgsift snapshot */
       coalesce(json_agg(row_to_json(t) ORDER BY t.schema, t."table", t.position), '[]')
  FROM (
    SELECT s.schemaname AS schema, s.tablename AS "table", s.attname AS "column",
           a.attnum AS position, format_type(a.atttypid, a.atttypmod) AS type,
           a.attnotnull AS not_null, s.inherited,
           s.null_frac, s.n_distinct, s.avg_width, s.correlation,
           to_json(s.most_common_freqs) AS most_common_freqs,
           CASE WHEN :'with_values' IN ('on', 'true', 'yes', '1')
                 AND length(s.most_common_vals::text) <= 20000
                THEN s.most_common_vals::text END AS most_common_vals,
           CASE WHEN :'with_values' IN ('on', 'true', 'yes', '1')
                 AND length(s.histogram_bounds::text) <= 20000
                THEN s.histogram_bounds::text END AS histogram_bounds
      FROM pg_stats s
      JOIN pg_namespace n ON n.nspname = s.schemaname
      JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = s.tablename
      -- An expression index has statistics as well, listed under the index: its column is there too.
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = s.attname
     WHERE s.schemaname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
       AND s.schemaname !~ '^pg_(toast_)?temp_'
  ) t;
\if :ERROR
  \qecho 'null'
\endif

\qecho ', "extended_statistics":'
SELECT /* pgsift snapshot */
       coalesce(json_agg(row_to_json(t) ORDER BY t.schema, t.name), '[]')
  FROM (
    SELECT n.nspname AS schema, e.stxname AS name, tn.nspname || '.' || c.relname AS "table",
           CASE WHEN NOT EXISTS (SELECT FROM pg_locks l WHERE l.relation = e.stxrelid
                                                         AND l.mode = 'AccessExclusiveLock')
                THEN pg_get_statisticsobjdef(e.oid) END AS definition
      FROM pg_statistic_ext e
      JOIN pg_namespace n ON n.oid = e.stxnamespace
      JOIN pg_class c ON c.oid = e.stxrelid
      JOIN pg_namespace tn ON tn.oid = c.relnamespace
     WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
  ) t;
\if :ERROR
  \qecho 'null'
\endif

\qecho ', "foreign_keys":'
SELECT /* pgsift snapshot */
       coalesce(json_agg(row_to_json(t) ORDER BY t.schema, t."table", t.name), '[]')
  FROM (
    SELECT n.nspname AS schema, c.relname AS "table", k.conname AS name,
           (SELECT json_agg(a.attname ORDER BY u.position)
              FROM unnest(k.conkey) WITH ORDINALITY AS u (attnum, position)
              JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.attnum) AS columns,
           rn.nspname AS ref_schema, rc.relname AS ref_table,
           (SELECT json_agg(a.attname ORDER BY u.position)
              FROM unnest(k.confkey) WITH ORDINALITY AS u (attnum, position)
              JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.attnum) AS ref_columns,
           CASE k.confdeltype WHEN 'a' THEN 'no action' WHEN 'r' THEN 'restrict' WHEN 'c' THEN 'cascade'
                              WHEN 'n' THEN 'set null' WHEN 'd' THEN 'set default' END AS on_delete,
           CASE k.confupdtype WHEN 'a' THEN 'no action' WHEN 'r' THEN 'restrict' WHEN 'c' THEN 'cascade'
                              WHEN 'n' THEN 'set null' WHEN 'd' THEN 'set default' END AS on_update,
           k.convalidated AS is_valid, k.condeferrable AS is_deferrable,
           k.conparentid <> 0 AS is_inherited, pg_get_constraintdef(k.oid) AS definition
      FROM pg_constraint k
      JOIN pg_class c ON c.oid = k.conrelid
      JOIN pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_class rc ON rc.oid = k.confrelid
      JOIN pg_namespace rn ON rn.oid = rc.relnamespace
     WHERE k.contype = 'f'
       AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
       AND n.nspname !~ '^pg_(toast_)?temp_'
  ) t;
\if :ERROR
  \qecho 'null'
\endif

-- last_value is null for a sequence that was never used or that the role may not read. The column
-- that owns the sequence matters because an integer column ends long before a bigint sequence.
\qecho ', "sequences":'
SELECT /* pgsift snapshot */
       coalesce(json_agg(row_to_json(t) ORDER BY t.schema, t.name), '[]')
  FROM (
    SELECT s.schemaname AS schema, s.sequencename AS name, s.data_type::text AS type,
           s.last_value, s.min_value, s.max_value, s.increment_by AS increment, s.cycle,
           o.schema AS owner_schema, o."table" AS owner_table, o."column" AS owner_column,
           o.type AS owner_type
      FROM pg_sequences s
      JOIN pg_namespace n ON n.nspname = s.schemaname
      JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = s.sequencename
      LEFT JOIN LATERAL (
             SELECT tn.nspname AS schema, tc.relname AS "table", a.attname AS "column",
                    format_type(a.atttypid, a.atttypmod) AS type
               FROM pg_depend d
               JOIN pg_class tc ON tc.oid = d.refobjid
               JOIN pg_namespace tn ON tn.oid = tc.relnamespace
               JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
              WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.objsubid = 0
                AND d.refclassid = 'pg_class'::regclass AND d.refobjsubid > 0
                AND d.deptype IN ('a', 'i')
              LIMIT 1) o ON true
     WHERE s.schemaname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
       AND s.schemaname !~ '^pg_(toast_)?temp_'
  ) t;
\if :ERROR
  \qecho 'null'
\endif

-- The names of the columns changed with the releases of the extension (total_time became
-- total_exec_time in 1.8, blk_read_time became shared_blk_read_time in 1.11); the newest names are
-- printed, whichever release is installed. The query id is a string: it needs all 64 bits, more than
-- many JSON readers keep in a number.
\qecho ', "statements":'
\if :has_statements
SELECT /* pgsift snapshot */
       coalesce(json_agg(row_to_json(t) ORDER BY t.total_exec_time DESC), '[]')
  FROM (
    SELECT j ->> 'queryid' AS queryid,
           pg_get_userbyid((j ->> 'userid')::oid) AS "user",
           d.datname AS database,
           (j -> 'toplevel')::boolean AS toplevel,
           j ->> 'query' AS query,
           (j -> 'calls')::bigint AS calls,
           (coalesce(j -> 'total_exec_time', j -> 'total_time'))::float8 AS total_exec_time,
           (coalesce(j -> 'mean_exec_time', j -> 'mean_time'))::float8 AS mean_exec_time,
           (coalesce(j -> 'min_exec_time', j -> 'min_time'))::float8 AS min_exec_time,
           (coalesce(j -> 'max_exec_time', j -> 'max_time'))::float8 AS max_exec_time,
           (coalesce(j -> 'stddev_exec_time', j -> 'stddev_time'))::float8 AS stddev_exec_time,
           (j -> 'plans')::bigint AS plans,
           (j -> 'total_plan_time')::float8 AS total_plan_time,
           (j -> 'rows')::bigint AS rows,
           (j -> 'shared_blks_hit')::bigint AS shared_blks_hit,
           (j -> 'shared_blks_read')::bigint AS shared_blks_read,
           (j -> 'shared_blks_dirtied')::bigint AS shared_blks_dirtied,
           (j -> 'shared_blks_written')::bigint AS shared_blks_written,
           (j -> 'local_blks_hit')::bigint AS local_blks_hit,
           (j -> 'local_blks_read')::bigint AS local_blks_read,
           (j -> 'temp_blks_read')::bigint AS temp_blks_read,
           (j -> 'temp_blks_written')::bigint AS temp_blks_written,
           (coalesce(j -> 'shared_blk_read_time', j -> 'blk_read_time'))::float8
             AS shared_blk_read_time,
           (coalesce(j -> 'shared_blk_write_time', j -> 'blk_write_time'))::float8
             AS shared_blk_write_time,
           (j -> 'wal_records')::bigint AS wal_records,
           (j -> 'wal_fpi')::bigint AS wal_fpi,
           (j -> 'wal_bytes')::numeric AS wal_bytes
      FROM (SELECT to_jsonb(s) AS j
              FROM :statements_schema.pg_stat_statements s
             -- What this script runs is of no interest to anyone.
             WHERE s.query NOT LIKE '%/* pgsift snapshot */%') r
      LEFT JOIN pg_database d ON d.oid = (j ->> 'dbid')::oid
  ) t;
  \if :ERROR
    \qecho 'null'
  \endif
\else
  \qecho 'null'
\endif

\qecho ', "statements_info":'
\if :has_statements_info
SELECT /* pgsift snapshot */ row_to_json(i) FROM :statements_schema.pg_stat_statements_info i;
  \if :ERROR
    \qecho 'null'
  \endif
\else
  \qecho 'null'
\endif

\qecho ', "activity":'
SELECT /* pgsift snapshot */
       coalesce(json_agg(row_to_json(t) ORDER BY t.backend_start, t.pid), '[]')
  FROM (
    SELECT pid, usename AS "user", datname AS database, application_name, client_addr, client_port,
           backend_type, state, wait_event_type, wait_event,
           backend_start, xact_start, query_start, state_change,
           age(backend_xid) AS xid_age, age(backend_xmin) AS xmin_age,
           pg_blocking_pids(pid) AS blocked_by, query
      FROM pg_stat_activity
     WHERE pid <> pg_backend_pid()
  ) t;
\if :ERROR
  \qecho 'null'
\endif

-- Relations have names only in the database they belong to; elsewhere the number has to do.
\qecho ', "locks":'
SELECT /* pgsift snapshot */
       coalesce(json_agg(row_to_json(t) ORDER BY t.pid, t.locktype, t.relation, t.mode), '[]')
  FROM (
    SELECT l.pid, l.locktype, l.mode, l.granted, l.fastpath,
           d.datname AS database, n.nspname AS schema,
           coalesce(c.relname, l.relation::text) AS relation, c.relkind,
           l.page, l.tuple, l.virtualxid, l.transactionid, l.virtualtransaction,
           to_jsonb(l) ->> 'waitstart' AS wait_start
      FROM pg_locks l
      LEFT JOIN pg_database d ON d.oid = l.database
      LEFT JOIN pg_class c ON c.oid = l.relation
                          AND (d.datname = current_database() OR l.database = 0)
      LEFT JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE l.pid IS DISTINCT FROM pg_backend_pid()
  ) t;
\if :ERROR
  \qecho 'null'
\endif

-- A transaction that was prepared and forgotten holds back VACUUM exactly as an open session does,
-- but no session shows it.
\qecho ', "prepared_transactions":'
SELECT /* pgsift snapshot */
       coalesce(json_agg(row_to_json(t) ORDER BY t.prepared), '[]')
  FROM (SELECT gid, prepared, owner, database, age(transaction) AS xid_age FROM pg_prepared_xacts) t;
\if :ERROR
  \qecho 'null'
\endif

-- The counters of this database, and the two ages that lead to a wraparound.
\qecho ', "database_stats":'
SELECT /* pgsift snapshot */ row_to_json(t)
  FROM (
    SELECT s.*, age(d.datfrozenxid) AS xid_age, mxid_age(d.datminmxid) AS mxid_age,
           CASE WHEN has_database_privilege(d.oid, 'connect')
                THEN pg_database_size(d.oid) END AS bytes,
           d.datconnlimit AS connection_limit
      FROM pg_stat_database s JOIN pg_database d ON d.oid = s.datid
     WHERE d.datname = current_database()
  ) t;
\if :ERROR
  \qecho 'null'
\endif

\qecho ', "bgwriter":'
SELECT /* pgsift snapshot */ row_to_json(s) FROM pg_stat_bgwriter s;
\if :ERROR
  \qecho 'null'
\endif

\qecho ', "checkpointer":'
\if :has_stat_checkpointer
SELECT /* pgsift snapshot */ row_to_json(s) FROM pg_stat_checkpointer s;
  \if :ERROR
    \qecho 'null'
  \endif
\else
  \qecho 'null'
\endif

\qecho ', "wal":'
\if :has_stat_wal
SELECT /* pgsift snapshot */ row_to_json(s) FROM pg_stat_wal s;
  \if :ERROR
    \qecho 'null'
  \endif
\else
  \qecho 'null'
\endif

\qecho ', "archiver":'
SELECT /* pgsift snapshot */ row_to_json(s) FROM pg_stat_archiver s;
\if :ERROR
  \qecho 'null'
\endif

\qecho ', "replication":'
SELECT /* pgsift snapshot */
       coalesce(json_agg(row_to_json(t) ORDER BY t.pid), '[]')
  FROM (
    SELECT s.*,
           pg_wal_lsn_diff(CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn()
                                ELSE pg_current_wal_lsn() END, s.replay_lsn) AS replay_lag_bytes
      FROM pg_stat_replication s
  ) t;
\if :ERROR
  \qecho 'null'
\endif

\qecho ', "replication_slots":'
SELECT /* pgsift snapshot */
       coalesce(json_agg(row_to_json(t) ORDER BY t.slot_name), '[]')
  FROM (
    SELECT s.*, age(s.xmin) AS xmin_age, age(s.catalog_xmin) AS catalog_xmin_age,
           pg_wal_lsn_diff(CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn()
                                ELSE pg_current_wal_lsn() END, s.restart_lsn) AS retained_bytes
      FROM pg_replication_slots s
  ) t;
\if :ERROR
  \qecho 'null'
\endif

-- Most combinations of backend, object and context never do anything.
\qecho ', "io":'
\if :has_stat_io
SELECT /* pgsift snapshot */
       coalesce(json_agg(row_to_json(s) ORDER BY s.backend_type, s.object, s.context), '[]')
  FROM pg_stat_io s
 WHERE coalesce(s.reads, 0) + coalesce(s.writes, 0) + coalesce(s.extends, 0)
     + coalesce(s.hits, 0) + coalesce(s.fsyncs, 0) > 0;
  \if :ERROR
    \qecho 'null'
  \endif
\else
  \qecho 'null'
\endif

\qecho ', "extensions":'
SELECT /* pgsift snapshot */
       coalesce(json_agg(row_to_json(t) ORDER BY t.name), '[]')
  FROM (SELECT e.extname AS name, e.extversion AS version, n.nspname AS schema
          FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace) t;
\if :ERROR
  \qecho 'null'
\endif

\qecho '}'

-- In case the connection belongs to a pooler after all, it is handed back as it was.
RESET /* pgsift snapshot */ ALL;
