package dev.martlet.config;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A file of variables by dotenv's rules: `NAME=value`, an `export` before it, quotes around the value, comments.
final class EnvFile {
    private static final int BYTES_MAX = TextFile.BYTES_MAX;

    private static final Pattern BLANK = Pattern.compile("[^\\S\\n]*(?:#[^\\n]*)?(?:\\n|\\z)");
    private static final Pattern NAME =
            Pattern.compile("[^\\S\\n]*(?:export[^\\S\\n]+)?([A-Za-z_][A-Za-z0-9_.-]*)[^\\S\\n]*=");

    /// A single-quoted value is literal, a double-quoted one has escapes; both may span lines. Possessive, so that a
    /// long value costs no stack.
    private static final Pattern QUOTED =
            Pattern.compile("[^\\S\\n]*(?:'([^']*+)'|\"((?:[^\"\\\\]++|\\\\[\\s\\S])*+)\")");

    private static final Pattern OPEN_QUOTE = Pattern.compile("[^\\S\\n]*['\"]");
    private static final Pattern LINE = Pattern.compile("[^\\n]*(?:\\n|\\z)");
    private static final Pattern COMMENT = Pattern.compile("(?s)(?<=\\s)#.*");
    private static final Pattern ESCAPE = Pattern.compile("\\\\([nrt\"\\\\$])");

    private final String file;
    private final String text;
    private final Findings findings;
    private final Map<String, Given> variables = new LinkedHashMap<>();
    private int at;
    private int line = 1;

    private EnvFile(String file, String text, Findings findings) {
        this.file = file;
        this.text = text;
        this.findings = findings;
    }

    /// The variables by their names; of two with one name the last counts. A line that cannot be read is a problem.
    static Map<String, Given> read(Path path, Findings findings) {
        try {
            String text = TextFile.read(path, BYTES_MAX, findings).replaceAll("\\r\\n?", "\n");
            EnvFile envFile = new EnvFile(path.toString(), text, findings);
            while (envFile.at < text.length()) envFile.next();
            return envFile.variables;
        } catch (TextFile.Unreadable unreadable) {
            String allowed = "; allowed a readable file of variables of at most " + Units.SIZE.write(BYTES_MAX);
            findings.problem(Place.of(path.toString()), "the file " + unreadable.why() + allowed);
            return Map.of();
        }
    }

    private void next() {
        Place place = Place.of(file, line);
        if (take(BLANK).isPresent()) return;
        Optional<Matcher> name = take(NAME);
        // A line without a name may be the rest of a secret: nothing of it is shown.
        if (name.isEmpty())
            bad(place, "not a variable; allowed NAME=value, perhaps with export before it, or # comment");
        else variable(place, name.get().group(1));
    }

    private void variable(Place place, String name) {
        Optional<String> quoted = take(QUOTED).map(EnvFile::unquoted);
        if (quoted.isPresent()) {
            if (take(BLANK).isEmpty()) bad(place, name + " has text behind its closing quote; allowed # comment");
            else variables.put(name, Given.written(place, name, quoted.get()));
        } else if (matcher(OPEN_QUOTE).lookingAt()) {
            bad(place, name + " has a quote that is not closed");
        } else {
            String plain = take(LINE).map(Matcher::group).orElse("");
            variables.put(name, Given.written(place, name, COMMENT.matcher(plain).replaceFirst("").strip()));
        }
    }

    private static String unquoted(Matcher quoted) {
        String literal = quoted.group(1);
        if (literal != null) return literal;
        return ESCAPE.matcher(String.valueOf(quoted.group(2)))
                .replaceAll(escape ->
                        switch (escape.group(1)) {
                            case "n" -> "\n";
                            case "r" -> "\r";
                            case "t" -> "\t";
                            default -> Matcher.quoteReplacement(escape.group(1));
                        });
    }

    private void bad(Place place, String sentence) {
        findings.problem(place, sentence);
        take(LINE);
    }

    private Matcher matcher(Pattern pattern) {
        return pattern.matcher(text).region(at, text.length());
    }

    /// What the pattern matches here; the text then goes on behind it.
    private Optional<Matcher> take(Pattern pattern) {
        Matcher matcher = matcher(pattern);
        if (!matcher.lookingAt()) return Optional.empty();
        line += (int) text.substring(at, matcher.end()).chars().filter(c -> c == '\n').count();
        at = matcher.end();
        return Optional.of(matcher);
    }
}
