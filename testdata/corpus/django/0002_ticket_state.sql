BEGIN;
--
-- Add field state to ticket
--
ALTER TABLE "desk_ticket" ADD COLUMN "state" varchar(10) DEFAULT 'open' NOT NULL;
ALTER TABLE "desk_ticket" ALTER COLUMN "state" DROP DEFAULT;
COMMIT;
