CREATE TYPE "public"."plan" AS ENUM('free', 'pro');--> statement-breakpoint
CREATE TABLE "orgs" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"name" text NOT NULL,
	"plan" "plan" DEFAULT 'free' NOT NULL
);
--> statement-breakpoint
CREATE TABLE "seats" (
	"org_id" uuid NOT NULL,
	"user_id" integer NOT NULL,
	CONSTRAINT "seats_org_id_user_id_pk" PRIMARY KEY("org_id","user_id")
);
