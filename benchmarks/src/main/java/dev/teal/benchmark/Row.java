package dev.teal.benchmark;

import java.util.Map;

/**
 * One line of the report.
 *
 * @param raw every number that it was made from, by name
 */
record Row(String what, String target, String result, Map<String, Object> raw) {}
