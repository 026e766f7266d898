VACUUM (ANALYZE) ${app_schema}.invoice;
