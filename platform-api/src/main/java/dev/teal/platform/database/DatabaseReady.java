package dev.teal.platform.database;

/**
 * The database was reached for the first time in this process and has today's schema: what needs rows at the start listens to this, must be safe to
 * repeat (it is published again if the database goes away under a listener), and keeps it short.
 */
public record DatabaseReady() {}
