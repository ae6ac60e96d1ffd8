package dev.teal.protocol.worker;

/**
 * {@code POST /worker/v1/drain} on the control socket. 200: the worker refuses from now on and exits once nothing is in flight.
 * 409: it has been used within {@code idleMillis} or holds work, and goes on; the check and the change are one step.
 *
 * @param idleMillis drain only if idle for at least this long; 0: drain whatever it holds, finishing that first
 */
public record DrainRequest(long idleMillis) {}
