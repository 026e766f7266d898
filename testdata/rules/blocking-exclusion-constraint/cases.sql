ALTER TABLE bookings ADD CONSTRAINT bookings_overlap EXCLUDE USING gist (room_id WITH =, during WITH &&); -- want
CREATE TABLE seats (room_id int, during tstzrange);
ALTER TABLE seats ADD CONSTRAINT seats_overlap EXCLUDE USING gist (room_id WITH =, during WITH &&);
