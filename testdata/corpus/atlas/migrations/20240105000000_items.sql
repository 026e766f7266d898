-- Create "items" table
CREATE TABLE "items" ("cart_id" bigint NOT NULL, "sku" text NOT NULL, "qty" integer NOT NULL DEFAULT 1, CONSTRAINT "items_cart" FOREIGN KEY ("cart_id") REFERENCES "carts" ("id") ON UPDATE NO ACTION ON DELETE CASCADE);
