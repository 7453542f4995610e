package dev.martlet.app;

import dev.martlet.config.Config;
import dev.martlet.config.ConfigInvalid;
import dev.martlet.operations.Version;

import sun.misc.Signal;

import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/// The command line. Exit codes: 0 done, 64 wrong usage, 69 the port cannot be had, 78 the configuration is wrong (sysexits.h).
public final class Main {
    private static final Path CONFIG = Path.of("/etc/martlet/martlet.yaml");
    private static final Path ENVIRONMENT = Path.of("/etc/martlet/martlet.env");

    private static final String USAGE =
            """
            usage: martlet serve [--config FILE] [--env FILE]   run the gateway
                   martlet check [FILE] [--env FILE]            say what is wrong with a configuration
                   martlet version

            Without --config and --env the files /etc/martlet/martlet.yaml and /etc/martlet/martlet.env are
            read when they are there. An empty configuration starts; SERVICE_1 and SERVICE_2 set the services.
            """;

    private Main() {}

    public static void main(String[] arguments) {
        int code = run(List.of(arguments), System.out, System.err);
        if (code != 0) System.exit(code);
    }

    static int run(List<String> arguments, PrintStream out, PrintStream err) {
        Deque<String> words = new ArrayDeque<>(arguments);
        String command = words.isEmpty() ? "help" : words.poll();
        try {
            return switch (command) {
                case "serve" -> serve(Places.of(words, false), out, err);
                case "check" -> check(Places.of(words, true), out, err);
                case "version", "--version" -> {
                    out.println("martlet " + Version.TEXT);
                    yield 0;
                }
                case "help", "--help", "-h" -> {
                    out.print(USAGE);
                    yield arguments.isEmpty() ? 64 : 0;
                }
                default -> throw new WrongUsage("there is no command " + command);
            };
        } catch (WrongUsage e) {
            err.println("martlet: " + e.getMessage());
            err.print(USAGE);
            return 64;
        } catch (ConfigInvalid e) {
            e.problems().forEach(err::println);
            return 78;
        }
    }

    private static int serve(Places files, PrintStream out, PrintStream err) throws ConfigInvalid {
        Gateway gateway = new Gateway(files::load, out);
        Signal.handle(new Signal("HUP"), _ -> gateway.reload());
        try {
            gateway.start();
        } catch (UncheckedIOException e) {
            gateway.close();
            err.println(
                    "martlet: cannot listen: "
                            + Optional.ofNullable(e.getCause()).map(Throwable::getMessage).orElse("unknown")
                            + "; is another server on the port? server.port (or PORT) chooses one");
            return 69;
        }
        new Shutdown(gateway, () -> false).onSignals();
        return 0; // the listener's thread keeps the process alive
    }

    private static int check(Places files, PrintStream out, PrintStream err) throws ConfigInvalid {
        files.load().notes().forEach(err::println);
        out.println("the configuration is valid");
        return 0;
    }

    /// Where the configuration stands.
    private record Places(Optional<Path> config, Optional<Path> environment) {
        static Places of(Deque<String> words, boolean bare) {
            Optional<Path> config = there(CONFIG);
            Optional<Path> environment = there(ENVIRONMENT);
            while (!words.isEmpty()) {
                String word = words.poll();
                if (word.equals("--config")) config = Optional.of(file(words, word));
                else if (word.equals("--env")) environment = Optional.of(file(words, word));
                else if (bare && !word.startsWith("-")) config = Optional.of(Path.of(word));
                else throw new WrongUsage("there is no option " + word);
            }
            return new Places(config, environment);
        }

        /// A file of the usual name that is there by now counts, too.
        Config load() throws ConfigInvalid {
            return Config.load(
                    config.or(() -> there(CONFIG)), System.getenv(), environment.or(() -> there(ENVIRONMENT)));
        }

        private static Optional<Path> there(Path file) {
            return Optional.of(file).filter(Files::exists);
        }

        private static Path file(Deque<String> words, String option) {
            if (words.isEmpty()) throw new WrongUsage(option + " needs a file");
            return Path.of(words.poll());
        }
    }

    /// The command line says something that we do not know.
    private static final class WrongUsage extends RuntimeException {
        private static final long serialVersionUID = 1L;

        WrongUsage(String what) {
            super(what);
        }
    }
}
