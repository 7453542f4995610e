// The client of a measurement: one thread, epoll, loopback only, ends by itself.
//
//   load rate PORT PATH CONNECTIONS WARM SECONDS RATE             open loop: so many requests a second, come what may
//   load full PORT PATH CONNECTIONS WARM SECONDS                  closed loop: each connection asks again at once
//   load streams PORT PATH CONNECTIONS WARM SECONDS MICROS EVENTS event streams of this pace and length, again and again
//
// BENCH_MODEL is put before the model's name ("openai/"), BENCH_HEADERS holds more header lines, each ended by CR LF.
// The window is the SECONDS behind WARM; only what ends within it counts. Two lines are printed: "begin" when the window
// opens, a JSON object when it has closed. A request's latency counts from the moment at which it was due, an event's
// from the stamp that the upstream put into it, a stream's first event from the sending of its request.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
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

enum { ANSWER_BYTES_MAX = 16 << 10, CONNECTIONS_MAX = 10000, SAMPLES_MAX = 4 << 20, READY_MAX = 256, STAMP_DIGITS = 19 };
enum { CONNECT_SECONDS_MAX = 5, SECONDS_MAX = 900 };

typedef enum { RATE, FULL, STREAMS } Mode;

typedef struct Connection {
    int fd; // -1: not open
    bool busy;
    uint64_t asked_at;
    int filled;       // bytes of the answer so far
    char *in;         // a whole answer; streams are not kept
    uint64_t tail;    // the last eight bytes of a stream
    bool last_seen;   // [DONE] has come
    bool first_seen;
    int digits;       // of a stamp, -1 outside of one
    uint64_t stamp;
    struct Connection *next_idle;
} Connection;

typedef struct {
    uint64_t *nanos;
    long count;
} Samples;

static Mode mode;
static int port, poller;
static char request[8192];
static int request_bytes;
static Connection connections[CONNECTIONS_MAX], *first_idle, *last_idle;
static int connection_count;
static Samples latencies, firsts;
static long requests, events, errors, opened;
static uint64_t begin, end; // of the window

static uint64_t now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static bool measured(uint64_t t) { return t >= begin && t < end; }

static void sample(Samples *samples, uint64_t nanos) {
    if (samples->count < SAMPLES_MAX) samples->nanos[samples->count++] = nanos;
}

static void rest(Connection *c) {
    c->busy = false;
    c->next_idle = NULL;
    if (first_idle) last_idle->next_idle = c;
    else first_idle = c;
    last_idle = c;
}

