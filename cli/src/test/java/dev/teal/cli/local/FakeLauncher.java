package dev.teal.cli.local;

import dev.teal.cli.terminal.Refused;
import dev.teal.cli.terminal.Terminal;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;

/** The real launcher over fake parts, as a process of its own, so that it can be killed. Arguments: home, then a port for each purpose. */
final class FakeLauncher {
    private FakeLauncher() {}

    public static void main(String[] arguments) throws Exception {
        Home home = new Home(Path.of(arguments[0]));
        Map<Port, Integer> asked = new EnumMap<>(Port.class);
        for (int i = 1; i < arguments.length; i++) {
            asked.put(Port.values()[i - 1], Integer.valueOf(arguments[i]));
        }
        try {
            boolean first = new Launcher(home, FakeProgram::stages, asked, Terminal.standard())
                    .run(ports -> System.out.println("ready"));
            System.exit(first ? 0 : 9);
        } catch (Refused e) {
            System.out.println(e.getMessage());
            System.exit(e.exitCode());
        }
    }
}
