package dev.teal.gateway.activation;

/** How many requests of one endpoint, and how many bytes of their bodies, may wait for a worker. */
final class Buffer {
    private final int limitRequests;
    private final long limitBytes;
    private int requests;
    private long bytes;

    Buffer(int limitRequests, long limitBytes) {
        this.limitRequests = limitRequests;
        this.limitBytes = limitBytes;
    }

    /** An empty buffer takes any one request: its body is bounded elsewhere. */
    synchronized boolean take(int bodyBytes) {
        if (requests >= limitRequests || (requests > 0 && bytes + bodyBytes > limitBytes)) {
            return false;
        }
        requests++;
        bytes += bodyBytes;
        return true;
    }

    synchronized void give(int bodyBytes) {
        requests--;
        bytes -= bodyBytes;
    }
}
