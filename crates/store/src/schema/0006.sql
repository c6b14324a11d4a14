-- Files may have the roles `rank` and `prs` from here on, and a case's notes may name evidence, family and what else its runs
-- use. No table changes; the version says that an older program cannot read what this one writes.
SELECT 1;
