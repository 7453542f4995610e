// The provider behind every gateway in a measurement: one thread, epoll, as little work as possible.
//
//   upstream PORT
//
// A POST gets an answer of 1,000 bytes, or an event stream when its body has "stream":true: a chat completion of OpenAI's,
// a message of Anthropic's at /messages, content of Gemini's at :generateContent and :streamGenerateContent. The model
// name sets the stream's pace: "bench-<microseconds>-<events>". Each event carries the time at which it was sent, as "@"
// and nineteen digits of CLOCK_MONOTONIC nanoseconds inside the content, where a gateway that translates keeps it too.
// Without a pace, "bench-0-…", an OpenAI stream says at once, in twenty events, what the whole answer says.
// A GET gets an empty list of models. A peer that does not read is cut off: nothing here waits.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { PIECES = 20, BODY_BYTES = 1000, REQUEST_BYTES_MAX = 32 << 10, PACES_MAX = 8, READY_MAX = 256 };

typedef enum { OPENAI, ANTHROPIC, GEMINI, DIALECTS } Dialect;

typedef struct Connection Connection;
struct Connection {
    int fd;
    bool dead; // closed, but perhaps still named by events of this round
    int filled;
    char in[REQUEST_BYTES_MAX + 1];
    struct Pace *pace; // set while a stream runs
    uint64_t due;
    long events_left;
    Dialect dialect;
    Connection *before, *behind; // neighbours in the queue of its pace
    Connection *next_dead;
};

// Streams of one pace are due in the order in which they were served last: a queue is all the timer there is.
typedef struct Pace {
    uint64_t nanos;
    Connection *first, *last;
} Pace;

static int poller;
static Pace paces[PACES_MAX];
static int pace_count;
static Connection *graveyard;
static char answers[DIALECTS][2048], models[256], pieces[PIECES * 512];
static int answer_bytes[DIALECTS], models_bytes, pieces_bytes;

static uint64_t now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void enqueue(Connection *c) {
    Pace *pace = c->pace;
    c->behind = NULL;
    c->before = pace->last;
    if (pace->last) pace->last->behind = c;
    else pace->first = c;
    pace->last = c;
}

static void dequeue(Connection *c) {
    Pace *pace = c->pace;
    if (c->before) c->before->behind = c->behind;
    else pace->first = c->behind;
    if (c->behind) c->behind->before = c->before;
    else pace->last = c->before;
}

static void drop(Connection *c) {
    if (c->dead) return;
    if (c->pace) dequeue(c);
    close(c->fd);
    c->dead = true;
    c->next_dead = graveyard;
    graveyard = c;
}

static void bury(void) {
    while (graveyard) {
        Connection *c = graveyard;
        graveyard = c->next_dead;
        free(c);
    }
}

static bool put(Connection *c, const char *bytes, int length) {
    if (send(c->fd, bytes, (size_t)length, MSG_NOSIGNAL) == length) return true;
    drop(c);
    return false;
}

static int openai_event(char *data, unsigned long long stamp, bool last) {
    return sprintf(data,
                   "data: {\"id\":\"chatcmpl-bench\",\"object\":\"chat.completion.chunk\",\"created\":1700000000,"
                   "\"model\":\"bench\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"@%019llu a few words\"},"
                   "\"finish_reason\":%s}]}\n\n%s",
                   stamp, last ? "\"stop\"" : "null", last ? "data: [DONE]\n\n" : "");
}

static int anthropic_event(char *data, unsigned long long stamp, bool first, bool last) {
    static const char opening[] =
        "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"msg_bench\",\"type\":\"message\","
        "\"role\":\"assistant\",\"model\":\"bench\",\"content\":[],\"stop_reason\":null,\"stop_sequence\":null,"
        "\"usage\":{\"input_tokens\":200,\"output_tokens\":1}}}\n\nevent: content_block_start\ndata: {\"type\":"
        "\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}\n\n";
    static const char closing[] =
        "event: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":0}\n\nevent: message_delta\ndata: "
        "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\",\"stop_sequence\":null},\"usage\":"
        "{\"output_tokens\":200}}\n\nevent: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";
    return sprintf(data,
                   "%sevent: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":"
                   "\"text_delta\",\"text\":\"@%019llu a few words\"}}\n\n%s",
                   first ? opening : "", stamp, last ? closing : "");
}

static int gemini_event(char *data, unsigned long long stamp, bool last) {
    return sprintf(data,
                   "data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"@%019llu a few words\"}],\"role\":\"model\"}%s}],"
                   "\"usageMetadata\":{\"promptTokenCount\":200,\"totalTokenCount\":200},\"modelVersion\":\"bench\"}\r\n\r\n",
                   stamp, last ? ",\"finishReason\":\"STOP\"" : "");
}

