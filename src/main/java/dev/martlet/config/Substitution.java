package dev.martlet.config;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Fills `${NAME}` and `${NAME:default}` from the variables, and a value `file:/path` from the file. What was filled in
/// is not looked at again, and is taken for a secret: it is never printed.
final class Substitution {
    private static final int FILE_BYTES_MAX = 64 << 10;
    private static final String FILE = "file:";
    private static final String FILE_ALLOWED =
            "file:/path of a text file of at most " + Units.SIZE.write(FILE_BYTES_MAX);
    private static final Pattern HOLE =
            Pattern.compile("\\$\\{(?:(?<name>[A-Za-z_][A-Za-z0-9_]*)(?<default>:[^}]*)?})?");

    private final Given written;
    private final Reading reading;
    private final List<String> names = new ArrayList<>();
    private boolean sound = true;

    private Substitution(Given written, Reading reading) {
        this.written = written;
        this.reading = reading;
    }

    /// The text that counts; nothing when there is none, which then is reported.
    static Optional<Given> fill(Given written, Reading reading) {
        Substitution substitution = new Substitution(written, reading);
        Given filled = substitution.filled();
        if (!substitution.sound) return Optional.empty();
        // Asked of what was written: a variable's value that begins with "file:" must not make us read a file.
        return written.text().startsWith(FILE) ? substitution.content(filled) : Optional.of(filled);
    }

    private Given filled() {
        String text = written.text();
        Matcher hole = HOLE.matcher(text);
        StringBuilder out = new StringBuilder();
        int end = 0;
        while (hole.find()) {
            out.append(text, end, hole.start()).append(filling(hole));
            end = hole.end();
        }
        out.append(text, end, text.length());
        if (names.isEmpty()) return written;
        return new Given(written.place(), written.name(), out.toString(), "(from " + String.join(", ", names) + ")");
    }

    private String filling(Matcher hole) {
        if (hole.start("name") < 0) {
            return unsound("(secret)", "${NAME} or ${NAME:default}, with } at its end");
        }
        String name = written.text().substring(hole.start("name"), hole.end("name"));
        names.add("${" + name + "}");
        Optional<String> value = reading.variables().text(name);
        if (value.isPresent()) return value.get();
        if (hole.start("default") < 0) {
            return unsound(
                    "(from ${" + name + "}), which is not set", "a variable that is set, or ${" + name + ":default}");
        }
        return written.text().substring(hole.start("default") + 1, hole.end("default"));
    }

    private String unsound(String shown, String allowed) {
        sound = false;
        reading.findings().problem(written.shownAs(shown), allowed);
        return "";
    }

    private Optional<Given> content(Given filled) {
        try {
            Path path = Path.of(filled.text().substring(FILE.length()));
            if (!path.isAbsolute()) throw new TextFile.Unreadable("is not an absolute path");
            // A named pipe would keep us waiting for ever.
            if (Files.exists(path) && !Files.isRegularFile(path))
                throw new TextFile.Unreadable("is not a regular file");
            String content = TextFile.read(path, FILE_BYTES_MAX, reading.findings()).replaceFirst("\\r?\\n$", "");
            return Optional.of(new Given(filled.place(), filled.name(), content, "(secret)"));
        } catch (TextFile.Unreadable unreadable) {
            unsound(filled.shown() + ", which " + unreadable.why(), FILE_ALLOWED);
        } catch (InvalidPathException _) {
            unsound(filled.shown(), FILE_ALLOWED);
        }
        return Optional.empty();
    }
}
