package dev.martlet.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.martlet.wire.Http1;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;

/// An answer that an upstream did not finish never looks finished to the client.
class WholenessTest {
    private static final int CUTS = 10_000;

    @Test
    @DisplayName("U-12, U-13: 10,000 answers cut at random offsets, none looks complete")
    void noAnswerThatWasCutLooksComplete() throws IOException {
        Random random = new Random(11);
        byte[] content = "data: {\"text\":\"0123456789\"}\n\n".repeat(40).getBytes(StandardCharsets.UTF_8);
        byte[] byLength =
                ("HTTP/1.1 200 OK\r\nContent-Length: "
                                + content.length
                                + "\r\n\r\n"
                                + new String(content, StandardCharsets.UTF_8))
                        .getBytes(StandardCharsets.UTF_8);
        byte[] inChunks = chunked(content);
        try (AcceptanceRig rig =
                new AcceptanceRig((socket, source) -> {
                    var head = Http1.readRequest(source, AcceptanceRig.LIMITS);
                    if (head.isEmpty()) return;
                    byte[] message = head.get().target().equals("/chunks") ? inChunks : byLength;
                    int headBytes = new String(message, StandardCharsets.UTF_8).indexOf("\r\n\r\n") + 4;
                    int cut;
                    synchronized (random) {
                        cut = headBytes + random.nextInt(message.length - headBytes);
                    }
                    socket.getOutputStream().write(message, 0, cut);
                })) {
            int complete = 0;
            for (int i = 0; i < CUTS; i++) {
                try (Socket client = rig.connect()) {
                    AcceptanceRig.send(client, "GET", i % 2 == 0 ? "/chunks" : "/length", "");
                    AcceptanceRig.Reply reply = AcceptanceRig.receive(AcceptanceRig.source(client), "GET");
                    if (reply.whole()) complete++;
                }
            }
            assertEquals(0, complete);
        }
    }

    private static byte[] chunked(byte[] content) {
        StringBuilder message = new StringBuilder("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        for (int from = 0; from < content.length; from += 64) {
            byte[] part = Arrays.copyOfRange(content, from, Math.min(content.length, from + 64));
            message.append(Integer.toHexString(part.length)).append("\r\n");
            message.append(new String(part, StandardCharsets.UTF_8)).append("\r\n");
        }
        return message.append("0\r\n\r\n").toString().getBytes(StandardCharsets.UTF_8);
    }
}
