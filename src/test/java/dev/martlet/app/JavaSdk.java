package dev.martlet.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonField;
import com.openai.core.ObjectMappers;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.InternalServerException;
import com.openai.errors.NotFoundException;
import com.openai.errors.OpenAIException;
import com.openai.errors.OpenAIInvalidDataException;
import com.openai.errors.OpenAIServiceException;
import com.openai.errors.RateLimitException;
import com.openai.errors.SseException;
import com.openai.errors.UnauthorizedException;
import com.openai.models.audio.transcriptions.Transcription;
import com.openai.models.audio.transcriptions.TranscriptionCreateParams;
import com.openai.models.audio.transcriptions.TranscriptionCreateResponse;
import com.openai.models.audio.transcriptions.TranscriptionDiarized;
import com.openai.models.audio.transcriptions.TranscriptionStreamEvent;
import com.openai.models.audio.transcriptions.TranscriptionVerbose;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.completions.Completion;
import com.openai.models.completions.CompletionCreateParams;
import com.openai.models.completions.CompletionUsage;
import com.openai.models.embeddings.CreateEmbeddingResponse;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.openai.models.images.ImageGenerateParams;
import com.openai.models.images.ImagesResponse;
import com.openai.models.models.Model;
import com.openai.models.moderations.ModerationCreateParams;
import com.openai.models.moderations.ModerationCreateResponse;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCompletedEvent;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseFailedEvent;
import com.openai.models.responses.ResponseFunctionToolCall;
import com.openai.models.responses.ResponseIncompleteEvent;
import com.openai.models.responses.ResponseOutputItem;
import com.openai.models.responses.ResponseOutputMessage;
import com.openai.models.responses.ResponseOutputText;
import com.openai.models.responses.ResponseStreamEvent;
import com.openai.models.responses.ResponseTextDeltaEvent;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// OpenAI's official SDK for Java, used as its users do; what it understood is read from its typed answers.
final class JavaSdk implements AutoCloseable {
    static final String SPEECH_MODEL = "whisper-1";

    /// What the SDK made of an answer.
    ///
    /// @param everything all of it as text
    record Understood(SortedMap<String, String> facts, String everything) {}

    private final OpenAIClient sdk =
            OpenAIOkHttpClient.builder().baseUrl("http://127.0.0.1").apiKey("sk-fake").maxRetries(0).build();

    /// Makes a recorded exchange again, with another base URL and key.
    Understood ask(RecordedExchange exchange, String baseUrl, String key) {
        OpenAIClient client = sdk.withOptions(options -> options.baseUrl(baseUrl).apiKey(key));
        Conversation conversation = new Conversation(client, exchange);
        conversation.run();
        return new Understood(conversation.facts.noted(), conversation.everything.toString());
    }

    @Override
    public void close() {
        sdk.close();
    }

    private static final class Conversation {
        private final OpenAIClient client;
        private final RecordedExchange exchange;
        private final Facts facts = new Facts();
        private final StringBuilder everything = new StringBuilder();

        Conversation(OpenAIClient client, RecordedExchange exchange) {
            this.client = client;
            this.exchange = exchange;
        }

        void run() {
            try {
                call();
            } catch (SseException e) {
                facts.set("broken", true);
                everything.append(e);
            } catch (OpenAIServiceException e) {
                facts.set("status", typed(e));
                facts.set("code", code(e));
                everything.append(e);
            } catch (OpenAIException e) {
                facts.set("not understood", e);
                everything.append(e);
            }
        }

        /// Empty also when the provider's code is a number, which the type does not allow.
        private static Optional<String> code(OpenAIServiceException e) {
            try {
                return e.code();
            } catch (OpenAIInvalidDataException notText) {
                return Optional.empty();
            }
        }

        private static int typed(OpenAIServiceException e) {
            return switch (e) {
                case BadRequestException _ -> 400;
                case UnauthorizedException _ -> 401;
                case NotFoundException _ -> 404;
                case RateLimitException _ -> 429;
                case InternalServerException _ -> e.statusCode();
                default -> throw new IllegalStateException("an error of no type of its own", e);
            };
        }

