-- What a shop may pay for expenses a day, over all categories, before somebody is asked. 0: no limit.

ALTER TABLE shop ADD COLUMN expense_day_minor bigint NOT NULL DEFAULT 0;
