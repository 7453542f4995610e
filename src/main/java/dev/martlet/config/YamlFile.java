package dev.martlet.config;

import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.composer.Composer;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.reader.StreamReader;
import org.yaml.snakeyaml.resolver.Resolver;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/// The YAML file as a tree whose nodes know their lines. No object is ever made from it but text.
final class YamlFile {
    private static final int BYTES_MAX = TextFile.BYTES_MAX;

    private YamlFile() {}

    /// The top of the file; an empty section when there is no file, nothing in it, or nothing that can be read.
    static Section read(Optional<Path> file, Reading reading) {
        return file.map(path -> read(path, reading)).orElseGet(() -> Section.top(reading, Optional.empty()));
    }

    /// A file of the program's own, which stands beside this class.
    static Section builtIn(String name, Reading reading) {
        try (InputStream file = YamlFile.class.getResourceAsStream(name)) {
            if (file == null) throw new IllegalStateException(name + " is missing");
            String text = new String(file.readAllBytes(), StandardCharsets.UTF_8);
            return Section.top(reading, compose(name, text, reading.findings()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Section read(Path file, Reading reading) {
        String name = file.toString();
        return Section.top(
                reading,
                text(file, reading.findings())
                        .flatMap(text -> {
                            Optional<Place> control = controlCharacter(name, text);
                            control.ifPresent(
                                    place -> reading.findings().problem(place, "not valid YAML: a control character"));
                            return control.isPresent() ? Optional.empty() : compose(name, text, reading.findings());
                        }));
    }

    private static Optional<String> text(Path file, Findings findings) {
        try {
            return Optional.of(TextFile.read(file, BYTES_MAX, findings));
        } catch (TextFile.Unreadable unreadable) {
            String allowed = "; allowed a readable YAML file of at most " + Units.SIZE.write(BYTES_MAX);
            findings.problem(Place.of(file.toString()), "the file " + unreadable.why() + allowed);
            return Optional.empty();
        }
    }

    /// Looked for beforehand, because SnakeYAML names no line for it.
    private static Optional<Place> controlCharacter(String name, String text) {
        int at = 0;
        int line = 1;
        while (at < text.length()) {
            int point = text.codePointAt(at);
            if (!StreamReader.isPrintable(point)) return Optional.of(Place.of(name, line));
            if (point == '\n') line++;
            at += Character.charCount(point);
        }
        return Optional.empty();
    }

    private static Optional<Node> compose(String name, String text, Findings findings) {
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(BYTES_MAX);
        StrictParser parser = new StrictParser(new StreamReader(text), options);
        try {
            return Optional.ofNullable(new Composer(parser, new Resolver(), options).getSingleNode());
        } catch (MarkedYAMLException fault) {
            YamlFault.of(fault).report(name, fault, findings);
        } catch (YAMLException _) {
            findings.problem(Place.of(name), "not valid YAML");
        }
        return Optional.empty();
    }
}
