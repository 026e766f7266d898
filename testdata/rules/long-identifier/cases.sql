CREATE INDEX CONCURRENTLY this_name_is_much_longer_than_the_sixty_three_bytes_that_postgresql_keeps ON orders (email); -- want
CREATE INDEX CONCURRENTLY orders_email ON orders (email);
COMMENT ON TABLE orders IS 'thiscommentisverylongandhasnospacesatallbutthatdoesnotmatterhereatallreally';
