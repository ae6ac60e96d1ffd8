package dev.teal.platform.rollout.domain;

/** Live requests of one color in one generation, summed over the gateways. */
public record Traffic(long requests, long failures) {
    public static final Traffic NONE = new Traffic(0, 0);

    public Traffic {
        if (requests < 0 || failures < 0 || failures > requests) {
            throw new IllegalArgumentException("failures must be 0 to requests, got " + failures + " of " + requests);
        }
    }

    public Traffic plus(Traffic other) {
        return new Traffic(requests + other.requests, failures + other.failures);
    }

    /** Share of failures, 0 to 1; 0 without requests. */
    public double failureShare() {
        return requests == 0 ? 0 : (double) failures / requests;
    }
}
