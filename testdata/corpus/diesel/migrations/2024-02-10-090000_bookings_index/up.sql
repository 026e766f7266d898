CREATE INDEX CONCURRENTLY bookings_room ON bookings (room_id, starts);
