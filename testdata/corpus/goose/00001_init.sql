-- +goose Up
CREATE TABLE device (
    id          serial PRIMARY KEY,
    serial_no   text NOT NULL UNIQUE,
    metadata    jsonb
);

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION touch() RETURNS trigger AS $$
BEGIN
    NEW.metadata := coalesce(NEW.metadata, '{}'::jsonb) || jsonb_build_object('touched', now());
    RETURN NEW;
END;
$$ LANGUAGE plpgsql;
-- +goose StatementEnd

CREATE TRIGGER device_touch BEFORE UPDATE ON device FOR EACH ROW EXECUTE PROCEDURE touch();

-- +goose Down
DROP TABLE device;
DROP FUNCTION touch();
