MERGE INTO members AS m
USING (VALUES (1000::bigint, 7::bigint, 'owner')) AS v (team_id, user_id, role)
   ON m.team_id = v.team_id AND m.user_id = v.user_id
WHEN MATCHED AND m.role <> v.role THEN UPDATE SET role = v.role
WHEN NOT MATCHED THEN INSERT (team_id, user_id, role) VALUES (v.team_id, v.user_id, v.role);
