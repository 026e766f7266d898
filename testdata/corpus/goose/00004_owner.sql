-- +goose Up
-- +goose ENVSUB ON
CREATE ROLE ${READER_ROLE:-telemetry_reader} NOLOGIN;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO ${READER_ROLE:-telemetry_reader};
-- +goose ENVSUB OFF

-- +goose Down
DROP OWNED BY telemetry_reader;
DROP ROLE telemetry_reader;
