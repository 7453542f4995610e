package dev.martlet.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.martlet.NamedService;
import dev.martlet.Services;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/// The services that are there without being configured are those of seed 001.
class ServiceTableTest {
    private static final Set<String> BRIEF = Set.of("GET", "HEAD", "OPTIONS");
    private static final Set<String> LONG = Set.of("GET", "HEAD", "OPTIONS", "POST");

    @Test
    @DisplayName("twenty-nine names, each with its host and base path")
    void addresses() throws ConfigInvalid {
        String expected =
                """
                azure models.inference.ai.azure.com
                cerebras api.cerebras.ai
                chutes llm.chutes.ai
                claude api.anthropic.com
                cohere api.cohere.ai
                discord discord.com/api
                dmxcn www.dmxapi.cn
                dmxcom www.dmxapi.com
                fireworks api.fireworks.ai/inference
                friendli api.friendli.ai/serverless
                gemini generativelanguage.googleapis.com
                github models.github.ai
                gmi api.gmi-serving.com
                groq api.groq.com/openai
                httpbin httpbin.org
                huggingface api-inference.huggingface.co
                meta www.meta.ai/api
                modelscope api-inference.modelscope.cn
                novita api.novita.ai
                openai api.openai.com
                openrouter openrouter.ai/api
                poe api.poe.com
                portkey api.portkey.ai
                pplx api.perplexity.ai
                siliconflow api.siliconflow.cn
                targon api.targon.com
                telegram api.telegram.org
                together api.together.xyz
                xai api.x.ai
                """;
        String there =
                services().byName().values().stream()
                        .map(service ->
                                service.name()
                                        + " "
                                        + service.service().target().authority()
                                        + service.service().target().basePath()
                                        + "\n")
                        .collect(Collectors.joining());
        assertEquals(expected, there);
        assertEquals(29, services().names().size());
    }

    @Test
    @DisplayName("what sets some of them apart: methods, headers, time and size")
    void rules() throws ConfigInvalid {
        for (NamedService service : services().byName().values()) {
            boolean plain = List.of("discord", "dmxcn", "dmxcom", "httpbin").contains(service.name());
            Set<String> methods = plain ? BRIEF : LONG;
            boolean azure = service.name().equals("azure");
            if (azure) methods = Set.of("GET", "HEAD", "OPTIONS", "POST", "PUT");
            boolean openai = service.name().equals("openai");
            assertEquals(methods, service.retryMethods(), service.name());
            assertEquals(1, service.retries());
            assertEquals(openai ? Optional.of(Duration.ofMinutes(2)) : Optional.empty(), service.time());
            assertEquals(openai ? OptionalLong.of(10_485_760) : OptionalLong.empty(), service.answerBytesMax());
            assertEquals(true, service.fallback() && service.service().target().tls());
            String field =
                    Map.of("claude", "[anthropic-version]", "github", "[Accept]").getOrDefault(service.name(), "[]");
            assertEquals(field, service.defaults().toString());
        }
        assertEquals("2023-06-01", defaults("claude", "anthropic-version"));
        assertEquals("application/vnd.github+json", defaults("github", "Accept"));
    }

    private static String defaults(String service, String field) throws ConfigInvalid {
        return services().named(service).flatMap(one -> one.defaults().first(field)).orElse("");
    }

    private static Services services() throws ConfigInvalid {
        return Config.load(Optional.empty(), Map.of(), Optional.empty()).catalog().services();
    }
}
