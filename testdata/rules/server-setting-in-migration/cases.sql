ALTER SYSTEM SET work_mem = '1GB'; -- want
SET work_mem = '64MB';
