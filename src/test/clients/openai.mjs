// Makes recorded exchanges again with the official SDK and prints what it understood of the answers.
// Usage: node openai.mjs (BASE_URL KEY_BEGIN)... < questions
// A question is a line {id, operation, stream, request}; it is asked at each base URL, with a key that ends with the id,
// and each time answered by a line {id, facts, everything}.
import { createInterface } from "node:readline";
import OpenAI, { toFile } from "openai";

/** The few things that tell whether an answer was understood; what is empty or absent is not noted. */
class Facts {
  noted = {};

  add(name, piece) {
    if (typeof piece !== "string" && typeof piece !== "boolean") return;
    if (piece !== "") this.noted[name] = (this.noted[name] ?? "") + piece;
  }

  set(name, value) {
    if (value !== undefined && value !== null) this.noted[name] = String(value);
  }

  count(name) {
    this.noted[name] = String(Number(this.noted[name] ?? 0) + 1);
  }
}

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

async function ask(baseURL, keyBegin, { id, operation, stream, request }) {
  const client = new OpenAI({ baseURL, apiKey: keyBegin + id, maxRetries: 0 });
  const [call, readWhole, readEvent] = operations[operation];
  const facts = new Facts();
  const everything = [];
  try {
    const answer = await call(client, { ...(request ? JSON.parse(request) : {}), stream });
    if (stream) {
      for await (const event of answer) {
        facts.count("events");
        everything.push(event);
        readEvent(facts, event);
      }
    } else {
      everything.push(answer.data ?? answer);
      readWhole(facts, answer);
    }
  } catch (failure) {
    everything.push(String(failure), failure.error ?? null);
    noteFailure(facts, failure);
  }
  return { id, facts: facts.noted, everything: JSON.stringify(everything) };
}

for await (const line of createInterface({ input: process.stdin })) {
  for (let i = 2; i < process.argv.length; i += 2) {
    console.log(JSON.stringify(await ask(process.argv[i], process.argv[i + 1], JSON.parse(line))));
  }
}
