package dev.martlet.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.martlet.demo.DemoProviders;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

@DisplayName("The demo")
class DemoTest {
    private static final String QUESTION =
            "{\"model\":\"demo-large\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}";
    private static final String CHAT =
            "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
                    + QUESTION.length()
                    + "\r\n\r\n"
                    + QUESTION;
    private static final int CALLS = 60; // that fewer than nine of them meet the moody one is as good as impossible

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8);

    @Test
    @DisplayName("hides every failure of a provider, and shows each kind in the log")
    void failsOver() throws Exception {
        try (Demo demo = Demo.ofChannels(0, DemoProviders.atOnce(), out)) {
            for (int i = 0; i < CALLS; i++) assertEquals(200, RawClient.ask(demo.port(), CHAT).status());
        }
        Pattern failedOver =
                Pattern.compile("trail=\\[moody/key-1:(503|closed|framing)\\(\\d+ms\\),steady/key-\\d:200");
        List<String> kinds = failedOver.matcher(text()).results().map(found -> found.group(1)).distinct().toList();
        assertTrue(kinds.containsAll(List.of("503", "closed", "framing")), kinds + "\n" + text());
    }

    @Test
    @DisplayName("prints commands that work")
    void welcomeNamesThePort() throws Exception {
        try (Demo demo = Demo.ofChannels(0, DemoProviders.atOnce(), out)) {
            String base = "http://127.0.0.1:" + demo.port();
            long commands =
                    demo.welcome().lines().filter(line -> line.contains("curl ") && line.contains(base)).count();
            assertEquals(4, commands, demo.welcome());
        }
    }

    @Test
    @DisplayName("its page asks for a model that is there")
    void pageNamesAModel() throws Exception {
        try (Demo demo = Demo.ofChannels(0, DemoProviders.atOnce(), out)) {
            String page = "GET / HTTP/1.1\r\nHost: localhost\r\nAccept: text/html\r\n\r\n";
            String html = RawClient.ask(demo.port(), page).body();
            assertTrue(html.contains("{\"model\": \"demo-large\""), html);
        }
    }

    @Test
    @DisplayName("says nothing of the file that its configuration came from: it is gone")
    void namesNoFile() throws Exception {
        try (Demo demo = Demo.ofChannels(0, DemoProviders.atOnce(), out)) {
            String lost = "GET /lost HTTP/1.1\r\nHost: localhost\r\n\r\n";
            assertEquals(404, RawClient.ask(demo.port(), lost).status());
        }
        assertTrue(text().startsWith("<6>martlet "), text());
        assertFalse(text().contains("configuration"), text());
    }

    @Test
    @DisplayName("answers for models of three formats in one")
    void speaksThreeFormats() throws Exception {
        try (Demo demo = Demo.ofChannels(0, DemoProviders.atOnce(), out)) {
            for (String model : List.of("demo-small", "demo-sonnet", "demo-pro")) {
                String body = QUESTION.replace("demo-large", model);
                String call =
                        CHAT.replaceFirst("(?s)Content-Length.*", "Content-Length: " + body.length() + "\r\n\r\n");
                String answer = RawClient.ask(demo.port(), call + body).body();
                assertTrue(answer.contains("\"finish_reason\":\"stop\""), answer);
            }
        }
    }

    @Test
    void selfTestAnswersSomeHundredCalls() {
        assertEquals(0, Main.run(List.of("selftest"), out, out), this::text);
        int calls = Integer.parseInt(text().replaceAll("(?s)self-test: (\\d+) calls.*", "$1"));
        assertTrue(calls >= 500, text());
    }

    @Test
    void refusesAPortThatIsNone() {
        for (String port : List.of("x", "-1", "65536")) {
            assertEquals(64, Main.run(List.of("demo", "--port", port), out, out));
        }
        assertEquals(64, Main.run(List.of("demo", "--prot", "1"), out, out));
        assertEquals(64, Main.run(List.of("demo", "--port"), out, out));
        assertEquals(5, IntStream.of(lines("needs a number"), lines("no option")).sum());
    }

    private int lines(String part) {
        return (int) text().lines().filter(line -> line.startsWith("martlet: ") && line.contains(part)).count();
    }

    private String text() {
        return said.toString(StandardCharsets.UTF_8);
    }
}
