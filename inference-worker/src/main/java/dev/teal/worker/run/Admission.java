package dev.teal.worker.run;

import dev.teal.protocol.oip.ModelSignature;

/** Whether a request may come in. */
public sealed interface Admission {
    /** It may: exactly one of the two must follow, on the event loop. */
    non-sealed interface Admitted extends Admission {
        /** What it will be answered by, for as long as it takes. */
        Target target();

        /**
         * So much of its body is here.
         *
         * @return false where that is more than was announced and there is no room for it: then it has no place any more, and neither of the
         *     two follows
         */
        default boolean grows(long bytes) {
            return true;
        }

        /** Its whole body is here. */
        void begin(Call call);

        /** Its body will never be whole, or was refused. */
        void abandon();
    }

    /**
     * @param batched whether the first dimension of its shapes is the batch's
     * @param bodyLimitBytes of one request, after decompression
     */
    record Target(String digest, ModelSignature signature, boolean batched, long bodyLimitBytes) {}

    record Refused(Failure failure) implements Admission {}
}
