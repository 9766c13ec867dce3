-- An agent chooses its own id: an id belongs to the cluster that the bus vouches for, so that no agent can take another's place.
alter table agent drop constraint agent_pkey;
alter table agent add primary key (cluster_id, id);
drop index agent_cluster;
create index agent_id on agent (id);
