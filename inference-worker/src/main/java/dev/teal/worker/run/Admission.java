package dev.teal.worker.run;

import dev.teal.protocol.oip.ModelSignature;

/** Whether a request may come in. */
public sealed interface Admission {
    /** It may: exactly one of the two must follow, on the event loop. */
    non-sealed interface Admitted extends Admission {
        /** What it will be answered by, for as long as it takes. */
        Target target();

        /** Its whole body is here. */
        void begin(Call call);

        /** Its body will never be whole, or was refused. */
        void abandon();
    }

    /** @param bodyLimitBytes of one request, after decompression */
    record Target(String digest, ModelSignature signature, long bodyLimitBytes) {}

    record Refused(Failure failure) implements Admission {}
}
