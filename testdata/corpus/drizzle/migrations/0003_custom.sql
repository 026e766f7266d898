-- Custom SQL migration file, put your code below! --
UPDATE "orgs" SET "limits" = jsonb_set("limits", '{seats}', '5')
--> statement-breakpoint
CREATE UNIQUE INDEX "orgs_name_lower" ON "orgs" (lower("name"))
