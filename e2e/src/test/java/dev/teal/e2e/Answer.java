package dev.teal.e2e;

/**
 * One request as its client saw it.
 *
 * @param client who asked; a client asks one thing after the other
 * @param startedNanos monotonic, before the request was sent
 * @param row of {@link FraudDetection}
 * @param status of HTTP, or 0 where the connection broke; then {@code error} says how
 */
record Answer(
        int client,
        long startedNanos,
        long endedNanos,
        int row,
        int status,
        String color,
        String version,
        String digest,
        long generation,
        double fraud,
        String error) {

    static Answer broken(int client, long startedNanos, long endedNanos, int row, int status, String error) {
        return new Answer(client, startedNanos, endedNanos, row, status, "", "", "", -1, Double.NaN, error);
    }
}
