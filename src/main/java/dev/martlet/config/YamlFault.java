package dev.martlet.config;

import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;

import java.util.Arrays;

/// What can be wrong with YAML, in our words: SnakeYAML's own messages repeat pieces of the file, and a piece can be a
/// secret. A row has a fragment of SnakeYAML's message, where it is best shown, and our sentence.
enum YamlFault {
    ALIAS("martlet: alias", At.PROBLEM, "anchors (&) and aliases (*) are not used here; put the value in quotes"),
    TAG("martlet: tag", At.PROBLEM, "tags (!) are not used here; put the value in quotes"),
    DEPTH("martlet: depth", At.PROBLEM, "nested deeper than " + StrictParser.DEPTH_MAX + " levels"),
    TAG_HANDLE("undefined tag handle", At.PROBLEM, "tags (!) are not used here; put the value in quotes"),
    TAG_SYNTAX("expected '!'", At.PROBLEM, "tags (!) are not used here; put the value in quotes"),
    TAG_URI("expected URI", At.PROBLEM, "tags (!) are not used here; put the value in quotes"),
    TAB("(TAB)", At.PROBLEM, "a tab; indent with spaces"),
    START("cannot start any token", At.PROBLEM, "a value cannot begin with this character; put it in quotes"),
    COLON("mapping values are not allowed", At.PROBLEM, "a colon where none can stand; put the value in quotes"),
    NO_COLON("could not find expected ':'", At.CONTEXT, "a key without a colon behind it"),
    OPEN_QUOTE("found unexpected end of stream", At.CONTEXT, "a quote that is not closed"),
    OPEN_QUOTE_EARLY("found unexpected document separator", At.CONTEXT, "a quote that is not closed"),
    ESCAPE("escape", At.PROBLEM, "an unknown escape behind a backslash; single quotes need none"),
    HEX_ESCAPE("hexadecimal", At.PROBLEM, "an unknown escape behind a backslash; single quotes need none"),
    OPEN_LIST("expected ',' or ']'", At.CONTEXT, "a [ that is not closed"),
    OPEN_MAPPING("expected ',' or '}'", At.CONTEXT, "a { that is not closed"),
    INDENT("expected <block end>", At.PROBLEM, "the indentation does not fit the lines above"),
    DASH("sequence entries are not allowed", At.PROBLEM, "a dash where no list can stand"),
    SECOND("but found another document", At.PROBLEM, "a second document; allowed one"),
    OTHER("", At.PROBLEM, "cannot be read from here on");

    private enum At {
        PROBLEM,
        CONTEXT
    }

    private final String fragment;
    private final At at;
    private final String sentence;

    YamlFault(String fragment, At at, String sentence) {
        this.fragment = fragment;
        this.at = at;
        this.sentence = sentence;
    }

    String fragment() {
        return fragment;
    }

    static YamlFault of(MarkedYAMLException exception) {
        String problem = String.valueOf(exception.getProblem());
        return Arrays.stream(values()).filter(fault -> problem.contains(fault.fragment)).findFirst().orElse(OTHER);
    }

    void report(String file, MarkedYAMLException exception, Findings findings) {
        Mark mark = marked(exception);
        Place place = mark == null ? Place.of(file) : new Place(file, mark.getLine() + 1, mark.getColumn() + 1);
        findings.problem(place, "not valid YAML: " + sentence);
    }

    private @Nullable Mark marked(MarkedYAMLException exception) {
        boolean atContext = at == At.CONTEXT && exception.getContextMark() != null;
        return atContext ? exception.getContextMark() : exception.getProblemMark();
    }
}
