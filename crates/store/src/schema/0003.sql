-- What the worklist shows and searches besides: words of the run's results, and of the newest order.

ALTER TABLE runs ADD COLUMN summary TEXT;
ALTER TABLE cases ADD COLUMN indication TEXT;
ALTER TABLE cases ADD COLUMN genes TEXT;
-- What the person was when the class was asserted.
ALTER TABLE assertions ADD COLUMN role TEXT;
-- Raised by every change of the run's combinations of facets: an index in memory is good for one value of it.
ALTER TABLE runs ADD COLUMN variant_version INTEGER NOT NULL DEFAULT 0;
