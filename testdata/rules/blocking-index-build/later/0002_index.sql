-- In another file than its table: production has rows by now. CONCURRENTLY is no way out for a
-- partitioned table; ON ONLY is the first step of one.
CREATE INDEX events_at ON events (at);
CREATE INDEX events_at_only ON ONLY events (at);
