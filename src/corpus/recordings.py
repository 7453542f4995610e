"""Recordings of provider traffic, in the form in which the tests read them: src/test/resources/corpus/README.md."""

import json
import lzma
import re
from urllib.parse import urlsplit

FILES = ("dev.jsonl", "dev_more.jsonl.xz")
MIT = {"pydantic/pydantic-ai", "crmne/ruby_llm", "alexrudall/ruby-openai"}
APACHE = {
    "traceloop/openllmetry",
    "braintrustdata/braintrust-sdk-python",
    "open-telemetry/opentelemetry-python-contrib",
    "elastic/elastic-otel-python-instrumentations",
}


def read(directory):
    """Every exchange of a directory's files."""
    for name in FILES:
        path = directory / name
        opened = lzma.open(path, "rt", encoding="utf-8") if name.endswith(".xz") else path.open(encoding="utf-8")
        with opened as lines:
            yield from map(exchange, map(json.loads, lines))


def exchange(recorded):
    """One object: whose it is, what was asked, what was answered."""
    request, response = recorded["request"], recorded["response"]
    url = urlsplit(re.sub("^<[^>]*>", "", request["url"]))  # some name their own machine
    return {
        "id": recorded["id"],
        "source_repo": recorded["source_repo"],
        "source_path": recorded["source_path"],
        "licence": licence(recorded["source_repo"]),
        "provider": recorded["provider"],
        "api": recorded["api"],
        "stream": recorded["stream"],
        "method": request["method"],
        "path": url.path + ("?" + url.query if url.query else ""),
        "request": text(request["body"]),
        "status": response["status"],
        "contentType": response["headers"].get("content-type", ""),
        "response": text(response["body"]),
    }


def licence(repository):
    if repository in MIT:
        return "MIT"
    if repository in APACHE:
        return "Apache-2.0"
    raise ValueError(f"{repository}: its licence is not known here")


def text(body):
    if body is None:
        return ""
    return body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)
