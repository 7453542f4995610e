package dev.martlet.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

@DisplayName("The man page")
class ManualTest {
    private static final Pattern SYNOPSIS = Pattern.compile("(?m)^(?:usage:)? +martlet ((?:\\S| \\S)+)");
    private static final Pattern OPTION = Pattern.compile("--[a-z-]+");
    private static final Pattern MEANT = Pattern.compile("(?m)^\\.TP\n\\.BI? (\\S+)");
    private static final Pattern README_CODE = Pattern.compile("(?m)^\\| (\\d+) \\|");

    private final String page;

    ManualTest() throws IOException {
        page = Files.readString(Path.of("man/martlet.1")).replace("\\-", "-");
    }

    @Test
    @DisplayName("has the same synopsis as martlet help")
    void synopsis() {
        List<String> written =
                Arrays.stream(section("SYNOPSIS").split("\\.SY martlet\n", -1))
                        .skip(1)
                        .map(each -> each.lines().takeWhile(line -> !line.equals(".YS")).map(ManualTest::set))
                        .map(words -> words.collect(Collectors.joining(" ")))
                        .toList();
        assertEquals(all(SYNOPSIS, usage(), found -> found.group(1)), written);
    }

    @Test
    @DisplayName("says of each command and each option what it does, and of nothing else")
    void commandsAndOptions() {
        List<String> synopses = all(SYNOPSIS, usage(), found -> found.group(1));
        Set<String> commands = new TreeSet<>(synopses.stream().map(each -> each.split(" ", 2)[0]).toList());
        assertEquals(commands, meant("COMMANDS"));
        Set<String> options = new TreeSet<>(all(OPTION, String.join(" ", synopses), MatchResult::group));
        assertTrue(options.contains("--env"), options::toString);
        assertEquals(options, meant("OPTIONS"));
    }

    @Test
    @DisplayName("has the exit codes of the README")
    void exitCodes() throws IOException {
        String readme = Files.readString(Path.of("README.md"));
        String codes = readme.substring(readme.indexOf("| exit code |"), readme.indexOf("### Environment variables"));
        assertEquals(new TreeSet<>(all(README_CODE, codes, found -> found.group(1))), meant("EXIT STATUS"));
    }

    private Set<String> meant(String section) {
        return new TreeSet<>(all(MEANT, section(section), found -> found.group(1)));
    }

    private String section(String name) {
        int begin = page.indexOf(".SH " + name + "\n");
        int end = page.indexOf("\n.SH ", begin + 1);
        return page.substring(begin, end < 0 ? page.length() : end + 1);
    }

    /// A line as man(7) sets it: macros of two fonts put their words together, others leave them as they are.
    private static String set(String line) {
        String[] macro = line.split(" ", 2);
        return macro[0].length() == 3 ? macro[1].replace(" ", "") : macro[1];
    }

    private static List<String> all(Pattern pattern, String text, Function<MatchResult, String> part) {
        return pattern.matcher(text).results().map(part).toList();
    }

    private static String usage() {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8);
        assertEquals(0, Main.run(List.of("help"), out, out));
        return said.toString(StandardCharsets.UTF_8);
    }
}
