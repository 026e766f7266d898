-- Create "carts" table
CREATE TABLE "carts" ("id" bigint NOT NULL GENERATED ALWAYS AS IDENTITY, "owner" text NOT NULL, PRIMARY KEY ("id"));
-- Create index "carts_owner" to table: "carts"
CREATE INDEX "carts_owner" ON "carts" ("owner");
