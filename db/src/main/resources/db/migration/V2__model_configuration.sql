-- What came with a version beyond its file, in config.pbtxt. Versions never change, so those from before say nothing.
alter table model_version
    add column config       jsonb,
    add column config_notes jsonb not null default '[]',
    add check (config is not null or config_notes = '[]');
