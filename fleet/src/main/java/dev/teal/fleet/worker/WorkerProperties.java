package dev.teal.fleet.worker;

import com.sun.management.OperatingSystemMXBean;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * How workers are run on this machine.
 *
 * @param jar the worker program; {@code prepared/worker.aot} and {@code prepared/native} beside it are used where they exist
 * @param java the java command; null: the one that runs the fleet
 * @param socketDirectory of mode 0700; null: {@code /tmp/teal-<user>-<hash of the state directory>}
 * @param pool workers kept started without a model, so that a wake need not start a process; 0: none
 * @param heap {@code -Xmx} of a worker; models live outside of it
 * @param memoryLimit what a model may take of its worker, with room for its file on top; null: 4 GB or half of the machine, the less of both
 * @param javaOptions further options of the java command, after ours
 * @param startLimit from the process's start until it takes an assignment
 * @param proveLimit from the assignment until ready or failed; the worker gives up by itself at four fifths of it, and says so
 * @param hangLimit a worker that does not answer on its control socket for this long is killed
 * @param drainLimit a worker that was told to finish and has not for this long is killed
 * @param memoryEstimate what a worker with a version never run here is taken to need, its artifact's size on top
 * @param memoryReserve left free for everything else on the machine
 */
@Validated
@ConfigurationProperties("fleet.worker")
public record WorkerProperties(
        @NotNull Path jar,
        @Nullable Path java,
        @Nullable Path socketDirectory,
        @DefaultValue("1") @Min(0) @Max(32) int pool,
        @DefaultValue("256MB") DataSize heap,
        @Nullable DataSize memoryLimit,
        @DefaultValue List<String> javaOptions,
        @DefaultValue("30s") @DurationMin(millis = 100) Duration startLimit,
        @DefaultValue("5m") @DurationMin(millis = 100) Duration proveLimit,
        @DefaultValue("10s") @DurationMin(millis = 100) Duration hangLimit,
        @DefaultValue("2m") @DurationMin(millis = 100) Duration drainLimit,
        @DefaultValue("256MB") DataSize memoryEstimate,
        @DefaultValue("256MB") DataSize memoryReserve) {

    private static final long MOST_BY_DEFAULT = 4L << 30;

    public WorkerProperties {
        javaOptions = List.copyOf(javaOptions);
    }

    long memoryLimitBytes() {
        if (memoryLimit != null) {
            return memoryLimit.toBytes();
        }
        long half = ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean machine
                ? machine.getTotalMemorySize() / 2
                : Long.MAX_VALUE;
        return Math.min(MOST_BY_DEFAULT, half);
    }

    /** Less than {@code proveLimit}, so that the worker itself says what went on for too long. */
    long ownProveMillis() {
        return Math.max(1, proveLimit.toMillis() * 4 / 5);
    }

    Path javaCommand() {
        return java != null ? java : Path.of(System.getProperty("java.home"), "bin", "java");
    }
}
