package dev.teal.benchmark;

import java.io.IOException;
import java.util.List;

/** Some rows of the table that are measured together, so that they have the same machine. */
interface Scenario {
    /** What {@code --only} calls it. */
    String name();

    List<Row> run(Bench bench) throws IOException;
}
