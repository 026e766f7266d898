-- +goose Up
CREATE TABLE reading (
    device_id integer NOT NULL REFERENCES device (id) ON DELETE CASCADE,
    at        timestamptz NOT NULL,
    value     double precision,
    PRIMARY KEY (device_id, at)
);

-- +goose Down
DROP TABLE reading;
