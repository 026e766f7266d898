-- First step to reviews.rating NOT NULL. The application writes a rating since release 41.

SET lock_timeout = '3s';

ALTER TABLE reviews
    ADD CONSTRAINT reviews_rating_present CHECK (rating IS NOT NULL) NOT VALID;
