// Generates and streams text with a tool by the Vercel AI SDK, as its users do, and prints what it understood.
// Usage: node vercel.mjs BASE_URL [chat]
// With `chat` nothing is embedded.
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { APICallError, embedMany, generateText, stepCountIs, streamText, tool } from "ai";
import { z } from "zod";

const provider = createOpenAICompatible({
  name: "martlet",
  baseURL: process.argv[2],
  apiKey: "sk-fake",
  includeUsage: true,
});

const asked = {
  model: provider("weather-model"),
  maxRetries: 0,
  prompt: "How warm is it in Basel?",
  stopWhen: stepCountIs(3),
  tools: {
    temperature: tool({
      description: "The temperature of a city in degrees Celsius",
      inputSchema: z.object({ city: z.string() }),
      execute: async ({ city }) => ({ city, celsius: 21 }),
    }),
  },
};

function told({ steps, text, finishReason, usage }) {
  const results = steps.flatMap((step) => step.toolResults.map(({ toolName, output }) => ({ toolName, output })));
  const models = [...new Set(steps.map((step) => step.response.modelId))];
  return { steps: steps.length, results, text, finishReason, tokens: usage.totalTokens, models };
}

async function streamed() {
  const answer = streamText(asked);
  const pieces = [];
  for await (const piece of answer.textStream) pieces.push(piece);
  const [steps, text, finishReason, usage] = await Promise.all([
    answer.steps,
    answer.text,
    answer.finishReason,
    answer.usage,
  ]);
  return { ...told({ steps, text, finishReason, usage }), pieces };
}

async function refused() {
  try {
    return await generateText({ ...asked, model: provider("no-such-model") });
  } catch (failure) {
    if (!APICallError.isInstance(failure)) throw failure;
    return { status: failure.statusCode, message: failure.message, retryable: failure.isRetryable };
  }
}

async function embedded() {
  const { embeddings, usage } = await embedMany({
    model: provider.embeddingModel("weather-model"),
    values: ["one", "two"],
    maxRetries: 0,
  });
  return { embeddings, tokens: usage.tokens };
}

const answers = {
  whole: told(await generateText(asked)),
  streamed: await streamed(),
  refused: await refused(),
  embedded: process.argv[3] === "chat" ? undefined : await embedded(),
};
console.log(JSON.stringify(answers));
