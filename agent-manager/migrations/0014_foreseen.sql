-- When a limit was last said to be coming, and when that was last taken back: neither ends a fault that is there, nor the other way round.
alter table incident add column foreseen_at timestamptz, add column averted_at timestamptz;
