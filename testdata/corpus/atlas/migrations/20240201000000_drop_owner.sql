-- Modify "carts" table
-- atlas:nolint destructive
ALTER TABLE "carts" DROP COLUMN "owner";
