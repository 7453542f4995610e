// Makes recorded exchanges again with an SDK and prints what it understood of the answers.
// Usage: node SDK.mjs (BASE_URL KEY_BEGIN)... < questions
// A question is a line {id, operation, path, stream, request}; it is asked at each base URL, with a key that ends with the
// id, and each time answered by a line {id, facts, everything}.
import { createInterface } from "node:readline";

// Recorded models grow old, and SDKs say so: that is no part of an answer.
console.warn = () => {};

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

async function ask(baseURL, keyBegin, question, call, noteFailure) {
  const { id, stream, request } = question;
  const facts = new Facts();
  const everything = [];
  try {
    const asked = { ...question, baseURL, key: keyBegin + id, request: request ? JSON.parse(request) : {} };
    const { answer, readWhole, readEvent } = await call(asked);
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

/**
 * Asks every question at every address.
 * @param call makes the call of a question, and says how its answer and its events are read
 * @param noteFailure notes which error it was that the SDK raised
 */
export async function askAll(call, noteFailure) {
  const ways = process.argv.slice(2);
  for await (const line of createInterface({ input: process.stdin })) {
    for (let i = 0; i < ways.length; i += 2) {
      console.log(JSON.stringify(await ask(ways[i], ways[i + 1], JSON.parse(line), call, noteFailure)));
    }
  }
}
