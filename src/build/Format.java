import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;

/// Runs google-java-format over every Java source under `src`: `check` names the files it would
/// change and fails, `write` changes them. `pom.xml` starts it with the formatter on the class path.
final class Format {
    private static final Path SOURCES = Path.of("src");
    private static final List<String> STYLE = List.of("--aosp", "--max-line-length=120", "--skip-javadoc-formatting");

    private Format() {}

    public static void main(String[] args) throws IOException {
        System.exit(
                switch (args[0]) {
                    case "check" -> check();
                    case "write" -> run("--replace", new PrintWriter(System.out, true));
                    default -> complain("format is " + args[0] + "; allowed check, write");
                });
    }

    private static int check() throws IOException {
        var wrong = new StringWriter();
        int failure = run("--dry-run", new PrintWriter(wrong));
        if (failure != 0) return failure;
        if (wrong.toString().isEmpty()) return 0;
        return complain(wrong + "are not formatted; this formats them: mvn -q validate -Dformat=write");
    }

    private static int run(String mode, PrintWriter out) throws IOException {
        var arguments = new ArrayList<>(STYLE);
        arguments.add(mode);
        try (var paths = Files.walk(SOURCES)) {
            paths.map(Path::toString).filter(path -> path.endsWith(".java")).sorted().forEach(arguments::add);
        }
        var formatter = ToolProvider.findFirst("google-java-format").orElseThrow();
        return formatter.run(out, new PrintWriter(System.err, true), arguments.toArray(String[]::new));
    }

    private static int complain(String what) {
        System.err.println(what);
        return 1;
    }
}
