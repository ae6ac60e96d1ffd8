package dev.teal.platform.access.domain;

/** What a key is for. A key has one role; only what stands at the role is allowed, and none but the first four build on each other. */
public enum Role {
    /** Reads. */
    VIEWER,
    /** Reads; registers models and versions, creates and updates endpoints, rolls out. */
    DEPLOYER,
    /** Reads; promotes, aborts, rolls back. */
    OPERATOR,
    /** All of these, and keys and deletions. */
    ADMIN,
    /** Calls endpoints through a gateway, and nothing here. */
    INFERENCE,
    /** A cell: gateways and fleets of a region. By the cell key, never by a key in the database. */
    CELL
}
