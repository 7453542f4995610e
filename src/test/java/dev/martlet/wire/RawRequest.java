package dev.martlet.wire;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One request of `framing/requests.txt`: what is sent, byte for byte, and which statuses may answer it.
///
/// @param title the row of the catalogue of faults, the family and the variant
public record RawRequest(String title, List<Integer> statuses, String bytes) {
    private static final Pattern FAMILY = Pattern.compile("\\[(.+): ([0-9 ]+)]");
    private static final Pattern ESCAPE = Pattern.compile("\\\\(?:\\{(\\d+):([^}]*)}|x(\\p{XDigit}{2})|(.))");
    private static final int VARIANT_CHARACTERS_SHOWN = 60;

    /// The whole table, in its order.
    public static List<RawRequest> all() {
        try (InputStream table = RawRequest.class.getResourceAsStream("/framing/requests.txt")) {
            String text = new String(Objects.requireNonNull(table).readAllBytes(), StandardCharsets.US_ASCII);
            List<RawRequest> all = new ArrayList<>();
            for (String family : text.split("\n\n", -1)) {
                if (family.startsWith("[")) addFamily(family.strip().lines().toList(), all);
            }
            return all;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /// Whether the gateway answers it itself, so that no upstream hears of it.
    public boolean isRefused() {
        return statuses.getFirst() >= 400;
    }

    private static void addFamily(List<String> lines, List<RawRequest> into) {
        Matcher head = FAMILY.matcher(lines.getFirst());
        if (!head.matches()) throw new AssertionError(lines.getFirst());
        List<Integer> statuses = Arrays.stream(head.group(2).split(" ", -1)).map(Integer::valueOf).toList();
        List<String> variants = lines.stream().filter(line -> line.startsWith(">")).map(RawRequest::variant).toList();
        for (String message : lines.subList(1, lines.size())) {
            if (message.startsWith(">")) continue;
            for (String variant : variants.isEmpty() ? List.of("") : variants) {
                String shown = variant.substring(0, Math.min(variant.length(), VARIANT_CHARACTERS_SHOWN));
                String bytes = unescape(message.replace("{}", variant));
                into.add(new RawRequest(head.group(1) + ": " + shown, statuses, bytes));
            }
        }
    }

    private static String variant(String line) {
        return line.substring(Math.min(2, line.length()));
    }

    private static String unescape(String text) {
        return ESCAPE.matcher(text).replaceAll(escape -> Matcher.quoteReplacement(octets(escape)));
    }

    private static String octets(MatchResult escape) {
        if (escape.group(1) != null) return unescape(escape.group(2)).repeat(Integer.parseInt(escape.group(1)));
        if (escape.group(3) != null) return Character.toString(Integer.parseInt(escape.group(3), 16));
        return switch (escape.group(4)) {
            case "r" -> "\r";
            case "n" -> "\n";
            case "t" -> "\t";
            case "v" -> "\u000b";
            case "f" -> "\f";
            case "0" -> "\0";
            case "\\" -> "\\";
            default -> throw new AssertionError("no escape: \\" + escape.group(4));
        };
    }
}
