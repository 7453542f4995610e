package dev.martlet.app;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.core.JsonField;
import com.anthropic.core.JsonValue;
import com.anthropic.core.ObjectMappers;
import com.anthropic.core.http.StreamResponse;
import com.anthropic.errors.AnthropicException;
import com.anthropic.errors.AnthropicServiceException;
import com.anthropic.errors.BadRequestException;
import com.anthropic.errors.InternalServerException;
import com.anthropic.errors.NotFoundException;
import com.anthropic.errors.RateLimitException;
import com.anthropic.errors.SseException;
import com.anthropic.errors.UnauthorizedException;
import com.anthropic.models.messages.ContentBlock;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.RawContentBlockDelta;
import com.anthropic.models.messages.RawContentBlockStartEvent;
import com.anthropic.models.messages.RawMessageDeltaEvent;
import com.anthropic.models.messages.RawMessageStreamEvent;
import com.anthropic.models.messages.ToolUseBlock;
import com.fasterxml.jackson.core.JsonProcessingException;

import dev.martlet.app.JavaSdk.Understood;

import java.util.Optional;

/// Anthropic's official SDK for Java, used as its users do.
final class AnthropicJavaSdk {
    private AnthropicJavaSdk() {}

    /// Makes a recorded exchange again, with another base URL and key.
    static Understood ask(RecordedExchange exchange, String baseUrl, String key) {
        Facts facts = new Facts();
        StringBuilder everything = new StringBuilder();
        AnthropicClient client = AnthropicOkHttpClient.builder().baseUrl(baseUrl).apiKey(key).maxRetries(0).build();
        try {
            if (exchange.stream()) stream(client, body(exchange), facts, everything);
            else message(client.messages().create(body(exchange)), facts, everything);
        } catch (SseException e) {
            facts.set("broken", true);
            everything.append(e);
        } catch (AnthropicServiceException e) {
            facts.set("status", typed(e));
            everything.append(e);
        } catch (AnthropicException e) {
            facts.set("not understood", e);
            everything.append(e);
        } finally {
            client.close();
        }
        return new Understood(facts.noted(), everything.toString());
    }

    private static int typed(AnthropicServiceException e) {
        return switch (e) {
            case BadRequestException _ -> 400;
            case UnauthorizedException _ -> 401;
            case NotFoundException _ -> 404;
            case RateLimitException _ -> 429;
            case InternalServerException _ -> e.statusCode();
            default -> throw new IllegalStateException("an error of no type of its own", e);
        };
    }

    private static MessageCreateParams body(RecordedExchange exchange) {
        try {
            MessageCreateParams.Body body =
                    ObjectMappers.jsonMapper().readValue(exchange.request(), MessageCreateParams.Body.class);
            return MessageCreateParams.builder().body(body).build();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(exchange.id(), e);
        }
    }

    private static void message(Message message, Facts facts, StringBuilder everything) {
        everything.append(message);
        message(message, facts);
    }

    private static void message(Message message, Facts facts) {
        facts.set("id", known(message._id()));
        for (ContentBlock block : message._content().asKnown().orElseThrow()) block(block, facts);
        facts.add("finish", known(message._stopReason()));
        facts.set("tokens", known(message._usage()).flatMap(usage -> known(usage._outputTokens())));
    }

    private static void block(ContentBlock block, Facts facts) {
        block.text().ifPresent(text -> facts.add("text", known(text._text())));
        block.thinking().ifPresent(thinking -> facts.add("thoughts", known(thinking._thinking())));
        block.toolUse().ifPresent(use -> tool(known(use._name()), use._input(), facts));
        block.serverToolUse().ifPresent(use -> tool(known(use._name()), use._input(), facts));
    }

    private static void tool(Optional<?> name, JsonValue input, Facts facts) {
        facts.add("tools", name);
        try {
            facts.add("tools", ObjectMappers.jsonMapper().writeValueAsString(input));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("what was read can be written", e);
        }
    }

    private static void stream(
            AnthropicClient client, MessageCreateParams asked, Facts facts, StringBuilder everything) {
        try (StreamResponse<RawMessageStreamEvent> answer = client.messages().createStreaming(asked)) {
            answer.stream()
                    .forEach(event -> {
                        facts.count("events");
                        everything.append(event).append('\n');
                        event.messageStart().ifPresent(start -> message(start.message(), facts));
                        event.contentBlockStart().ifPresent(start -> begin(start, facts));
                        event.contentBlockDelta().ifPresent(delta -> piece(delta.delta(), facts));
                        event.messageDelta().ifPresent(delta -> end(delta, facts));
                    });
        }
    }

    private static void begin(RawContentBlockStartEvent start, Facts facts) {
        RawContentBlockStartEvent.ContentBlock block = start.contentBlock();
        block.text().ifPresent(text -> facts.add("text", known(text._text())));
        facts.add("tools", block.toolUse().map(ToolUseBlock::_name).flatMap(AnthropicJavaSdk::known));
        block.serverToolUse().ifPresent(use -> facts.add("tools", known(use._name())));
    }

    private static void piece(RawContentBlockDelta delta, Facts facts) {
        delta.text().ifPresent(text -> facts.add("text", known(text._text())));
        delta.thinking().ifPresent(thinking -> facts.add("thoughts", known(thinking._thinking())));
        delta.inputJson().ifPresent(json -> facts.add("tools", known(json._partialJson())));
    }

    private static void end(RawMessageDeltaEvent event, Facts facts) {
        facts.add("finish", known(event._delta()).flatMap(delta -> known(delta._stopReason())));
        facts.set("tokens", known(event._usage()).flatMap(usage -> known(usage._outputTokens())));
    }

    private static <T> Optional<T> known(JsonField<T> field) {
        return field.asKnown();
    }
}
