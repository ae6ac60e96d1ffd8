/** Fuzzing: seeded mutation of known inputs, for whatever reads bytes that somebody else wrote. */
package dev.teal.protocol.fuzz;
