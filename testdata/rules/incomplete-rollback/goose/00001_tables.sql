-- +goose Up
CREATE TABLE a (id bigint PRIMARY KEY);
CREATE TYPE mood AS ENUM ('ok', 'sad');
-- +goose StatementBegin
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
-- +goose StatementEnd
CREATE TRIGGER a_touch BEFORE UPDATE ON a FOR EACH ROW EXECUTE FUNCTION touch();

-- +goose Down
DROP TABLE a;
DROP TYPE mood;
