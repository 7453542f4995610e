package dev.martlet.operations;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.martlet.server.Door;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What `/` shows: a page to people, JSON to programs.
final class Welcome {
    private Welcome() {}

    static boolean isWanted(Optional<String> accept) {
        return accept.orElse("").contains("text/html");
    }

    /// @param host as the caller wrote it; shown, and never believed
    static Door.Page html(Offers offers, Optional<String> host, String status) {
        return Door.Page.html(WelcomePage.of(offers, "http://" + host.orElse("localhost"), status))
                .with("Content-Security-Policy", WelcomePage.POLICY);
    }

    /// @param access to the operator's pages; with [Access#ANYBODY] there is nothing else on this listener
    static ObjectNode json(Offers offers, Access access) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("message", "Martlet, an AI API gateway, is running");
        body.put("status", "");
        body.put("version", Version.TEXT);
        body.put("timestamp", BreakerEntries.text(Instant.now()));
        ObjectNode endpoints = body.putObject("endpoints");
        boolean operatorsOwn = access == Access.ANYBODY;
        if (offers.channels()) {
            endpoints.put("chat", "/v1/chat/completions").put("models", "/v1/models");
            for (String one : List.of("completions", "embeddings", "moderations", "rerank")) {
                endpoints.put(one, "/v1/" + one);
            }
            endpoints.put("images", "/v1/images/generations").put("audio", "/v1/audio/transcriptions");
        }
        if (!offers.services().isEmpty()) endpoints.put("services", "/gateway/{service}/{path}");
        if (!operatorsOwn) endpoints.put("verify", Verification.PATH);
        endpoints.put("health", "/health");
        endpoints.put("live", "/health/live").put("ready", "/health/ready");
        if (access != Access.NOBODY) endpoints.put("stats", "/stats").put("metrics", "/metrics");
        if (offers.forwards()) endpoints.put("everything else", "forwarded");
        return body;
    }
}
