-- Second step. With the validated check SET NOT NULL does not read the table again.

SET lock_timeout = '3s';

ALTER TABLE reviews VALIDATE CONSTRAINT reviews_rating_present;

ALTER TABLE reviews ALTER COLUMN rating SET NOT NULL;

ALTER TABLE reviews DROP CONSTRAINT reviews_rating_present;
