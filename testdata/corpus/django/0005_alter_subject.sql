BEGIN;
--
-- Alter field subject on ticket
--
ALTER TABLE "desk_ticket" ALTER COLUMN "subject" TYPE text USING "subject"::text;
COMMIT;
