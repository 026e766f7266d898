alter table people add column born date;

---- create above / drop below ----

alter table people drop column born;
