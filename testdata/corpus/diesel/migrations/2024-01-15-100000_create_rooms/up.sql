CREATE TABLE rooms (
  id SERIAL PRIMARY KEY,
  name VARCHAR NOT NULL,
  capacity SMALLINT NOT NULL CHECK (capacity > 0)
);
