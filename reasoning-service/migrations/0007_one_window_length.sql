-- Series are compared in windows of three blocks only; of the lengths 2, 3 and 4 that were kept, the middle one stays.
update metric_watch set state = jsonb_set(state, '{full,nearest,distances}', state #> '{full,nearest,distances,1}')
where jsonb_typeof(state #> '{full,nearest,distances,1}') = 'array';
update metric_watch set state = jsonb_set(state, '{early,nearest,distances}', state #> '{early,nearest,distances,1}')
where jsonb_typeof(state #> '{early,nearest,distances,1}') = 'array';
