// Makes recorded exchanges again with Anthropic's official SDK: see recorded.mjs.
import Anthropic from "@anthropic-ai/sdk";
import { askAll } from "./recorded.mjs";

function readBlock(facts, block) {
  facts.add("text", block.text);
  facts.add("thoughts", block.thinking);
  if (!block.type.endsWith("tool_use")) return;
  facts.add("tools", block.name);
  facts.add("tools", JSON.stringify(block.input));
}

function readMessage(facts, message) {
  facts.set("id", message.id);
  for (const block of message.content) readBlock(facts, block);
  facts.add("finish", message.stop_reason);
  facts.set("tokens", message.usage.output_tokens);
}

const events = {
  message_start: (facts, { message }) => readMessage(facts, message),
  content_block_start(facts, { content_block }) {
    facts.add("text", content_block.text);
    facts.add("tools", content_block.name);
  },
  content_block_delta(facts, { delta }) {
    facts.add("text", delta.text);
    facts.add("thoughts", delta.thinking);
    facts.add("tools", delta.partial_json);
  },
  message_delta(facts, { delta, usage }) {
    facts.add("finish", delta.stop_reason);
    facts.set("tokens", usage.output_tokens);
  },
};

const statusOfType = new Map([
  [Anthropic.BadRequestError, 400],
  [Anthropic.AuthenticationError, 401],
  [Anthropic.NotFoundError, 404],
  [Anthropic.RateLimitError, 429],
]);

function noteFailure(facts, failure) {
  if (!(failure instanceof Anthropic.APIError)) {
    facts.set("not understood", failure);
  } else if (failure.status === undefined) {
    facts.set("broken", true);
  } else {
    const internal = failure instanceof Anthropic.InternalServerError;
    facts.set("status", (internal ? failure.status : statusOfType.get(failure.constructor)) ?? "of no type of its own");
  }
}

async function call({ baseURL, key, stream, request }) {
  const client = new Anthropic({ baseURL, apiKey: key, maxRetries: 0, timeout: 60_000 });
  const answer = await client.messages.create({ ...request, stream });
  return { answer, readWhole: readMessage, readEvent: (facts, event) => events[event.type]?.(facts, event) };
}

await askAll(call, noteFailure);
