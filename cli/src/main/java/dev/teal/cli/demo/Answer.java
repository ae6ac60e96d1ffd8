package dev.teal.cli.demo;

import java.time.Duration;

/** One response of the gateway, and how long it took. */
record Answer(String color, String version, long generation, double fraud, Duration took) {}
