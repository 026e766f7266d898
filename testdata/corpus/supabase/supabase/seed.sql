insert into public.profiles (id, username) values ('00000000-0000-0000-0000-000000000001', 'ada');
