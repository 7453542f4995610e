// Makes recorded exchanges again with OpenAI's official SDK: see recorded.mjs.
import { askAll } from "./recorded.mjs";
import OpenAI, { toFile } from "openai";

const read = {
  choices(facts, answer) {
    facts.set("id", answer.id);
    for (const choice of answer.choices ?? []) {
      const message = choice.message ?? choice.delta;
      facts.add("text", message ? message.content : choice.text);
      for (const call of message?.tool_calls ?? []) {
        facts.add("tools", call.function?.name);
        facts.add("tools", call.function?.arguments);
      }
      facts.add("finish", choice.finish_reason);
    }
    facts.set("tokens", answer.usage?.total_tokens);
  },

  vectors(facts, answer) {
    for (const { embedding } of answer.data) facts.add("sizes", `${embedding.length} `);
    facts.set("tokens", answer.usage?.total_tokens);
  },

  verdicts(facts, answer) {
    facts.set("id", answer.id);
    for (const result of answer.results) facts.add("flagged", result.flagged);
  },

  pictures(facts, answer) {
    for (const image of answer.data) {
      facts.add("images", image.url);
      facts.add("images", image.b64_json);
    }
  },

  response(facts, response) {
    facts.set("id", response.id);
    facts.set("state", response.status);
    for (const item of response.output) {
      facts.count("items");
      if (item.type === "message") for (const part of item.content) facts.add("text", part.text);
      if (item.type === "function_call") {
        facts.add("tools", item.name);
        facts.add("tools", item.arguments);
      }
    }
    facts.set("tokens", response.usage?.total_tokens);
  },

  responseEvent(facts, event) {
    if (event.type === "response.output_text.delta") facts.add("text", event.delta);
    if (["response.completed", "response.incomplete", "response.failed"].includes(event.type)) {
      read.response(facts, event.response);
    }
  },

  speech(facts, answer) {
    facts.add("text", answer.delta);
    facts.add("text", answer.text);
  },
};

/** By operation: the call, how to read a whole answer, how to read an event. */
const operations = {
  CHAT: [(client, asked) => client.chat.completions.create(asked), read.choices, read.choices],
  COMPLETIONS: [(client, asked) => client.completions.create(asked), read.choices, read.choices],
  // Without a format the SDK asks for base64 and decodes it; the recorded callers asked for what they got.
  EMBEDDINGS: [
    (client, { stream, ...asked }) => client.embeddings.create({ encoding_format: "float", ...asked }),
    read.vectors,
  ],
  MODELS: [
    (client) => client.models.list(),
    (facts, page) => page.data.forEach((model) => facts.add("ids", model.id)),
  ],
  MODEL: [(client) => client.models.retrieve("some-model"), (facts, model) => facts.add("ids", model.id)],
  MODERATIONS: [(client, { stream, ...asked }) => client.moderations.create(asked), read.verdicts],
  IMAGES: [(client, asked) => client.images.generate(asked), read.pictures],
  RESPONSES: [(client, asked) => client.responses.create(asked), read.response, read.responseEvent],
  TRANSCRIPTIONS: [
    async (client, { stream }) =>
      client.audio.transcriptions.create({
        file: await toFile(Buffer.from("RIFF"), "speech.wav"),
        model: "whisper-1",
        stream,
      }),
    read.speech,
    read.speech,
  ],
};

const statusOfType = new Map([
  [OpenAI.BadRequestError, 400],
  [OpenAI.AuthenticationError, 401],
  [OpenAI.NotFoundError, 404],
  [OpenAI.RateLimitError, 429],
]);

function noteFailure(facts, failure) {
  if (!(failure instanceof OpenAI.APIError)) {
    facts.set("not understood", failure);
  } else if (failure.status === undefined) {
    facts.set("broken", true);
  } else {
    const typed = failure instanceof OpenAI.InternalServerError ? failure.status : statusOfType.get(failure.constructor);
    facts.set("status", typed ?? "of no type of its own");
    facts.add("code", failure.code);
  }
}

async function call({ baseURL, key, operation, stream, request }) {
  const client = new OpenAI({ baseURL, apiKey: key, maxRetries: 0 });
  const [create, readWhole, readEvent] = operations[operation];
  const answer = await create(client, { ...request, stream });
  return { answer, readWhole, readEvent };
}

await askAll(call, noteFailure);
