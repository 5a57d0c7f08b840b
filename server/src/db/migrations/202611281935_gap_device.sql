-- What a device did not see lately stands beside it on the health page.
create index gap_device on gap (site_id, gateway, device, received_at);
