package dev.teal.cli;

import dev.teal.cli.demo.DemoCommand;
import dev.teal.cli.local.DownCommand;
import dev.teal.cli.local.LogsCommand;
import dev.teal.cli.local.StatusCommand;
import dev.teal.cli.local.UpCommand;
import dev.teal.cli.terminal.Refused;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ScopeType;

/** The commands, and what their exit codes mean. */
@Command(
        name = "teal",
        description = "Serves models and replaces them without anybody noticing.",
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        versionProvider = Teal.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {UpCommand.class, DownCommand.class, StatusCommand.class, LogsCommand.class, DemoCommand.class},
        footer = {
            "",
            "./teal test runs all the tests, ./teal bench worker measures, ./teal fuzz looks for inputs that break a reader.",
            "Exit codes: 0 done; 1 something went wrong; 2 it cannot be as asked, the message says what to change; 3 not running."
        })
public final class Teal {
    private Teal() {}

    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        CommandLine commandLine = new CommandLine(new Teal());
        commandLine.setUsageHelpAutoWidth(true);
        commandLine.setExecutionExceptionHandler((problem, command, parsed) -> {
            if (problem instanceof Refused refused) {
                command.getErr().println(refused.getMessage());
                return refused.exitCode();
            }
            throw problem;
        });
        return commandLine;
    }

    /** From the jar's manifest, so that it is said in one place. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Teal.class.getPackage().getImplementationVersion();
            return new String[] {
                "teal " + (version == null ? "of this source tree" : version) + ", Java " + Runtime.version()
            };
        }
    }
}
