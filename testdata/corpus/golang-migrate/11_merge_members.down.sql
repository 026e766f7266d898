DELETE FROM members WHERE team_id = 1000 AND user_id = 7;
