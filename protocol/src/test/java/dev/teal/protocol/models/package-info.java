/** Real models for tests: where they are and that they are those that were meant. */
package dev.teal.protocol.models;
