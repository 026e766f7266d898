-- atlas:txmode none

-- Create index "items_sku" to table: "items"
CREATE INDEX CONCURRENTLY "items_sku" ON "items" ("sku");
