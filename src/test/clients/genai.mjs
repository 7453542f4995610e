// Makes recorded exchanges again with Google's official SDK: see recorded.mjs.
import { ApiError, GoogleGenAI } from "@google/genai";
import { askAll } from "./recorded.mjs";

function read(facts, answer) {
  delete answer.sdkHttpResponse; // the header, which is another with each way
  facts.set("id", answer.responseId);
  for (const candidate of answer.candidates ?? []) {
    for (const part of candidate.content?.parts ?? []) {
      facts.add(part.thought ? "thoughts" : "text", part.text);
      facts.add("tools", part.functionCall?.name);
      if (part.functionCall?.args) facts.add("tools", JSON.stringify(part.functionCall.args));
    }
    facts.add("finish", candidate.finishReason);
  }
  facts.set("tokens", answer.usageMetadata?.totalTokenCount);
}

function noteFailure(facts, failure) {
  facts.set(failure instanceof ApiError ? "status" : "not understood", failure.status ?? failure);
}

/** The recorded body, in the words of the SDK. */
function parameters(path, { contents, generationConfig, system_instruction, ...rest }) {
  const [, model] = path.match(/models\/([^:]+):/);
  return { model, contents, config: { ...generationConfig, systemInstruction: system_instruction, ...rest } };
}

async function call({ baseURL, key, path, stream, request }) {
  const client = new GoogleGenAI({ apiKey: key, httpOptions: { baseUrl: baseURL } });
  const asked = parameters(path, request);
  const answer = await (stream ? client.models.generateContentStream(asked) : client.models.generateContent(asked));
  return { answer, readWhole: read, readEvent: read };
}

await askAll(call, noteFailure);
