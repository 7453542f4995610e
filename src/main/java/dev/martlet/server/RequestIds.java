package dev.martlet.server;

import dev.martlet.Fields;

import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;

/// The name that a call has in logs here and elsewhere: the caller's own when it is fit to be printed, else a new one.
final class RequestIds {
    /// How providers' keys begin: one that strayed into this place is not spread further.
    private static final Pattern KEY = Pattern.compile("(?:^|.*[._:-])(?:sk-|sk_|gsk_|xai-|hf_|nvapi-|AIza).*");

    private static final Pattern SANE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:-]{0,127}");
    private static final String[] NAMES = {"x-request-id", "x-correlation-id", "x-trace-id"};

    private RequestIds() {}

    static String of(Fields fields) {
        for (String name : NAMES) {
            Optional<String> given = fields.first(name);
            if (given.filter(RequestIds::isSane).isPresent()) return given.get();
        }
        return fresh();
    }

    private static boolean isSane(String id) {
        return SANE.matcher(id).matches() && !KEY.matcher(id).matches();
    }

    static String fresh() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        HexFormat hex = HexFormat.of();
        return hex.toHexDigits(random.nextLong()) + hex.toHexDigits(random.nextLong());
    }
}
