package dev.martlet.app;

import dev.martlet.config.Config;
import dev.martlet.config.ConfigInvalid;
import dev.martlet.demo.DemoProviders;
import dev.martlet.operations.Version;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.logging.Logger;

/// The command line. Exit codes: 0 done, 64 wrong usage, 69 the port cannot be had, 70 the self-test failed,
/// 78 the configuration is wrong (sysexits.h).
public final class Main {
    /// Elsewhere when it was installed elsewhere: install.sh --prefix.
    private static final Path ETC = Path.of(System.getProperty("martlet.etc", "/etc/martlet"));

    private static final Path CONFIG = ETC.resolve("martlet.yaml");
    private static final Path ENVIRONMENT = ETC.resolve("martlet.env");

    /// Of those lines that Martlet writes by itself; the gateway's log takes it over.
    private static final Logger LOG = Logger.getLogger("martlet");

    private static final String USAGE =
            """
            usage: martlet serve [--config FILE] [--env FILE] [--share-port]
                                                                run the gateway
                   martlet check [FILE] [--env FILE]            say what is wrong with a configuration
                   martlet demo [--port N]                      run it with made-up providers, to try it
                   martlet selftest                             put some hundred made-up calls through it
                   martlet version

            Without --config and --env the files /etc/martlet/martlet.yaml and /etc/martlet/martlet.env are
            read when they are there. An empty configuration starts; the first of them has every key as a comment.
            With --share-port another process of the same user may listen on the same port: the next version,
            while this one ends its calls.
            """;

    private static final String WHERE = "server.host and server.port (or PORT) say where to listen";

    private Main() {}

    public static void main(String[] arguments) {
        int code = run(List.of(arguments), System.out, System.err);
        if (code != 0) System.exit(code);
    }

    static int run(List<String> arguments, PrintStream out, PrintStream err) {
        Deque<String> words = new ArrayDeque<>(arguments);
        boolean help = words.contains("--help") || words.contains("-h");
        String command = help || words.isEmpty() ? "help" : words.poll();
        try {
            return switch (command) {
                case "serve" -> serve(words, out, err);
                case "check" -> check(Places.of(words, true), out, err);
                case "demo" -> demo(port(words), out, err);
                case "selftest" -> {
                    checkAlone(command, words);
                    yield selfTest(out, err);
                }
                case "version", "--version" -> {
                    checkAlone(command, words);
                    out.println("martlet " + Version.TEXT);
                    yield 0;
                }
                case "help" -> {
                    (arguments.isEmpty() ? err : out).print(USAGE);
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

    private static void checkAlone(String command, Deque<String> words) {
        if (!words.isEmpty()) throw new WrongUsage(command + " stands alone, without " + words.peek());
    }

    private static int serve(Deque<String> words, PrintStream out, PrintStream err) throws ConfigInvalid {
        boolean shared = words.remove("--share-port");
        Places files = Places.of(words, false);
        CatalogSource.Reading reading = shared ? () -> Serving.withSharedPorts(files.load()) : files::load;
        return serve(reading, out, err);
    }

    static int serve(CatalogSource.Reading reading, PrintStream out, PrintStream err) throws ConfigInvalid {
        Gateway gateway;
        try {
            gateway = new Gateway(reading, out);
        } catch (UncheckedIOException e) {
            if (e.getCause() instanceof BindException) return cannotListen(e, WHERE, err);
            err.println("martlet: cannot start: " + why(e));
            return 78;
        }
        try {
            new Serving(gateway, Systemd.of(System.getenv(), LOG::warning)).begin();
        } catch (UncheckedIOException e) {
            return cannotListen(e, WHERE, err);
        }
        return 0; // the listener's thread keeps the process alive
    }

    private static int demo(int port, PrintStream out, PrintStream err) throws ConfigInvalid {
        try {
            Demo demo = Demo.ofChannels(port, DemoProviders.atHumanPace(), out);
            Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(demo::close));
            out.print(demo.welcome());
            return 0;
        } catch (UncheckedIOException e) {
            return cannotListen(e, "--port N chooses another", err);
        }
    }

    private static int selfTest(PrintStream out, PrintStream err) throws ConfigInvalid {
        try {
            out.println("self-test: " + SelfTest.run() + " calls, each answered as it should be");
            return 0;
        } catch (IOException e) {
            err.println("martlet: the self-test failed: " + e.getMessage());
            return 70;
        }
    }

    private static int cannotListen(UncheckedIOException e, String hint, PrintStream err) {
        err.println("martlet: cannot listen: " + why(e) + "; " + hint);
        return 69;
    }

    private static String why(UncheckedIOException e) {
        return Optional.ofNullable(e.getCause()).map(Throwable::getMessage).orElse("unknown");
    }

    private static int port(Deque<String> words) {
        if (words.isEmpty()) return 8080;
        String option = words.poll();
        if (!option.equals("--port")) throw new WrongUsage("there is no option " + option);
        try {
            int port = Integer.parseInt(String.valueOf(words.poll()));
            if (port >= 0 && port <= 65_535 && words.isEmpty()) return port;
        } catch (NumberFormatException e) {
            // said below
        }
        throw new WrongUsage("--port needs a number from 0 to 65535");
    }

    private static int check(Places files, PrintStream out, PrintStream err) throws ConfigInvalid {
        files.load().notes().forEach(err::println);
        out.println("the configuration is valid");
        return 0;
    }

    /// Where the configuration stands.
    private record Places(Optional<Path> config, Optional<Path> environment) {
        static Places of(Deque<String> words, boolean bare) {
            Optional<Path> config = Optional.empty();
            Optional<Path> environment = Optional.empty();
            while (!words.isEmpty()) {
                String word = words.poll();
                if (word.equals("--config")) config = one(config, file(words, word));
                else if (word.equals("--env")) environment = one(environment, file(words, word));
                else if (word.startsWith("-")) throw new WrongUsage("there is no option " + word);
                else if (bare) config = one(config, Path.of(word));
                else throw new WrongUsage("a file is named by --config or --env: " + word);
            }
            return new Places(config.or(() -> there(CONFIG)), environment.or(() -> there(ENVIRONMENT)));
        }

        private static Optional<Path> one(Optional<Path> earlier, Path file) {
            if (earlier.isEmpty()) return Optional.of(file);
            throw new WrongUsage("one file of a kind at a time: " + earlier.get() + " or " + file);
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
}
