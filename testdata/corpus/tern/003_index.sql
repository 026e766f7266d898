---- tern: disable-tx ----
create index concurrently people_name on people (name);

---- create above / drop below ----

drop index people_name;
