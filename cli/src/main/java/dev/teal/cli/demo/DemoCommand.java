package dev.teal.cli.demo;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code teal demo}. */
@Command(name = "demo", description = "Shows what Teal is for.")
public final class DemoCommand implements Callable<Integer> {
    @Override
    public Integer call() {
        return 0;
    }
}
