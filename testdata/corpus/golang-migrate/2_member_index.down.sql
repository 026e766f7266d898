DROP INDEX CONCURRENTLY members_user_id_idx;
