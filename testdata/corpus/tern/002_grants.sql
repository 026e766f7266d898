grant select on people to {{ .app_user }};

---- create above / drop below ----

revoke select on people from {{ .app_user }};
