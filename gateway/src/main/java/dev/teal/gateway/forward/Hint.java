package dev.teal.gateway.forward;

/** Tells a client that sends many numbers as JSON what it would save. */
final class Hint {
    static final String TEXT =
            "many numbers as JSON; as binary tensors (binary_tensor_data) they are sent and read several times faster";

    private static final int FROM_BYTES = 100_000;
    private static final int SAMPLES = 64;

    private Hint() {}

    /** Looks at a few bytes all over a large body: nothing is parsed. */
    static boolean wouldBinaryHelp(byte[] body) {
        if (body.length < FROM_BYTES) {
            return false;
        }
        int numeric = 0;
        for (int i = 0; i < SAMPLES; i++) {
            byte b = body[(int) ((long) i * (body.length - 1) / (SAMPLES - 1))];
            if ((b >= '0' && b <= '9') || ",.- \n\t[]eE+".indexOf(b) >= 0) {
                numeric++;
            }
        }
        return numeric >= SAMPLES * 9 / 10;
    }
}
