{{ template "shared/v1.sql" . }}

---- create above / drop below ----

drop view v1;