static bool connected(Connection *c) {
    if (c->fd >= 0) return true;
    int on = 1;
    struct timeval limit = {.tv_sec = CONNECT_SECONDS_MAX};
    struct sockaddr_in there = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    there.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    c->fd = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    setsockopt(c->fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    if (connect(c->fd, (struct sockaddr *)&there, sizeof there)) {
        close(c->fd);
        c->fd = -1;
        return false;
    }
    opened++;
    epoll_ctl(poller, EPOLL_CTL_ADD, c->fd, &(struct epoll_event){.events = EPOLLIN, .data.ptr = c});
    return true;
}

static void ask(Connection *c, uint64_t due) {
    c->busy = true;
    c->asked_at = due;
    c->filled = 0;
    c->tail = 0;
    c->digits = -1;
    c->first_seen = c->last_seen = false;
    if (connected(c) && send(c->fd, request, (size_t)request_bytes, MSG_NOSIGNAL) == request_bytes) return;
    errors++;
    rest(c);
}

static void hang_up(Connection *c) {
    close(c->fd);
    c->fd = -1;
}

static void answered(Connection *c, uint64_t t) {
    if (measured(t)) {
        requests++;
        if (mode != STREAMS) sample(&latencies, t - c->asked_at);
    }
    rest(c);
    if (strcasestr(c->in, "\r\nConnection: close")) hang_up(c);
}

static void failed(Connection *c) {
    hang_up(c);
    if (!c->busy) return; // the peer closed a connection at rest
    errors++;
    rest(c);
}

// Whether a whole answer is in the buffer: by its Content-Length, or by its last chunk.
static bool whole(Connection *c) {
    c->in[c->filled] = 0;
    char *body = strstr(c->in, "\r\n\r\n");
    if (!body) return false;
    body += 4;
    char *length = strcasestr(c->in, "\r\nContent-Length:");
    if (length && length < body) return c->in + c->filled - body >= atol(length + 17);
    return c->filled >= 5 && !memcmp(c->in + c->filled - 5, "0\r\n\r\n", 5);
}

static bool ok(const char *head, long length) { return length >= 12 && !memcmp(head, "HTTP/1.1 200", 12); }

static void hear_answer(Connection *c) {
    ssize_t count = recv(c->fd, c->in + c->filled, (size_t)(ANSWER_BYTES_MAX - c->filled), 0);
    if (count <= 0) {
        failed(c);
        return;
    }
    c->filled += (int)count;
    if (!whole(c)) return;
    if (ok(c->in, c->filled)) answered(c, now());
    else failed(c);
}

static void event_arrived(Connection *c, uint64_t t) {
    if (measured(t)) {
        events++;
        sample(&latencies, t - c->stamp);
        if (!c->first_seen) sample(&firsts, t - c->asked_at);
    }
    c->first_seen = true;
}

// Looks for stamps and for the end, byte by byte, so that it does not matter where a read cuts the stream.
static void scan(Connection *c, char byte, uint64_t t) {
    c->tail = c->tail << 8 | (unsigned char)byte;
    if ((c->tail & 0xFFFFFFFFFFFF) == 0x5B444F4E455D) c->last_seen = true; // [DONE]
    if (byte == '@') {
        c->digits = 0;
        c->stamp = 0;
    } else if (c->digits >= 0 && byte >= '0' && byte <= '9') {
        c->stamp = c->stamp * 10 + (uint64_t)(byte - '0');
        if (++c->digits == STAMP_DIGITS) {
            event_arrived(c, t);
            c->digits = -1;
        }
    } else {
        c->digits = -1;
    }
}

static void hear_stream(Connection *c) {
    static char piece[64 << 10];
    ssize_t count = recv(c->fd, piece, sizeof piece, 0);
    uint64_t t = now();
    if (count <= 0) {
        if (c->busy && c->last_seen) answered(c, t);
        if (c->fd >= 0) failed(c);
        return;
    }
    if (c->filled == 0) {
        int kept = count < ANSWER_BYTES_MAX ? (int)count : ANSWER_BYTES_MAX; // the head, for its status and Connection
        memcpy(c->in, piece, (size_t)kept);
        c->in[kept] = 0;
        if (!ok(piece, count)) {
            failed(c);
            return;
        }
    }
    c->filled = 1;
    for (ssize_t i = 0; i < count; i++) scan(c, piece[i], t);
    bool ended = c->last_seen && (c->tail & 0xFFFFFFFFFF) == 0x300D0A0D0A; // the last chunk
    if (ended) answered(c, t);
}

static int ascending(const void *a, const void *b) {
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

static void print_quantiles(const char *name, Samples *samples) {
    long n = samples->count;
    if (n == 0) return;
    qsort(samples->nanos, (size_t)n, sizeof *samples->nanos, ascending);
    printf(", \"%s\": {\"p50\": %.1f, \"p90\": %.1f, \"p99\": %.1f, \"max\": %.1f}", name,
           samples->nanos[n / 2] / 1e3, samples->nanos[n * 9 / 10] / 1e3, samples->nanos[n * 99 / 100] / 1e3,
           samples->nanos[n - 1] / 1e3);
}

static void report(double seconds) {
    printf("{\"requests\": %ld, \"events\": %ld, \"errors\": %ld, \"opened\": %ld, \"seconds\": %.3f", requests, events,
           errors, opened, seconds);
    print_quantiles("latency", &latencies);
    print_quantiles("first", &firsts);
    printf("}\n");
}

static void hear_until(uint64_t wake) {
    struct epoll_event ready[READY_MAX];
    uint64_t t = now();
    uint64_t nanos = wake > t ? wake - t : 0;
    struct timespec limit = {.tv_sec = (time_t)(nanos / 1000000000), .tv_nsec = (long)(nanos % 1000000000)};
    int count = epoll_pwait2(poller, ready, READY_MAX, &limit, NULL);
    for (int i = 0; i < count; i++) {
        if (mode == STREAMS) hear_stream(ready[i].data.ptr);
        else hear_answer(ready[i].data.ptr);
    }
}

static Connection *take_idle(void) {
    Connection *c = first_idle;
    if (c) first_idle = c->next_idle;
    return c;
}

// Sends what is due and may be sent; returns when the next request is due.
static uint64_t drive(uint64_t started, double rate, uint64_t ramp) {
    static long sent;
    if (mode == RATE) {
        uint64_t due;
        while ((due = started + (uint64_t)(sent * (1e9 / rate))) <= now() && first_idle) {
            ask(take_idle(), due);
            sent++;
        }
        return first_idle ? due : end;
    }
    // Connections begin one after the other, so that streams do not all have their events at the same moment.
    uint64_t step = ramp / (uint64_t)connection_count, t = now();
    while (first_idle && (sent >= connection_count || started + (uint64_t)sent * step <= t)) {
        ask(take_idle(), now());
        sent++;
        if (errors > 10L * connection_count) return end;
    }
    return sent >= connection_count ? end : started + (uint64_t)sent * step;
}

static void write_request(const char *path, const char *micros, const char *count) {
    const char *prefix = getenv("BENCH_MODEL"), *headers = getenv("BENCH_HEADERS");
    char body[2048];
    int n = sprintf(body,
                    "{\"model\":\"%.64sbench-%.12s-%.12s\",\"stream\":%s,\"messages\":[{\"role\":\"system\",\"content\":"
                    "\"You answer briefly and precisely, and you say where an answer comes from.\"},"
                    "{\"role\":\"user\",\"content\":\"",
                    prefix ? prefix : "", micros, count, mode == STREAMS ? "true" : "false");
    while (n < 900) n += sprintf(body + n, "Some words of a question. ");
    n += sprintf(body + n, "\"}],\"temperature\":0.7,\"max_tokens\":256}");
    request_bytes = snprintf(request, sizeof request,
                             "POST %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nAuthorization: Bearer sk-fake-0123456789\r\n"
                             "Content-Type: application/json\r\nAccept: application/json\r\nUser-Agent: bench/1\r\n"
                             "%sContent-Length: %d\r\n\r\n%s",
                             path, port, headers ? headers : "", n, body);
    if (request_bytes >= (int)sizeof request) exit(64);
}

static int usage(void) {
    fprintf(stderr, "usage: load rate|full|streams PORT PATH CONNECTIONS WARM SECONDS [RATE | MICROS EVENTS]\n");
    return 64;
}

int main(int argc, char **argv) {
    if (argc < 7) return usage();
    mode = !strcmp(argv[1], "rate") ? RATE : !strcmp(argv[1], "full") ? FULL : STREAMS;
    if (argc != (mode == RATE ? 8 : mode == FULL ? 7 : 9)) return usage();
    port = atoi(argv[2]);
    connection_count = atoi(argv[4]);
    double warm = atof(argv[5]), seconds = atof(argv[6]), rate = mode == RATE ? atof(argv[7]) : 0;
    if (connection_count < 1 || connection_count > CONNECTIONS_MAX || warm + seconds > SECONDS_MAX) return usage();
    write_request(argv[3], mode == STREAMS ? argv[7] : "0", mode == STREAMS ? argv[8] : "1");

    signal(SIGPIPE, SIG_IGN);
    prctl(PR_SET_TIMERSLACK, 1);
    poller = epoll_create1(0);
    latencies.nanos = malloc(SAMPLES_MAX * sizeof(uint64_t));
    firsts.nanos = malloc(SAMPLES_MAX * sizeof(uint64_t));
    for (int i = 0; i < connection_count; i++) {
        connections[i].fd = -1;
        connections[i].in = malloc(ANSWER_BYTES_MAX + 1);
        rest(&connections[i]);
    }

    uint64_t started = now(), ramp = (uint64_t)(warm * 0.6e9);
    begin = started + (uint64_t)(warm * 1e9);
    end = begin + (uint64_t)(seconds * 1e9);
    bool announced = false;
    for (uint64_t t = started; t < end; t = now()) {
        if (!announced && t >= begin) {
            announced = true;
            puts("begin");
            fflush(stdout);
        }
        uint64_t next = drive(started, rate, ramp), stop = announced ? end : begin;
        hear_until(next < stop ? next : stop);
    }
    if (!announced) puts("begin"); // connecting took longer than all the time there was
    report((now() - begin) / 1e9);
    return 0;
}
