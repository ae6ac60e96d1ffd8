package dev.teal.platform.outbox;

/** Where published events go. */
interface EventSink {
    /** Called at least once an event. An exception leaves the event, and those of its batch, for the next try. */
    void publish(OutboxRelay.OutboxEvent event);
}
