-- The screens mark a device that the gateway's device list calls simulated.
alter table device_health add column simulated boolean not null default false;
