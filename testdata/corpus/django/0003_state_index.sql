--
-- Concurrently create index desk_state_idx on field(s) state of model ticket
--
CREATE INDEX CONCURRENTLY "desk_state_idx" ON "desk_ticket" ("state");
