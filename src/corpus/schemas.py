#!/usr/bin/env python3
"""Cuts the providers' published schemas down to what the tests check: src/corpus/schemas.py DIRECTORY

DIRECTORY has openai-openapi.json (OpenAI's API document), anthropic-sdk-schemas.json and gemini-sdk-schemas.json (JSON
Schemas of the official Python SDKs). Writes src/test/resources/schemas/{openai,anthropic,gemini}.json: JSON Schema
2020-12, structure only, with a definition for each document that a test may ask for: Request, Answer, Event, Error, and
EmbeddingsRequest and EmbeddingsAnswer where the dialect has them.

A name that no schema knows is an error, as it is for the providers: every object says `unevaluatedProperties: false`.
What the sources do not know and the providers take or say is in additions.json, each with its reason.
"""

import json
import sys
from pathlib import Path

HERE = Path(__file__).parent
TARGET = HERE.parents[1] / "src/test/resources/schemas"
KEPT = ("type", "enum", "const", "required", "minItems", "maxItems", "minimum", "maximum", "maxLength", "$ref")
# Of the SDK alone: never on the wire.
GEMINI_SDK_ONLY = {"sdkHttpResponse", "parsed", "automaticFunctionCallingHistory", "httpOptions",
                   "shouldReturnHttpResponse", "automaticFunctionCalling"}
# What the SDK's one flat configuration has outside generationConfig on the wire.
GEMINI_OUTSIDE = {"systemInstruction", "safetySettings", "tools", "toolConfig", "labels", "cachedContent",
                  "modelArmorConfig", "serviceTier"}


def main(directory):
    additions = json.loads((HERE / "additions.json").read_text())
    for name, cut in (("openai", openai), ("anthropic", anthropic), ("gemini", gemini)):
        definitions = cut(directory)
        for addition in additions[name]:
            add(definitions, addition)
        document = {"$schema": "https://json-schema.org/draft/2020-12/schema",
                    "$defs": {key: closed(value, False) for key, value in sorted(reachable(definitions).items())}}
        for key in DOCUMENTS & document["$defs"].keys():
            document["$defs"][key]["unevaluatedProperties"] = False
        (TARGET / f"{name}.json").write_text(json.dumps(document, indent=1) + "\n")


DOCUMENTS = {"Request", "Answer", "Event", "Error", "EmbeddingsRequest", "EmbeddingsAnswer"}


def openai(directory):
    source = json.loads((directory / "openai-openapi.json").read_text())["components"]["schemas"]
    definitions = {name: plain(schema) for name, schema in source.items()}
    return renamed(definitions, {
        "CreateChatCompletionRequest": "Request",
        "CreateChatCompletionResponse": "Answer",
        "CreateChatCompletionStreamResponse": "Event",
        "Error": "ErrorObject",
        "ErrorResponse": "Error",
        "CreateEmbeddingRequest": "EmbeddingsRequest",
        "CreateEmbeddingResponse": "EmbeddingsAnswer",
    })


def anthropic(directory):
    source = json.loads((directory / "anthropic-sdk-schemas.json").read_text())
    definitions = united({"Request": source["MessageCreateParams"], "Answer": source["Message"],
                          "Event": source["RawMessageStreamEvent"], "Error": source["ErrorResponse"]})
    definitions["Event"]["anyOf"] += [{"$ref": "#/$defs/Ping"}, {"$ref": "#/$defs/Error"}]
    return definitions


