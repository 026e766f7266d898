create index concurrently todos_owner_idx on public.todos (owner);
