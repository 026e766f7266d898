ALTER TABLE "orgs" ALTER COLUMN "plan" SET DATA TYPE text;--> statement-breakpoint
DROP TYPE "public"."plan";--> statement-breakpoint
ALTER TABLE "orgs" ADD COLUMN "limits" jsonb DEFAULT '{}'::jsonb;