static bool put_event(Connection *c, bool first) {
    char data[1536], chunk[1664];
    bool last = --c->events_left == 0;
    unsigned long long stamp = now();
    int n = c->dialect == OPENAI      ? openai_event(data, stamp, last)
            : c->dialect == ANTHROPIC ? anthropic_event(data, stamp, first, last)
                                      : gemini_event(data, stamp, last);
    int m = sprintf(chunk, "%x\r\n%s\r\n%s", n, data, last ? "0\r\n\r\n" : "");
    return put(c, chunk, m);
}

static Pace *pace_of(uint64_t nanos) {
    for (int i = 0; i < pace_count; i++) {
        if (paces[i].nanos == nanos) return &paces[i];
    }
    if (pace_count == PACES_MAX) exit(64); // nobody measures so many at once
    paces[pace_count].nanos = nanos;
    return &paces[pace_count++];
}

static void begin_stream(Connection *c) {
    static const char head[] = "HTTP/1.1 200 OK\r\nDate: Thu, 01 Jan 2026 00:00:00 GMT\r\n"
                               "Content-Type: text/event-stream; charset=utf-8\r\nCache-Control: no-cache\r\n"
                               "Transfer-Encoding: chunked\r\nx-request-id: req_0123456789abcdef\r\n\r\n";
    uint64_t micros = 20000;
    long events = 100;
    const char *model = strstr(c->in, "bench-"); // in the path, or in the body
    if (model) sscanf(model, "bench-%lu-%ld", &micros, &events);
    c->events_left = events < 1 ? 1 : events;
    if (micros == 0 && c->dialect == OPENAI) {
        if (put(c, head, sizeof head - 1)) put(c, pieces, pieces_bytes);
        return;
    }
    if (!put(c, head, sizeof head - 1) || !put_event(c, true) || c->events_left == 0) return;
    c->pace = pace_of(micros * 1000);
    c->due = now() + c->pace->nanos;
    enqueue(c);
}

// Bytes of the request at the front of the buffer, 0 when it is not whole yet; its body begins at *body.
static int whole_request(Connection *c, char **body) {
    c->in[c->filled] = 0;
    char *end = strstr(c->in, "\r\n\r\n");
    if (!end) return 0;
    *body = end + 4;
    *end = 0; // bounds the search to the head
    char *length = strcasestr(c->in, "\r\nContent-Length:");
    bool chunked = strcasestr(c->in, "\r\nTransfer-Encoding:") != NULL;
    *end = '\r';
    int head = (int)(*body - c->in);
    if (chunked) {
        char *last = strstr(*body, "0\r\n\r\n");
        return last ? (int)(last + 5 - c->in) : 0;
    }
    int total = head + (length ? atoi(length + 17) : 0);
    return c->filled >= total ? total : 0;
}

static void serve(Connection *c) {
    char *body;
    int total;
    while (!c->dead && !c->pace && (total = whole_request(c, &body)) > 0) {
        char kept = c->in[total];
        c->in[total] = 0;
        char *line_end = strchr(c->in, '\r');
        *line_end = 0; // bounds the search to the path
        bool streamed = strstr(c->in, ":streamGenerateContent") != NULL;
        c->dialect = strstr(c->in, "enerateContent") ? GEMINI : strstr(c->in, "/messages") ? ANTHROPIC : OPENAI;
        *line_end = '\r';
        bool stream = streamed || strstr(body, "\"stream\":true") || strstr(body, "\"stream\": true");
        if (stream) begin_stream(c);
        else if (c->in[0] == 'G') put(c, models, models_bytes);
        else put(c, answers[c->dialect], answer_bytes[c->dialect]);
        c->in[total] = kept;
        memmove(c->in, c->in + total, (size_t)(c->filled - total));
        c->filled -= total;
    }
}

static void hear(Connection *c) {
    if (c->dead) return;
    ssize_t count = recv(c->fd, c->in + c->filled, (size_t)(REQUEST_BYTES_MAX - c->filled), 0);
    if (count <= 0) {
        drop(c); // also a request that is too large: there is no room to receive into
        return;
    }
    c->filled += (int)count;
    serve(c);
}

static void welcome(int listener) {
    int fd, on = 1;
    while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
        Connection *c = calloc(1, sizeof *c);
        if (!c) exit(1);
        c->fd = fd;
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        epoll_ctl(poller, EPOLL_CTL_ADD, fd, &(struct epoll_event){.events = EPOLLIN, .data.ptr = c});
    }
}

