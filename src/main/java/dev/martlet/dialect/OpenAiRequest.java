package dev.martlet.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.martlet.Operation;

import java.util.List;
import java.util.regex.Pattern;

/// A request of the hub as a provider takes it that knows OpenAI's words only.
final class OpenAiRequest {
    /// OpenAI's own models know the newer name for the bound on an answer; others often know only the older one.
    private static final Pattern OWN = Pattern.compile("(^|/)(gpt|chatgpt|codex|o\\d)([-.\\d]|$)");

    private final Inquiry inquiry;
    private final Losses losses;
    private final ObjectNode body;

    private OpenAiRequest(Inquiry inquiry, Losses losses) {
        this.inquiry = inquiry;
        this.losses = losses;
        this.body = inquiry.body().deepCopy();
    }

    static Inquiry fromHub(Inquiry hub, Losses losses) {
        OpenAiRequest request = new OpenAiRequest(hub, losses);
        request.body.put("model", hub.model());
        if (hub.kind() == Operation.Kind.CHAT) request.chat();
        return hub.with(request.body);
    }

    private void chat() {
        putStream();
        leaveOut(body, "", List.of("top_k", "thinking", "cache_control"));
        Given extra = Given.of(inquiry.body()).at("extra_content");
        body.remove("extra_content");
        if (extra.isPresent()) new Unsaid(losses).leaveOut(extra, "openai", body);
        if (!OWN.matcher(inquiry.model()).find() && body.has("max_completion_tokens")) {
            body.set("max_tokens", body.remove("max_completion_tokens"));
        }
        Given hub = Given.of(inquiry.body());
        for (Given tool : hub.at("tools").list()) checkTool(tool);
        for (JsonNode tool : body.path("tools")) leaveOut(tool, "tools.", List.of("cache_control"));
        if (hub.at("messages").isPresent())
            body.set("messages", new OpenAiConversation(losses).messages(hub.at("messages")));
    }

    private void putStream() {
        body.remove(List.of("stream", "stream_options"));
        if (!inquiry.stream()) return;
        body.put("stream", true).putObject("stream_options").put("include_usage", true);
    }

    private void checkTool(Given tool) {
        String type = tool.at("type").text().orElse("function");
        if (type.equals("code_execution") || type.equals("web_fetch")) {
            throw losses.refused(tool.path(), "Chat Completions has no tool of this type");
        }
    }

    private void leaveOut(JsonNode from, String path, List<String> names) {
        if (!(from instanceof ObjectNode object)) return;
        for (String name : names) {
            boolean said = name.equals("thinking") && object.has("reasoning_effort");
            if (object.remove(name) != null && !said) losses.drop(path + name);
        }
    }
}
