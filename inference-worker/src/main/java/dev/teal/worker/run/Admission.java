package dev.teal.worker.run;

/** Whether a request may come in. */
public sealed interface Admission {
    /** It may: exactly one of the two must follow, on the event loop. */
    non-sealed interface Admitted extends Admission {
        /** Its whole body is here. */
        void begin(Call call);

        /** Its body will never be whole, or was refused. */
        void abandon();
    }

    record Refused(Failure failure) implements Admission {}
}