        private void call() {
            switch (SdkOperation.of(exchange)) {
                case CHAT -> chat();
                case COMPLETIONS -> completions();
                case EMBEDDINGS -> embeddings();
                case MODELS -> whole(client.models().list().data(), models -> models.forEach(this::model));
                case MODEL -> whole(client.models().retrieve("some-model"), this::model);
                case MODERATIONS -> moderations();
                case IMAGES -> images();
                case RESPONSES -> responses();
                case TRANSCRIPTIONS -> transcriptions();
                case MESSAGES, GENERATE -> throw new IllegalArgumentException("not OpenAI's: " + exchange.api());
            }
        }

        private <T> void whole(T answer, Consumer<T> reading) {
            everything.append(answer);
            reading.accept(answer);
        }

        private <T> void events(StreamResponse<T> answer, Consumer<T> reading) {
            answer.stream()
                    .forEach(event -> {
                        facts.count("events");
                        everything.append(event).append('\n');
                        reading.accept(event);
                    });
        }

        private void chat() {
            ChatCompletionCreateParams asked =
                    ChatCompletionCreateParams.builder().body(body(ChatCompletionCreateParams.Body.class)).build();
            if (!exchange.stream()) {
                whole(client.chat().completions().create(asked), this::completion);
                return;
            }
            try (StreamResponse<ChatCompletionChunk> answer = client.chat().completions().createStreaming(asked)) {
                events(answer, this::chunk);
            }
        }

        private void completion(ChatCompletion answer) {
            facts.set("id", known(answer._id()));
            for (ChatCompletion.Choice choice : all(answer._choices())) {
                known(choice._message())
                        .ifPresent(message -> {
                            facts.add("text", known(message._content()));
                            all(message._toolCalls())
                                    .forEach(call ->
                                            call.function()
                                                    .flatMap(function -> known(function._function()))
                                                    .ifPresent(function -> {
                                                        facts.add("tools", known(function._name()));
                                                        facts.add("tools", known(function._arguments()));
                                                    }));
                        });
                facts.add("finish", known(choice._finishReason()));
            }
            usage(answer._usage());
        }

        private void chunk(ChatCompletionChunk chunk) {
            facts.set("id", known(chunk._id()));
            for (ChatCompletionChunk.Choice choice : all(chunk._choices())) {
                known(choice._delta())
                        .ifPresent(delta -> {
                            facts.add("text", known(delta._content()));
                            all(delta._toolCalls())
                                    .forEach(call ->
                                            known(call._function())
                                                    .ifPresent(function -> {
                                                        facts.add("tools", known(function._name()));
                                                        facts.add("tools", known(function._arguments()));
                                                    }));
                        });
                facts.add("finish", known(choice._finishReason()));
            }
            usage(chunk._usage());
        }

        private void completions() {
            CompletionCreateParams asked =
                    CompletionCreateParams.builder().body(body(CompletionCreateParams.Body.class)).build();
            if (!exchange.stream()) {
                whole(client.completions().create(asked), this::completion);
                return;
            }
            try (StreamResponse<Completion> answer = client.completions().createStreaming(asked)) {
                events(answer, this::completion);
            }
        }

        private void completion(Completion answer) {
            facts.set("id", known(answer._id()));
            all(answer._choices())
                    .forEach(choice -> {
                        facts.add("text", known(choice._text()));
                        facts.add("finish", known(choice._finishReason()));
                    });
            usage(answer._usage());
        }

        private void usage(JsonField<CompletionUsage> usage) {
            facts.set("tokens", known(usage).flatMap(some -> known(some._totalTokens())));
        }

        private void embeddings() {
            EmbeddingCreateParams asked =
                    EmbeddingCreateParams.builder().body(body(EmbeddingCreateParams.Body.class)).build();
            whole(client.embeddings().create(asked), this::vectors);
        }

        private void vectors(CreateEmbeddingResponse answer) {
            all(answer._data())
                    .forEach(one ->
                            known(one._embeddingValue())
                                    .ifPresent(value -> {
                                        facts.add("sizes", value.floats().map(floats -> floats.size() + " "));
                                        facts.add("sizes", value.base64().map(text -> text.length() + " "));
                                    }));
            facts.set("tokens", known(answer._usage()).flatMap(usage -> known(usage._totalTokens())));
        }

        private void model(Model model) {
            facts.add("ids", known(model._id()));
        }

        private void moderations() {
            ModerationCreateParams asked =
                    ModerationCreateParams.builder().body(body(ModerationCreateParams.Body.class)).build();
            whole(client.moderations().create(asked), this::verdicts);
        }