def gemini(directory):
    source = json.loads((directory / "gemini-sdk-schemas.json").read_text())
    definitions = united({name: source[name] for name in
                          ("GenerateContentConfig", "GenerateContentResponse", "Content", "Tool", "ToolConfig")})
    answer = definitions.pop("GenerateContentResponse")
    config = definitions.pop("GenerateContentConfig")
    for part in (answer, config):
        for name in GEMINI_SDK_ONLY & part["properties"].keys():
            del part["properties"][name]
    outside = {name: config["properties"].pop(name) for name in GEMINI_OUTSIDE}
    outside["systemInstruction"] = {"$ref": "#/$defs/Content"}
    outside["tools"] = {"type": "array", "items": {"$ref": "#/$defs/Tool"}}
    contents = {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/Content"}}
    definitions["Request"] = {
        "type": "object", "required": ["contents"],
        "properties": {"contents": contents, "generationConfig": {"$ref": "#/$defs/GenerationConfig"}, **outside}}
    definitions["GenerationConfig"] = config
    # Each event of a stream has the form of a whole answer.
    definitions["Answer"] = definitions["Event"] = answer
    return definitions


def plain(schema):
    """Structure only, in the words of JSON Schema 2020-12."""
    if isinstance(schema, bool):
        return schema
    result = {key: schema[key] for key in KEPT if key in schema}
    if "$ref" in result:
        result["$ref"] = "#/$defs/" + result["$ref"].split("/")[-1]
    if "properties" in schema:
        result["properties"] = {name: plain(value) for name, value in schema["properties"].items()}
    for key in ("items", "additionalProperties"):
        if key in schema:
            result[key] = plain(schema[key])
    for key in ("anyOf", "oneOf", "allOf"):
        if key in schema:
            result[key] = [plain(value) for value in schema[key]]
    return {"anyOf": [result, {"type": "null"}]} if schema.get("nullable") else result


def united(documents):
    """One set of definitions out of documents that each bring their own; those that differ are told apart."""
    definitions = {}
    for title, document in documents.items():
        own = {name: plain(schema) for name, schema in document.get("$defs", {}).items()}
        own[title] = plain(document)
        names = {name: f"{title}.{name}" for name, schema in own.items() if definitions.get(name, schema) != schema}
        definitions.update(renamed(own, names))
    return definitions


def renamed(definitions, names):
    def walk(value):
        if isinstance(value, dict):
            return {key: reference(item) if key == "$ref" else walk(item) for key, item in value.items()}
        return [walk(item) for item in value] if isinstance(value, list) else value

    def reference(text):
        name = text.removeprefix("#/$defs/")
        return "#/$defs/" + names.get(name, name)

    return {names.get(name, name): walk(schema) for name, schema in definitions.items()}


def add(definitions, addition):
    """A whole definition, or members of one that is there."""
    for name in addition["to"]:
        if "definition" in addition:
            definitions[name] = addition["definition"]
        else:
            part(definitions, name)["properties"].update(addition["properties"])


def part(definitions, path):
    """Of a definition: Answer/choices/items."""
    name, *steps = path.split("/")
    schema = definitions[name]
    for step in steps:
        schema = schema["items"] if step == "items" else schema["properties"][step]
    return schema


def reachable(definitions):
    found, ahead = {}, [name for name in DOCUMENTS if name in definitions]
    while ahead:
        name = ahead.pop()
        if name not in found:
            found[name] = definitions[name]
            ahead.extend(references(definitions[name]))
    return found


def references(value):
    if isinstance(value, dict):
        for key, item in value.items():
            if key == "$ref":
                yield item.removeprefix("#/$defs/")
            else:
                yield from references(item)
    elif isinstance(value, list):
        for item in value:
            yield from references(item)


def closed(schema, whole=True):
    """With no room for names that nothing in it knows. A part of an alternative is not whole: it closes with the others."""
    if isinstance(schema, bool):
        return schema
    result = dict(schema)
    free = "properties" not in schema and schema.get("type", "object") == "object" and not any(
        key in schema for key in ("$ref", "anyOf", "oneOf", "allOf", "enum", "const", "additionalProperties", "items"))
    if free:
        return {**result, "additionalProperties": True}
    if "properties" in schema:
        result["properties"] = {name: closed(value) for name, value in schema["properties"].items()}
        # The SDKs say true of what they read and false of what they write, without meaning it.
        if isinstance(schema.get("additionalProperties"), bool):
            del result["additionalProperties"]
    for key in ("items", "additionalProperties"):
        if key in result:
            result[key] = closed(result[key])
    for key in ("anyOf", "oneOf", "allOf"):
        if key in schema:
            result[key] = [closed(value, False) for value in schema[key]]
    if whole and names_members(schema):
        result["unevaluatedProperties"] = False
    return result


def names_members(schema):
    alternatives = [value for key in ("anyOf", "oneOf", "allOf") for value in schema.get(key, [])]
    return "properties" in schema or "$ref" in schema or any(map(names_members, alternatives))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
