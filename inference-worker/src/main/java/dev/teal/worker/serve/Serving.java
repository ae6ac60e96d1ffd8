package dev.teal.worker.serve;

/** What a worker runs, once it is loaded. */
public record Serving(String digest, Model model, RunQueue queue) {}
