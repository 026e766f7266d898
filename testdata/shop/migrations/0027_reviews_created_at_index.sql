-- The moderation page shows the newest reviews first.

SET lock_timeout = '3s';

CREATE INDEX CONCURRENTLY reviews_created_at_idx ON reviews (created_at DESC);
