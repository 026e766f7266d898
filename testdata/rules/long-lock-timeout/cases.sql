SET lock_timeout = '1min'; -- want
SET lock_timeout = 60000; -- want
SET lock_timeout = '10s';
SET lock_timeout = 0;
