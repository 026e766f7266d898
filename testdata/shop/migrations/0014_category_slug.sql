-- Pretty addresses for the categories.

-- pgsift: ignore blocking-index-build because the table has forty rows
CREATE UNIQUE INDEX categories_slug_idx ON categories (slug);
