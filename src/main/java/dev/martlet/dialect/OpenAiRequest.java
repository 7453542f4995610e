package dev.martlet.dialect;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.martlet.Operation;

/// A request of the hub as a provider takes it that knows OpenAI's words only.
final class OpenAiRequest {
    private final Inquiry inquiry;
    private final Given hub;
    private final Losses losses;
    private final OpenAiModel model;
    private final ObjectNode body = JsonNodeFactory.instance.objectNode();

    private OpenAiRequest(Inquiry inquiry, Losses losses) {
        this.inquiry = inquiry;
        this.hub = Given.of(inquiry.body());
        this.losses = losses;
        this.model = OpenAiModel.of(inquiry.model());
    }

    static Inquiry fromHub(Inquiry hub, Losses losses) {
        OpenAiRequest request = new OpenAiRequest(hub, losses);
        request.body.put("model", hub.model());
        if (hub.kind() == Operation.Kind.CHAT) request.chat();
        else request.hub.members().forEach(request::keep);
        return hub.with(request.body);
    }

    private void keep(Given field) {
        if (!field.name().equals("model")) body.set(field.name(), field.value());
    }

    private void chat() {
        if (inquiry.stream()) body.put("stream", true).putObject("stream_options").put("include_usage", true);
        for (Given field : hub.members()) put(field);
        new Unsaid(losses).putExtra(hub.at("extra_content"), "openai", body);
    }

    private void put(Given field) {
        switch (field.name()) {
            case "stream", "stream_options", "extra_content" -> {}
            case "messages" -> body.set("messages", new OpenAiConversation(model, losses).messages(field));
            case "tools" -> putTools(field);
            case "response_format" -> body.set("response_format", unbound(field, field.at("json_schema"), "schema"));
            case "max_completion_tokens" ->
                    body.set(model.own() ? "max_completion_tokens" : "max_tokens", field.value());
            case "top_k", HubContent.CACHE_CONTROL -> losses.drop(field.path());
            case "thinking" -> {
                if (hub.at("reasoning_effort").isAbsent()) losses.drop(field.path());
            }
            case "reasoning_effort" -> putEffort(field);
            case "temperature", "top_p", "presence_penalty", "frequency_penalty" -> keepIf(samples(), field);
            default -> body.set(field.name(), field.value());
        }
    }

    private void putEffort(Given effort) {
        if (model.takesEffort()) body.put("reasoning_effort", model.effort(effort.required()));
        else if (!effort.says("none")) losses.drop(effort.path());
    }

    private boolean samples() {
        return model.samples(hub.at("reasoning_effort").text());
    }

    private void keepIf(boolean taken, Given field) {
        if (taken) body.set(field.name(), field.value());
        else if (field.asksForSomething()) losses.drop(field.path());
    }

    private void putTools(Given tools) {
        ArrayNode target = body.putArray("tools");
        for (Given tool : tools.list()) {
            String type = tool.at("type").text().orElse("function");
            if (type.equals("code_execution") || type.equals("web_fetch")) {
                throw losses.refused(tool.path(), "Chat Completions has no tool of this type");
            }
            ObjectNode copy = unbound(tool, tool.at("function"), "parameters");
            if (copy.remove(HubContent.CACHE_CONTROL) != null) losses.drop(tool.at(HubContent.CACHE_CONTROL).path());
            target.add(copy);
        }
    }

    /// A copy that is strict only where its schema can be: others are refused.
    ///
    /// @param holder what in it says `strict`
    private ObjectNode unbound(Given whole, Given holder, String schema) {
        ObjectNode copy = whole.object().deepCopy();
        boolean strict = holder.at("strict").isTrue();
        if (!strict || OpenAiSchema.isStrict(holder.at(schema).value())) return copy;
        copy.withObjectProperty(holder.name()).remove("strict");
        losses.drop(holder.at("strict").path());
        return copy;
    }
}
