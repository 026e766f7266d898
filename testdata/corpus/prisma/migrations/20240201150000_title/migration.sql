-- AlterTable
ALTER TABLE "Post" ALTER COLUMN "title" SET DATA TYPE TEXT,
ALTER COLUMN "tags" SET NOT NULL;

-- DropIndex
DROP INDEX "Post_authorId_idx";
