alter table public.todos rename column is_complete to done;
alter table public.todos alter column done set not null;
