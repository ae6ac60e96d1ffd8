package dev.teal.worker.run;

/** Where requests come in, whatever way they travel. */
public interface Desk {
    /** On the event loop, before the body is read. */
    Admission admit(Head head);
}
