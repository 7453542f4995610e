package dev.martlet.dialect;

import dev.martlet.Fields;
import dev.martlet.wire.Json.Members;
import dev.martlet.wire.Json.Names;
import dev.martlet.wire.Json.Value;
import dev.martlet.wire.Span;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;

/// Which calls belong together, so that they find the provider's prompt cache warm: those that say so, else those that begin
/// with the same instructions, tools and first words of the user. The same on every machine and after every restart.
final class Affinity {
    static final String CACHE_KEY = "prompt_cache_key";
    static final String METADATA = "metadata";

    /// Below this no provider caches what is worth it (OpenAI, "Prompt caching": 1,024 tokens).
    private static final int PREFIX_BYTES_MIN = 4 << 10;

    private static final String SESSION = "X-Claude-Code-Session-Id";
    private static final Names USER = Names.of("user_id");
    private static final Names ROLE = Names.of("role");
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private long hash = 0x9E3779B97F4A7C15L;
    private long bytes;

    private Affinity() {}

    static OptionalLong of(Members request, Fields head, byte[] json) {
        return said(request, head).map(Affinity::ofText).orElseGet(() -> ofPrefix(request, json));
    }

    private static Optional<String> said(Members request, Fields head) {
        return request.find(CACHE_KEY)
                .flatMap(Value::text)
                .or(() ->
                        request.find(METADATA)
                                .flatMap(value -> value.members(USER).find("user_id"))
                                .flatMap(Value::text))
                .or(() -> head.first(SESSION))
                .filter(text -> !text.isEmpty());
    }

    private static OptionalLong ofText(String text) {
        Affinity affinity = new Affinity();
        byte[] said = text.getBytes(StandardCharsets.UTF_8);
        affinity.add(said, new Span(0, said.length));
        return OptionalLong.of(affinity.finished());
    }

    private static OptionalLong ofPrefix(Members request, byte[] json) {
        Optional<Value> messages = request.find("messages");
        if (messages.isEmpty() || json.length <= PREFIX_BYTES_MIN) return OptionalLong.empty();
        Affinity affinity = new Affinity();
        request.find("tools").ifPresent(tools -> affinity.add(json, tools.span()));
        for (Value message : messages.get().elements()) {
            affinity.add(json, message.span());
            if (isOfUser(message)) break;
        }
        return affinity.bytes > PREFIX_BYTES_MIN ? OptionalLong.of(affinity.finished()) : OptionalLong.empty();
    }

    private static boolean isOfUser(Value message) {
        return message.members(ROLE).find("role").flatMap(Value::text).filter("user"::equals).isPresent();
    }

    /// Eight bytes at a time: a prefix may be large, and nobody gains from a collision.
    private void add(byte[] from, Span span) {
        bytes += span.length();
        int i = span.from();
        for (; i <= span.to() - Long.BYTES; i += Long.BYTES) mix((long) LONGS.get(from, i));
        long rest = span.length();
        for (; i < span.to(); i++) rest = rest << Byte.SIZE | Byte.toUnsignedLong(from[i]);
        mix(rest);
    }

    private void mix(long word) {
        hash = Long.rotateLeft(hash ^ word * 0xC2B2AE3D27D4EB4FL, 31) * 0x9E3779B185EBCA87L;
    }

    private long finished() {
        long mixed = (hash ^ hash >>> 33) * 0xFF51AFD7ED558CCDL;
        return mixed ^ mixed >>> 33;
    }
}