        private void verdicts(ModerationCreateResponse answer) {
            facts.set("id", known(answer._id()));
            all(answer._results()).forEach(result -> facts.add("flagged", known(result._flagged())));
        }

        private void images() {
            ImageGenerateParams asked =
                    ImageGenerateParams.builder().body(body(ImageGenerateParams.Body.class)).build();
            whole(client.images().generate(asked), this::pictures);
        }

        private void pictures(ImagesResponse answer) {
            all(answer._data())
                    .forEach(image -> {
                        facts.add("images", known(image._url()));
                        facts.add("images", known(image._b64Json()));
                    });
        }

        private void responses() {
            ResponseCreateParams asked =
                    ResponseCreateParams.builder().body(body(ResponseCreateParams.Body.class)).build();
            if (!exchange.stream()) {
                whole(client.responses().create(asked), this::response);
                return;
            }
            try (StreamResponse<ResponseStreamEvent> answer = client.responses().createStreaming(asked)) {
                events(answer, this::responseEvent);
            }
        }

        private void responseEvent(ResponseStreamEvent event) {
            event.outputTextDelta().map(ResponseTextDeltaEvent::_delta).ifPresent(d -> facts.add("text", known(d)));
            Stream.of(
                            event.completed().map(ResponseCompletedEvent::_response),
                            event.incomplete().map(ResponseIncompleteEvent::_response),
                            event.failed().map(ResponseFailedEvent::_response))
                    .flatMap(Optional::stream)
                    .flatMap(response -> known(response).stream())
                    .forEach(this::response);
        }

        private void response(Response response) {
            facts.set("id", known(response._id()));
            facts.set("state", known(response._status()));
            for (ResponseOutputItem item : all(response._output())) {
                facts.count("items");
                item.message().ifPresent(this::message);
                item.functionCall().ifPresent(this::functionCall);
            }
            facts.set("tokens", known(response._usage()).flatMap(usage -> known(usage._totalTokens())));
        }

        private void message(ResponseOutputMessage message) {
            for (ResponseOutputMessage.Content part : all(message._content())) {
                facts.add("text", part.outputText().map(ResponseOutputText::_text).flatMap(Conversation::known));
            }
        }

        private void functionCall(ResponseFunctionToolCall call) {
            facts.add("tools", known(call._name()));
            facts.add("tools", known(call._arguments()));
        }

        private void transcriptions() {
            TranscriptionCreateParams asked =
                    TranscriptionCreateParams.builder()
                            .file("RIFF".getBytes(StandardCharsets.US_ASCII))
                            .model(SPEECH_MODEL)
                            .build();
            if (!exchange.stream()) {
                whole(client.audio().transcriptions().create(asked), this::speech);
                return;
            }
            try (StreamResponse<TranscriptionStreamEvent> answer =
                    client.audio().transcriptions().createStreaming(asked)) {
                events(answer, this::speech);
            }
        }

        private void speech(TranscriptionCreateResponse answer) {
            Stream.of(
                            answer.transcription().map(Transcription::_text),
                            answer.diarized().map(TranscriptionDiarized::_text),
                            answer.verbose().map(TranscriptionVerbose::_text))
                    .flatMap(Optional::stream)
                    .forEach(text -> facts.add("text", known(text)));
        }

        private void speech(TranscriptionStreamEvent event) {
            event.transcriptTextDelta().ifPresent(delta -> facts.add("text", known(delta._delta())));
            event.transcriptTextSegment().ifPresent(segment -> facts.add("text", known(segment._text())));
            event.transcriptTextDone().ifPresent(done -> facts.add("text", known(done._text())));
        }

        /// The recorded request, as the SDK's own type; some recorders kept none.
        private <T> T body(Class<T> type) {
            String request = exchange.request().isEmpty() ? "{}" : exchange.request();
            try {
                return ObjectMappers.jsonMapper().readValue(request, type);
            } catch (JsonProcessingException e) {
                throw new IllegalStateException(exchange.id(), e);
            }
        }

        private static <T> Optional<T> known(JsonField<T> field) {
            return field.asKnown();
        }

        private static <T> List<T> all(JsonField<List<T>> field) {
            return field.asKnown().orElse(List.of());
        }
    }
}
