package dev.teal.protocol.worker;

/**
 * Why a worker could not be proven.
 *
 * @param message a sentence for people, without paths or class names
 */
public record WorkerFailure(Code code, String message) {
    public enum Code {
        /** The artifact could not be fetched. May pass: tried again. */
        FETCH_FAILED(true),
        /** The bytes do not match the digest: a security event. */
        DIGEST_MISMATCH(false),
        /** ONNX Runtime refuses the model. */
        LOAD_FAILED(false),
        /** The loaded model's tensors are not those that the registry read. */
        SIGNATURE_MISMATCH(false),
        /** A warm-up request failed. */
        WARM_UP_FAILED(false),
        /** An answer differs from the golden one by more than the tolerance. */
        GOLDEN_MISMATCH(false),
        /** A golden sample made the model fail, or gave a number that is not finite where one is wanted. */
        GOLDEN_FAILED(false),
        /** Loading or running the model took more memory than a worker may have. */
        MEMORY_EXCEEDED(false),
        /** Loading, warming up or testing the model took longer than a worker may take. */
        TIME_EXCEEDED(false),
        /** The process could not start or died. May pass: tried again. */
        WORKER_DIED(true),
        /** The machine has no room. May pass. */
        NO_CAPACITY(true);

        private final boolean mayPass;

        Code(boolean mayPass) {
            this.mayPass = mayPass;
        }

        /** Whether another try may end better; otherwise the version itself is at fault. */
        public boolean mayPass() {
            return mayPass;
        }
    }
}
