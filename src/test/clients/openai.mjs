// Asks the gateway at the given base URL twice, whole and as a stream, and prints what the SDK understood.
import OpenAI from "openai";

const client = new OpenAI({ baseURL: process.argv[2], apiKey: "sk-fake", maxRetries: 0 });
const question = { model: "gpt-4o", messages: [{ role: "user", content: "Hi" }] };

const whole = await client.chat.completions.create(question);
let streamed = "";
for await (const chunk of await client.chat.completions.create({ ...question, stream: true })) {
  streamed += chunk.choices[0]?.delta?.content ?? "";
}
console.log(JSON.stringify({ whole: whole.choices[0].message.content, streamed }));
