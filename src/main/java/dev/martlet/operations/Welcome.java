package dev.martlet.operations;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.martlet.server.Door;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What `/` shows: a page to people, JSON to programs.
final class Welcome {
    private static final String PAGE =
            """
            <!doctype html>
            <html lang="en">
            <head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
            <title>Martlet</title>
            <style>
              body { font: 1rem/1.6 system-ui, sans-serif; margin: 10vh auto; max-width: 36rem; padding: 0 1.25rem; color: #1d2733 }
              h1 { font-size: 1.6rem; margin-bottom: 0 } code { background: #eef2f6; padding: .1em .35em; border-radius: .25em }
              @media (prefers-color-scheme: dark) { body { background: #12181f; color: #dde5ee } code { background: #24303c } a { color: #7db7ff } }
            </style></head>
            <body>
            <h1>Martlet</h1>
            <p>The AI API gateway is running.</p>
            <p>Point your application's base URL here and keep its paths: a call to
            <code>/v1/chat/completions</code> goes to one of the configured upstreams, and to the next when that one fails.</p>
            <p><a href="/health">health</a> · <a href="/health/ready">ready</a> · <a href="/health/live">live</a>
            · <a href="/v1/models">models</a></p>
            </body></html>
            """;

    private Welcome() {}

    static boolean isWanted(Optional<String> accept) {
        return accept.orElse("").contains("text/html");
    }

    static Door.Page html() {
        return Door.Page.html(PAGE);
    }

    /// @param channels whether calls are routed by model: else their paths are forwarded like all others
    /// @param access   to the operator's pages; with [Access#ANYBODY] there is nothing else on this listener
    static ObjectNode json(boolean channels, Access access) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("message", "Martlet, an AI API gateway, is running");
        body.put("status", "");
        body.put("version", Version.TEXT);
        body.put("timestamp", Instant.now().toString());
        ObjectNode endpoints = body.putObject("endpoints");
        boolean operatorsOwn = access == Access.ANYBODY;
        if (channels && !operatorsOwn) {
            endpoints.put("chat", "/v1/chat/completions").put("models", "/v1/models");
            for (String one : List.of("completions", "embeddings", "moderations", "rerank")) {
                endpoints.put(one, "/v1/" + one);
            }
            endpoints.put("images", "/v1/images/generations").put("audio", "/v1/audio/transcriptions");
        }
        if (!operatorsOwn) endpoints.put("verify", Verification.PATH);
        endpoints.put("health", "/health");
        endpoints.put("live", "/health/live").put("ready", "/health/ready");
        if (access != Access.NOBODY) endpoints.put("stats", "/stats").put("metrics", "/metrics");
        if (!operatorsOwn) endpoints.put("everything else", "forwarded");
        return body;
    }
}
