ALTER TABLE "seats" ADD CONSTRAINT "seats_org_id_orgs_id_fk" FOREIGN KEY ("org_id") REFERENCES "public"."orgs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "seats_user_idx" ON "seats" USING btree ("user_id");
