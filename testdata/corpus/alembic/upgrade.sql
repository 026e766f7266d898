INFO  [alembic.runtime.migration] Context impl PostgresqlImpl.
INFO  [alembic.runtime.migration] Generating static SQL
BEGIN;

CREATE TABLE alembic_version (
    version_num VARCHAR(32) NOT NULL, 
    CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);

INFO  [alembic.runtime.migration] Running upgrade  -> 3f1a, tracks
-- Running upgrade  -> 3f1a

CREATE TABLE tracks (
    id SERIAL NOT NULL, 
    name VARCHAR(50), 
    PRIMARY KEY (id)
);

INSERT INTO alembic_version (version_num) VALUES ('3f1a') RETURNING alembic_version.version_num;

-- Running upgrade 3f1a -> 77b0

COMMIT;

CREATE INDEX CONCURRENTLY ix_tracks_name ON tracks (name);

BEGIN;

UPDATE alembic_version SET version_num='77b0' WHERE alembic_version.version_num = '3f1a';

COMMIT;
