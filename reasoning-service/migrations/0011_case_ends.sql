-- A case without ends was written with an object in place of an empty list, and could not be filed.
update case_due set ends = '[]', tries = 0, due_at = now(), problem = null where ends = '{}';
