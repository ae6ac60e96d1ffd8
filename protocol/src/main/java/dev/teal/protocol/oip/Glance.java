package dev.teal.protocol.oip;

/**
 * What can be told of a request without reading all of it.
 *
 * @param rows the first dimension of its first input, as it says; 0 where that is not seen
 */
public record Glance(Schedule schedule, long rows) {
    public static final Glance NOTHING = new Glance(Schedule.NONE, 0);
}
