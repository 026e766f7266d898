VACUUM FULL orders; -- want
VACUUM FULL; -- want
CLUSTER orders USING orders_pkey; -- want
VACUUM orders;
VACUUM (FREEZE, ANALYZE) orders;