// Sends what is due. Returns nanoseconds until the next event, -1 when no stream runs.
static int64_t tick(void) {
    int64_t wait = -1;
    uint64_t t = now();
    for (int i = 0; i < pace_count; i++) {
        Connection *c;
        while ((c = paces[i].first) && c->due <= t) {
            dequeue(c);
            c->due += c->pace->nanos;
            if (c->events_left > 1) enqueue(c);
            else c->pace = NULL;
            if (put_event(c, false) && !c->pace) serve(c);
        }
        if (c && (wait < 0 || (int64_t)(c->due - t) < wait)) wait = (int64_t)(c->due - t);
    }
    return wait;
}

// All of them say the same.
static void prepare_answers(void) {
    static const char *begins[DIALECTS] = {
        "{\"id\":\"chatcmpl-bench\",\"object\":\"chat.completion\",\"created\":1700000000,"
        "\"model\":\"bench\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"",
        "{\"id\":\"msg_bench\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"bench\",\"content\":[{\"type\":\"text\","
        "\"text\":\"",
        "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\""};
    static const char *ends[DIALECTS] = {
        "\"},\"finish_reason\":\"stop\"}],"
        "\"usage\":{\"prompt_tokens\":200,\"completion_tokens\":200,\"total_tokens\":400}}",
        "\"}],\"stop_reason\":\"end_turn\",\"stop_sequence\":null,\"usage\":{\"input_tokens\":200,\"output_tokens\":200}}",
        "\"}],\"role\":\"model\"},\"finishReason\":\"STOP\"}],\"usageMetadata\":{\"promptTokenCount\":200,"
        "\"candidatesTokenCount\":200,\"totalTokenCount\":400},\"modelVersion\":\"bench\"}"};
    static const char head[] = "HTTP/1.1 200 OK\r\nDate: Thu, 01 Jan 2026 00:00:00 GMT\r\nContent-Type: application/json\r\n"
                               "x-request-id: req_0123456789abcdef\r\nContent-Length: %zu\r\n\r\n%s";
    char text[BODY_BYTES + 1];
    int text_bytes = BODY_BYTES - (int)(strlen(begins[OPENAI]) + strlen(ends[OPENAI]));
    for (int i = 0; i < text_bytes; i++) text[i] = "words "[i % 6];
    text[text_bytes] = 0;
    for (int dialect = 0; dialect < DIALECTS; dialect++) {
        char body[2 * BODY_BYTES];
        sprintf(body, "%s%s%s", begins[dialect], text, ends[dialect]);
        answer_bytes[dialect] = sprintf(answers[dialect], head, strlen(body), body);
    }
    for (int i = 0; i < PIECES; i++) {
        int from = i * text_bytes / PIECES, to = (i + 1) * text_bytes / PIECES;
        bool last = i == PIECES - 1;
        char data[512];
        int n = sprintf(data,
                        "data: {\"id\":\"chatcmpl-bench\",\"object\":\"chat.completion.chunk\",\"created\":1700000000,"
                        "\"model\":\"bench\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"%.*s\"},"
                        "\"finish_reason\":%s}]}\n\n%s",
                        to - from, text + from, last ? "\"stop\"" : "null", last ? "data: [DONE]\n\n" : "");
        pieces_bytes += sprintf(pieces + pieces_bytes, "%x\r\n%s\r\n%s", n, data, last ? "0\r\n\r\n" : "");
    }
    static const char none[] = "{\"object\":\"list\",\"data\":[]}";
    models_bytes = sprintf(models, head, sizeof none - 1, none);
}

int main(int argc, char **argv) {
    if (argc != 2) {
        fprintf(stderr, "usage: upstream PORT\n");
        return 64;
    }
    signal(SIGPIPE, SIG_IGN);
    prctl(PR_SET_TIMERSLACK, 1);
    prepare_answers();
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), on = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(argv[1]))};
    here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bind(listener, (struct sockaddr *)&here, sizeof here) || listen(listener, 4096)) {
        perror("upstream");
        return 1;
    }
    poller = epoll_create1(0);
    epoll_ctl(poller, EPOLL_CTL_ADD, listener, &(struct epoll_event){.events = EPOLLIN, .data.ptr = NULL});
    struct epoll_event ready[READY_MAX];
    for (;;) {
        int64_t wait = tick();
        struct timespec limit = {.tv_sec = wait / 1000000000, .tv_nsec = wait % 1000000000};
        int count = epoll_pwait2(poller, ready, READY_MAX, wait < 0 ? NULL : &limit, NULL);
        for (int i = 0; i < count; i++) {
            if (ready[i].data.ptr) hear(ready[i].data.ptr);
            else welcome(listener);
        }
        bury();
    }
}
