CREATE TABLE bookings (
  id BIGSERIAL PRIMARY KEY,
  room_id INTEGER NOT NULL REFERENCES rooms (id),
  starts TIMESTAMP NOT NULL,
  ends TIMESTAMP NOT NULL,
  CHECK (ends > starts)
);
