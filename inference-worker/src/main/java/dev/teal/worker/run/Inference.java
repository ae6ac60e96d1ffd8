package dev.teal.worker.run;

import dev.teal.protocol.Refusal;
import dev.teal.worker.life.Life;
import dev.teal.worker.run.Failure.Kind;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The one desk of a worker: what it runs, once it is loaded, and who is let in to it. */
public final class Inference implements Desk {
    private final Life life;
    private final String proofSecret;
    private volatile @Nullable Served served;

    /** @param proofSecret lets the worker's own requests in, by which it proves itself before it is ready */
    public Inference(Life life, String proofSecret) {
        this.life = life;
        this.proofSecret = proofSecret;
    }

    /** From now on this is what is served, as soon as the worker's life allows it; null: nothing. */
    public void serve(@Nullable Served loaded) {
        served = loaded;
    }

    public Optional<Served> served() {
        return Optional.ofNullable(served);
    }

    @Override
    public Admission admit(Head head) {
        Served now = served;
        if (now == null) {
            return new Admission.Refused(Failure.refused(Refusal.DRAINING));
        }
        boolean proof = proofSecret.equals(head.proof());
        Optional<Refusal> refusal = proof ? life.admitProof() : life.admit(head.digest());
        if (refusal.isPresent()) {
            return refused(now, refusal.get());
        }
        // From here on life.end() must follow
        Admission admission = head.deadlineMillis() == 0 ? refused(now, Refusal.EXPIRED) : admit(head, now, proof);
        if (admission instanceof Admission.Refused) {
            life.end();
        }
        return admission;
    }

    private Admission admit(Head head, Served now, boolean proof) {
        if (!isServed(now, head.model(), head.version())) {
            return new Admission.Refused(unknown(head.model(), head.version()));
        }
        long limit = now.settings().bodyBytes();
        if (head.announcedBytes() > limit) {
            return new Admission.Refused(BodyTooLarge.failure(limit));
        }
        // Who would not be answered in time is better told at once, before its body is read
        boolean hopeless = head.deadlineMillis() > 0
                && now.estimatedWaitNanos() > TimeUnit.MILLISECONDS.toNanos(head.deadlineMillis());
        if (hopeless || !now.queue().reserve(head.announcedBytes())) {
            return refused(now, Refusal.SATURATED);
        }
        return new Place(now, head, proof);
    }

    private static Admission refused(Served now, Refusal refusal) {
        now.meters().answered("refused_" + refusal.name().toLowerCase(Locale.ROOT));
        return new Admission.Refused(Failure.refused(refusal));
    }

    public static boolean isServed(Served now, String name, @Nullable String version) {
        return name.equals(now.model().name())
                && (version == null || version.equals(now.model().version()));
    }

    public static Failure unknown(String name, @Nullable String version) {
        String which = version == null ? "" : " version " + version;
        return Failure.of(Kind.NOT_FOUND, "Request for unknown model: '" + name + "'" + which + " is not found");
    }

    /** A place in line, for a request whose body is coming. */
    private final class Place implements Admission.Admitted {
        private final Served now;
        private final Head head;
        private final boolean proof;
        private final long arrived = System.nanoTime();
        private long held;

        Place(Served now, Head head, boolean proof) {
            this.now = now;
            this.head = head;
            this.proof = proof;
            this.held = head.announcedBytes();
        }

        @Override
        public Target target() {
            return new Target(
                    now.digest(),
                    now.model().signature(),
                    now.model().batched(),
                    now.settings().bodyBytes());
        }

        @Override
        public boolean grows(long bytes) {
            if (bytes > held) {
                if (!now.queue().settle(held, bytes)) {
                    now.meters().answered("refused_saturated");
                    life.end();
                    return false;
                }
                held = bytes;
            }
            return true;
        }

        @Override
        public void begin(Call call) {
            if (!new Job(call, now, proof, head.waitedMillis(), life::end).begin(held, left())) {
                now.meters().answered("refused_saturated");
                call.onEnd(life::end);
                call.fail(Failure.refused(Refusal.SATURATED));
            }
        }

        /** The deadline counts from the head on, whatever time the body took. */
        private long left() {
            return head.deadlineMillis() < 0
                    ? -1
                    : Math.max(0, head.deadlineMillis() - (System.nanoTime() - arrived) / 1_000_000);
        }

        @Override
        public void abandon() {
            now.queue().cancel(held);
            life.end();
        }
    }
}
