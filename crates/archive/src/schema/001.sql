-- Version 1. Identities are SHA-256 in hexadecimal; times are Unix seconds; energies, masses and times of charges are
-- J, gCO2e, EUR, core-seconds and seconds.

CREATE TABLE structures (
    id         TEXT PRIMARY KEY,
    smiles     TEXT,
    formula    TEXT NOT NULL,
    charge     INTEGER NOT NULL,
    unpaired   INTEGER NOT NULL,
    geometry   BLOB,
    first_seen REAL NOT NULL
) STRICT;

-- What is here is never computed again, by any campaign.
CREATE TABLE calculations (
    id              TEXT PRIMARY KEY,
    structure       TEXT NOT NULL REFERENCES structures (id),
    method          TEXT NOT NULL,
    task            TEXT NOT NULL,
    status          TEXT NOT NULL CHECK (status IN ('ok', 'failed')),
    outcome         TEXT,
    failure_kind    TEXT,
    failure_message TEXT,
    core_seconds    REAL NOT NULL,
    wall            REAL NOT NULL,
    work            REAL NOT NULL,
    peak_memory     INTEGER NOT NULL,
    cost_source     TEXT NOT NULL,
    recorded        REAL NOT NULL,
    CHECK ((status = 'ok') = (outcome IS NOT NULL)),
    CHECK ((status = 'failed') = (failure_kind IS NOT NULL)),
    CHECK ((status = 'failed') = (failure_message IS NOT NULL))
) STRICT;
CREATE INDEX calculations_by_structure ON calculations (structure);

CREATE TABLE campaigns (
    id        INTEGER PRIMARY KEY,
    name      TEXT NOT NULL UNIQUE,
    spec      TEXT NOT NULL,
    spec_hash TEXT NOT NULL,
    created   REAL NOT NULL
) STRICT;

-- The inputs of every conversion from core-seconds, so that each charge can be computed again.
CREATE TABLE conversions (
    id   INTEGER PRIMARY KEY,
    json TEXT NOT NULL UNIQUE
) STRICT;

-- The ledger: rows are added, never changed. The calculation of a charge need not be in `calculations`: work that
-- failed for a passing reason is charged but not remembered.
CREATE TABLE charges (
    seq          INTEGER PRIMARY KEY AUTOINCREMENT,
    campaign     INTEGER NOT NULL REFERENCES campaigns (id),
    kind         TEXT NOT NULL,
    calculation  TEXT,
    core_seconds REAL NOT NULL,
    wall         REAL NOT NULL,
    joules       REAL NOT NULL,
    gco2e        REAL NOT NULL,
    euro         REAL,
    tier         TEXT NOT NULL,
    source       TEXT NOT NULL,
    conversion   INTEGER NOT NULL REFERENCES conversions (id),
    charged      REAL NOT NULL
) STRICT;
CREATE INDEX charges_by_campaign ON charges (campaign);

-- The event log: rows are added, never changed.
CREATE TABLE events (
    seq      INTEGER PRIMARY KEY AUTOINCREMENT,
    campaign INTEGER NOT NULL REFERENCES campaigns (id),
    kind     TEXT NOT NULL,
    payload  TEXT NOT NULL,
    happened REAL NOT NULL
) STRICT;
CREATE INDEX events_by_campaign ON events (campaign);

-- What a campaign knows of a structure: the value of a property by a recipe, or why there is none.
CREATE TABLE results (
    seq             INTEGER PRIMARY KEY AUTOINCREMENT,
    campaign        INTEGER NOT NULL REFERENCES campaigns (id),
    structure       TEXT NOT NULL REFERENCES structures (id),
    property        TEXT NOT NULL,
    recipe          TEXT NOT NULL,
    value           REAL,
    failure_kind    TEXT,
    failure_message TEXT,
    core_seconds    REAL NOT NULL,
    joules          REAL NOT NULL,
    work            REAL NOT NULL,
    recorded        REAL NOT NULL,
    UNIQUE (campaign, structure, property, recipe),
    CHECK ((value IS NULL) = (failure_kind IS NOT NULL)),
    CHECK ((value IS NULL) = (failure_message IS NOT NULL))
) STRICT;
