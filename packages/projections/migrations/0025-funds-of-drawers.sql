-- Change that somebody works with may come out of a drawer and go back to one, not only to the safe.

ALTER TABLE staff_fund_event
  ADD COLUMN till_id    uuid,
  ADD COLUMN session_id uuid; -- Both of the drawer that took part; neither where the safe did.
