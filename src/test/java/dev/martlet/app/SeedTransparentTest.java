package dev.martlet.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.martlet.config.Config;
import dev.martlet.config.ConfigInvalid;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// What seed 000 promises, with its own environment file.
class SeedTransparentTest {
    private final HttpClient http = HttpClient.newHttpClient();

    @TempDir Path folder = Path.of("");

    @Test
    void saysWhatToSetWhenNothingIsSet() throws IOException, InterruptedException, ConfigInvalid {
        try (Gateway gateway = gateway("")) {
            HttpResponse<String> answer = send(gateway, "GET", "/v1/models", "");
            assertEquals(500, answer.statusCode());
            JsonNode body = new ObjectMapper().readTree(answer.body());
            assertEquals("Error: SERVICE_1 and SERVICE_2 must be set.", body.get("error").asText());
            assertTrue(body.get("hint").asText().contains("SERVICE_1"));
            assertEquals("*", answer.headers().firstValue("Access-Control-Allow-Origin").orElse(""));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"UPSTREAM_API_URL=http://127.0.0.1:9/v1/chat/completions\n", "DEFAULT_TIMEOUT=15000\n"})
    void doesNotAskForAPoolWhereSomethingElseIsSet(String environment)
            throws IOException, InterruptedException, ConfigInvalid {
        try (Gateway gateway = gateway(environment)) {
            HttpResponse<String> answer = send(gateway, "GET", "/favicon.ico", "");
            assertEquals(404, answer.statusCode(), answer::body);
            String error = new ObjectMapper().readTree(answer.body()).get("error").asText();
            assertTrue(error.contains("GET / lists"), error);
        }
    }

    @Test
    void answersOptionsItselfEvenWhenNothingIsSet() throws IOException, InterruptedException, ConfigInvalid {
        try (Gateway gateway = gateway("")) {
            HttpResponse<String> answer = send(gateway, "OPTIONS", "/v1/models", "");
            assertEquals(204, answer.statusCode());
            assertEquals(
                    "GET, POST, PUT, DELETE, PATCH, HEAD, OPTIONS",
                    answer.headers().firstValue("Access-Control-Allow-Methods").orElse(""));
            assertEquals("*", answer.headers().firstValue("Access-Control-Allow-Headers").orElse(""));
            assertEquals(1, answer.headers().allValues("Access-Control-Allow-Origin").size());
        }
    }

    @Test
    void tellsWhyBothServicesFailed() throws IOException, InterruptedException, ConfigInvalid {
        int closed = closedPort();
        String file =
                "SERVICE_1=http://127.0.0.1:"
                        + closed
                        + "\nSERVICE_2=http://127.0.0.1:"
                        + closed
                        + "/path/\nTIMEOUT_MS=600000 # ten minutes\n";
        try (Gateway gateway = gateway(file)) {
            HttpResponse<String> answer = send(gateway, "POST", "/v1/chat/completions", "{\"test\":\"data\"}");
            assertEquals(503, answer.statusCode());
            JsonNode body = new ObjectMapper().readTree(answer.body());
            assertEquals("Service Unavailable: Both upstreams failed.", body.get("error").asText());
            assertTrue(body.get("details").get("primary").asText().matches("fetch failed: refused \\(\\d+ms\\)"));
            assertTrue(body.get("details").get("backup").asText().matches("fetch failed: refused \\(\\d+ms\\)"));
        }
    }

    @Test
    void keepsItsOwnPathsToItself() throws IOException, InterruptedException, ConfigInvalid {
        try (Gateway gateway = gateway("")) {
            assertEquals(200, send(gateway, "GET", "/health", "").statusCode());
            assertEquals(200, send(gateway, "GET", "/health/live", "").statusCode());
            assertEquals(200, send(gateway, "GET", "/health/ready", "").statusCode());
            assertEquals(200, send(gateway, "GET", "/", "").statusCode());
            assertEquals(404, send(gateway, "GET", "/admin", "").statusCode());
            assertEquals(404, send(gateway, "GET", "/%61dmin/x", "").statusCode());
            assertEquals(405, send(gateway, "DELETE", "/health", "").statusCode());
        }
    }

    private Gateway gateway(String environment) throws IOException, ConfigInvalid {
        Path file = Files.writeString(folder.resolve(".env"), environment + "PORT=0\n");
        Gateway gateway =
                new Gateway(
                        Config.load(Optional.empty(), Map.of(), Optional.of(file)), OutputStream.nullOutputStream());
        gateway.start();
        return gateway;
    }

    private HttpResponse<String> send(Gateway gateway, String method, String path, String content)
            throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + path))
                        .method(method, content.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(content))
                        .build();
        return http.send(request, BodyHandlers.ofString());
    }

    private static int closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
