package dev.martlet.wire;

import dev.martlet.Field;
import dev.martlet.Fields;
import dev.martlet.wire.Http1.Framing;
import dev.martlet.wire.Http1.Limits;
import dev.martlet.wire.Http1.RequestHead;
import dev.martlet.wire.Http1.ResponseHead;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A head that lies whole in a source's buffer: a start line, field lines, an empty line, each ended by CR LF and nothing
/// less (RFC 9112, section 2.2). Positions are offsets from the front of the buffer.
final class HeadReader {
    private final Source source;
    private final Limits limits;
    private final int end;

    private HeadReader(Source source, Limits limits, int end) {
        this.source = source;
        this.limits = limits;
        this.end = end;
    }

    /// Fills the source until a whole head is there; empty at the end of the stream.
    static Optional<HeadReader> open(Source source, Limits limits) throws IOException {
        int lineStart = 0;
        int position = 0;
        while (true) {
            int seen = Math.min(source.buffered(), limits.headBytes()); // the buffer may hold more than is allowed
            for (; position < seen; position++) {
                boolean afterCr = position > lineStart && source.at(position - 1) == '\r';
                boolean lf = source.at(position) == '\n';
                if (lf != afterCr) throw Malformed.because("a line does not end with CR LF");
                if (!lf) continue;
                if (position - 1 == lineStart) return Optional.of(new HeadReader(source, limits, position + 1));
                lineStart = position + 1;
            }
            if (position >= limits.headBytes())
                throw new Malformed(431, "the head is larger than " + limits.headBytes());
            if (!source.fill(limits.headBytes())) {
                if (position == 0) return Optional.empty();
                throw new Truncated("a head");
            }
        }
    }

    RequestHead request() throws Malformed {
        int lineEnd = lineEnd(0);
        int methodEnd = spaceOrEnd(0, lineEnd);
        int targetEnd = spaceOrEnd(methodEnd + 1, lineEnd);
        if (targetEnd >= lineEnd) throw Malformed.because("the request line is not a method, a target and a version");
        String method = source.text(0, methodEnd);
        if (!Field.isToken(method)) throw Malformed.because("the method is not a token");
        if (targetEnd - methodEnd - 1 > limits.targetBytes()) {
            throw new Malformed(414, "the request target is longer than " + limits.targetBytes() + " bytes");
        }
        String target = source.text(methodEnd + 1, targetEnd);
        int minor = minorVersion(targetEnd + 1, lineEnd);
        RequestRules.checkTarget(method, target);
        Fields fields = fields(lineEnd + 2);
        RequestRules.checkHost(minor, fields);
        Framing framing = FramingRules.declared(minor, fields).orElse(new Framing.None());
        source.skip(end);
        return new RequestHead(method, target, minor, fields, framing);
    }

    ResponseHead response() throws Malformed {
        int lineEnd = lineEnd(0);
        int versionEnd = spaceOrEnd(0, lineEnd);
        int minor = minorVersion(0, versionEnd);
        int statusEnd = spaceOrEnd(versionEnd + 1, lineEnd);
        int status = status(versionEnd + 1, statusEnd);
        String reason = statusEnd < lineEnd ? source.text(statusEnd + 1, lineEnd) : "";
        if (!Characters.allOf(reason, c -> (c >= ' ' || c == '\t') && c != 0x7F)) {
            throw Malformed.because("the reason has a control character");
        }
        Fields fields = fields(lineEnd + 2);
        source.skip(end);
        return new ResponseHead(minor, status, reason, fields);
    }

    private Fields fields(int start) throws Malformed {
        List<Field> fields = new ArrayList<>(16);
        int lineStart = start;
        for (int lineEnd = lineEnd(lineStart); lineEnd > lineStart; lineEnd = lineEnd(lineStart)) {
            if (fields.size() == limits.fields()) {
                throw new Malformed(431, "the head has more than " + limits.fields() + " header lines");
            }
            fields.add(field(lineStart, lineEnd));
            lineStart = lineEnd + 2;
        }
        return Fields.of(fields);
    }

    private Field field(int start, int lineEnd) throws Malformed {
        int colon = start;
        while (colon < lineEnd && source.at(colon) != ':') colon++;
        if (colon == lineEnd) throw Malformed.because("a header line has no colon");
        int valueStart = colon + 1;
        while (valueStart < lineEnd && isBlank(source.at(valueStart))) valueStart++;
        int valueEnd = lineEnd;
        while (valueEnd > valueStart && isBlank(source.at(valueEnd - 1))) valueEnd--;
        try {
            Field field = new Field(source.text(start, colon), source.text(valueStart, valueEnd));
            if (valueEnd < lineEnd) FramingRules.checkNoTrailingBlank(field);
            return field;
        } catch (IllegalArgumentException e) {
            throw Malformed.because(String.valueOf(e.getMessage()));
        }
    }

    private int status(int start, int statusEnd) throws Malformed {
        int status = 0;
        for (int i = start; i < statusEnd; i++) {
            int digit = source.at(i) - '0';
            if (digit < 0 || digit > 9) throw Malformed.because("the status is not a number");
            status = status * 10 + digit;
        }
        if (statusEnd - start != 3 || status < 100 || status > 599) {
            throw Malformed.because("the status is not a number from 100 to 599");
        }
        return status;
    }

    private int minorVersion(int start, int versionEnd) throws Malformed {
        String version = source.text(start, Math.min(versionEnd, start + 16));
        return switch (version) {
            case "HTTP/1.1" -> 1;
            case "HTTP/1.0" -> 0;
            default -> {
                boolean wellFormed = version.matches("HTTP/[0-9]\\.[0-9]");
                throw new Malformed(wellFormed ? 505 : 400, "the version is not HTTP/1.1 or HTTP/1.0");
            }
        };
    }

    /// The offset of the CR that ends the line; the head is whole, so there is one.
    private int lineEnd(int start) {
        int position = start;
        while (source.at(position) != '\r') position++;
        return position;
    }

    private int spaceOrEnd(int start, int lineEnd) {
        int position = start;
        while (position < lineEnd && source.at(position) != ' ') position++;
        return position;
    }

    private static boolean isBlank(byte octet) {
        return octet == ' ' || octet == '\t';
    }
}
