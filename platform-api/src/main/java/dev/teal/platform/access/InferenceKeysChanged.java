package dev.teal.platform.access;

/** Published within the transaction that made or revoked an inference key: whoever keeps cells informed gives out a new revision in the same one. */
public record InferenceKeysChanged() {}
