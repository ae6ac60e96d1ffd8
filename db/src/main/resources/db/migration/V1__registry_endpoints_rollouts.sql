-- Teal's first schema. What must always hold (docs/architecture.md) is held here, not by habit.

create table api_key (
    id            text primary key check (id ~ '^[0-9A-Za-z]{12}$'),
    name          text not null check (length(name) between 1 and 100),
    role          text not null check (role in ('VIEWER', 'DEPLOYER', 'OPERATOR', 'ADMIN', 'INFERENCE')),
    secret_digest text not null check (secret_digest ~ '^sha256:[0-9a-f]{64}$'),
    created_at    timestamptz not null,
    created_by    text not null,
    expires_at    timestamptz,
    revoked_at    timestamptz,
    last_used_at  timestamptz
);

create table model (
    name        text primary key check (name ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'),
    description text not null default '',
    created_at  timestamptz not null,
    created_by  text not null
);

-- Bytes in the content-addressed store: artifacts and golden samples alike.
create table stored_object (
    digest     text primary key check (digest ~ '^sha256:[0-9a-f]{64}$'),
    bytes      bigint not null check (bytes > 0),
    created_at timestamptz not null
);

create table model_version (
    model          text not null references model (name),
    version        text not null check (version ~ '^[0-9A-Za-z]([0-9A-Za-z._-]{0,62})$'),
    digest         text not null references stored_object (digest),
    samples_digest text references stored_object (digest),
    samples_count  int not null default 0 check (samples_count >= 0),
    signature      jsonb not null,
    description    text not null default '',
    labels         jsonb not null default '{}',
    created_at     timestamptz not null,
    created_by     text not null,
    primary key (model, version),
    check ((samples_digest is null) = (samples_count = 0))
);

create table endpoint (
    id                    uuid primary key,
    name                  text not null check (name ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'),
    model                 text not null references model (name),
    region                text not null check (region ~ '^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$'),
    configuration         jsonb not null,
    generation            bigint not null check (generation >= 0),
    -- highest generation ever given out, an aborted PREPARE's included
    last_generation       bigint not null,
    blue_percent          int not null check (blue_percent between 0 and 100),
    green_percent         int not null check (green_percent between 0 and 100),
    next_generation       bigint,
    next_blue_percent     int,
    next_green_percent    int,
    -- the global revision of this row's last change, see cell_state
    revision              bigint not null,
    -- the revision at which the route in force was committed
    route_revision        bigint not null,
    desired_version       text not null,
    created_at            timestamptz not null,
    created_by            text not null,
    deleted_at            timestamptz,
    version               bigint not null default 0,
    check (blue_percent + green_percent in (0, 100)),
    check (last_generation >= generation and (next_generation is null or next_generation > generation and next_generation <= last_generation)),
    check ((next_generation is null) = (next_blue_percent is null) and (next_generation is null) = (next_green_percent is null)),
    check (next_generation is null or next_blue_percent + next_green_percent = 100)
);
create unique index endpoint_name_live on endpoint (name) where deleted_at is null;
create index endpoint_by_revision on endpoint (region, revision);

create table environment (
    id            uuid primary key,
    endpoint_id   uuid not null references endpoint (id),
    color         text not null check (color in ('BLUE', 'GREEN')),
    phase         text not null check (phase in ('EMPTY', 'LOADING', 'READY', 'ACTIVE', 'STANDBY', 'DRAINING')),
    model         text,
    model_version text,
    -- workers wanted beyond the configuration's minimum: capacity to prove, warmth to keep
    warm_workers  int not null default 0 check (warm_workers >= 0),
    standby_until timestamptz,
    -- the global revision at which a version was last put in or sent away; what a fleet reports under an older one is stale
    revision      bigint not null default 0,
    since         timestamptz not null,
    version       bigint not null default 0,
    foreign key (model, model_version) references model_version (model, version),
    unique (endpoint_id, color),
    check ((phase = 'EMPTY') = (model_version is null)),
    check ((phase = 'STANDBY') = (standby_until is not null))
);
create unique index environment_one_active on environment (endpoint_id) where phase = 'ACTIVE';

create table rollout (
    id               uuid primary key,
    endpoint_id      uuid not null references endpoint (id),
    kind             text not null check (kind in ('INITIAL', 'RELEASE', 'ROLLBACK')),
    state            text not null check (state in ('PENDING', 'PROVISIONING', 'WARMING', 'TESTING', 'SHADOWING', 'HELD', 'SWITCHING', 'BAKING',
                         'ROLLING_BACK', 'SUCCEEDED', 'FAILED', 'ABORTED', 'SUPERSEDED', 'EXPIRED', 'ROLLED_BACK')),
    color            text check (color in ('BLUE', 'GREEN')),
    model            text not null,
    model_version    text not null,
    previous_version text,
    -- the whole domain value; the columns beside it are its parts that SQL asks for
    detail           jsonb not null,
    reason           text not null default '',
    created_at       timestamptz not null,
    created_by       text not null,
    state_since      timestamptz not null,
    -- when the rollout wants to be looked at next; any instance takes due ones with for update skip locked
    due_at           timestamptz,
    ended_at         timestamptz,
    version          bigint not null default 0,
    foreign key (model, model_version) references model_version (model, version),
    check ((state in ('SUCCEEDED', 'FAILED', 'ABORTED', 'SUPERSEDED', 'EXPIRED', 'ROLLED_BACK')) = (ended_at is not null)),
    check ((ended_at is null) = (due_at is not null))
);
create unique index rollout_one_open on rollout (endpoint_id) where ended_at is null;
create index rollout_due on rollout (due_at) where ended_at is null;
create index rollout_of_endpoint on rollout (endpoint_id, created_at desc);

create table rollout_transition (
    rollout_id uuid not null references rollout (id),
    number     int not null,
    at         timestamptz not null,
    from_state text,
    to_state   text not null,
    actor      text not null,
    reason     text not null,
    primary key (rollout_id, number)
);

-- One row: the global revision. A change locks it until commit, so revisions appear in the order of their numbers and without gaps.
create table cell_state (
    one      boolean primary key default true check (one),
    revision bigint not null check (revision >= 0)
);
insert into cell_state (revision) values (0);

create table cell_member (
    region      text not null,
    id          text not null check (length(id) between 1 and 100),
    kind        text not null check (kind in ('GATEWAY', 'FLEET')),
    instance    text not null,
    sequence    bigint not null,
    address     text not null,
    software    text not null,
    revision    bigint not null,
    checksum    text,
    report      jsonb not null,
    first_seen  timestamptz not null,
    last_seen   timestamptz not null,
    lease_until timestamptz not null,
    -- since when the lease has not lapsed; what a member missed before is not held against it
    live_since  timestamptz not null,
    primary key (region, id)
);

create table audit_event (
    sequence      bigint primary key check (sequence > 0),
    at            timestamptz not null,
    actor         text not null,
    action        text not null,
    object        text not null,
    result        text not null check (result in ('DONE', 'DENIED')),
    request_id    text not null,
    detail        jsonb not null,
    previous_hash text not null,
    hash          text not null unique
);
-- One row: the chain's end. Locked by each event until commit, so the chain has no forks and no gaps.
create table audit_head (
    one      boolean primary key default true check (one),
    sequence bigint not null,
    hash     text not null
);
insert into audit_head (sequence, hash) values (0, 'sha256:0000000000000000000000000000000000000000000000000000000000000000');

create table outbox_event (
    id           bigint generated always as identity primary key,
    at           timestamptz not null,
    type         text not null,
    subject      text not null,
    payload      jsonb not null,
    published_at timestamptz
);
create index outbox_unpublished on outbox_event (id) where published_at is null;

create table idempotency_key (
    actor       text not null,
    key         text not null check (length(key) between 1 and 255),
    fingerprint text not null,
    status      int not null,
    headers     jsonb not null,
    body        text not null,
    created_at  timestamptz not null,
    primary key (actor, key)
);
create index idempotency_key_age on idempotency_key (created_at);

create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception '% is append-only: % refused', tg_table_name, tg_op using errcode = 'restrict_violation';
end $$;
create trigger audit_event_append_only before update or delete or truncate on audit_event for each statement execute function refuse_change();
create trigger rollout_transition_append_only before update or delete or truncate on rollout_transition for each statement execute function refuse_change();
create trigger model_version_immutable before update or truncate on model_version for each statement execute function refuse_change();

create function only_forward() returns trigger language plpgsql as $$
begin
    if new.generation < old.generation or new.last_generation < old.last_generation or new.revision < old.revision then
        raise exception 'generation and revision of endpoint % only grow', old.name using errcode = 'check_violation';
    end if;
    return new;
end $$;
create trigger endpoint_only_forward before update on endpoint for each row execute function only_forward();

create function revision_only_forward() returns trigger language plpgsql as $$
begin
    if new.revision <= old.revision then
        raise exception 'the global revision only grows' using errcode = 'check_violation';
    end if;
    return new;
end $$;
create trigger cell_state_only_forward before update on cell_state for each row execute function revision_only_forward();

-- At commit: all live traffic goes to the one active color, and an active color has all live traffic.
create function route_names_active() returns trigger language plpgsql as $$
declare
    e endpoint%rowtype;
    wrong int;
begin
    if tg_table_name = 'endpoint' then
        select * into e from endpoint where id = new.id;
    else
        select * into e from endpoint where id = new.endpoint_id;
    end if;
    if e.deleted_at is not null then
        return null;
    end if;
    select count(*) into wrong from environment v
        where v.endpoint_id = e.id
          and (v.phase = 'ACTIVE') <> ((case v.color when 'BLUE' then e.blue_percent else e.green_percent end) > 0);
    if wrong > 0 then
        raise exception 'route of endpoint % (blue %, green %) does not match its active environment', e.name, e.blue_percent, e.green_percent
            using errcode = 'check_violation';
    end if;
    return null;
end $$;
create constraint trigger endpoint_route_names_active after insert or update on endpoint
    deferrable initially deferred for each row execute function route_names_active();
create constraint trigger environment_matches_route after insert or update on environment
    deferrable initially deferred for each row execute function route_names_active();
