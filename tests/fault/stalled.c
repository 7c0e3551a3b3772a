/* SPDX-License-Identifier: EUPL-1.2 */
#include "tests/fault/stalled.h"

#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zmq.h>

#include "tests/scenario/raw.h"

enum { QUESTIONS = 2000, SMALL_BYTES = 4096, FOLDER_BYTES = 4096 };

#define MONITOR "inproc://stalled"

static _Noreturn void fail(const char *what)
{
    fprintf(stderr, "stalled: %s\n", what);
    _exit(4);
}

struct self {
    kg_broker_access access;
    kg_identity *administrator;
    void *context, *requests, *feeds, *monitor;
};

static void read_folder(struct self *self, const char *folder)
{
    char path[FOLDER_BYTES + 100];
    kg_problems problems;
    bool needs_passphrase;

    snprintf(path, sizeof(path), "%s/broker.access", folder);
    kg_problems_init(&problems, path);
    if (!kg_broker_access_read(path, &self->access, &problems))
        fail(path);
    kg_problems_fini(&problems);
    snprintf(path, sizeof(path), "%s/administrator.key", folder);
    self->administrator = kg_identity_read(path, NULL, &needs_passphrase);
    if (!self->administrator)
        fail(path);
}

static void *open_socket(const struct self *self, int type)
{
    const int one = 1, none = 0, small = SMALL_BYTES;
    kg_public_key key;
    void *socket = zmq_socket(self->context, type);

    kg_identity_public(self->administrator, &key);
    if (!socket || zmq_setsockopt(socket, ZMQ_LINGER, &none, sizeof(none)) != 0 ||
        zmq_setsockopt(socket, ZMQ_RCVHWM, &one, sizeof(one)) != 0 ||
        zmq_setsockopt(socket, ZMQ_RCVBUF, &small, sizeof(small)) != 0 ||
        zmq_setsockopt(socket, ZMQ_SNDHWM, &none, sizeof(none)) != 0 ||
        zmq_setsockopt(socket, ZMQ_CURVE_SERVERKEY, self->access.key, 32) != 0 ||
        zmq_setsockopt(socket, ZMQ_CURVE_PUBLICKEY, key.transport, 32) != 0 ||
        zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY,
                       kg_identity_transport_secret(self->administrator), 32) != 0)
        fail(zmq_strerror(zmq_errno()));
    return socket;
}

static void connect_both(struct self *self)
{
    self->context = zmq_ctx_new();
    self->requests = open_socket(self, ZMQ_DEALER);
    self->feeds = open_socket(self, ZMQ_SUB);
    self->monitor = zmq_socket(self->context, ZMQ_PAIR);
    if (zmq_setsockopt(self->feeds, ZMQ_SUBSCRIBE, "", 0) != 0 ||
        zmq_socket_monitor(self->feeds, MONITOR, ZMQ_EVENT_HANDSHAKE_SUCCEEDED) != 0 ||
        zmq_connect(self->monitor, MONITOR) != 0 ||
        zmq_connect(self->feeds, self->access.feeds) != 0 ||
        zmq_connect(self->requests, self->access.requests) != 0)
        fail(zmq_strerror(zmq_errno()));
}

static bool is_let_in(const struct self *self)
{
    zmq_pollitem_t item = {self->monitor, 0, ZMQ_POLLIN, 0};

    return zmq_poll(&item, 1, RAW_ANSWER_MS) > 0;
}

/* Each answer is a page of the catalogue. */
static void ask_for_much(const struct self *self)
{
    kg_query query;
    kg_buffer body, message;

    kg_buffer_init(&body);
    kg_query_init(&query, KG_VIEW_CATALOGUE);
    kg_codec_query_encode(&query, &body);
    for (int i = 0; i < QUESTIONS; i++) {
        kg_envelope envelope =
            raw_envelope(&self->access, self->administrator, KG_KIND_QUERY, &body);

        kg_buffer_init(&message);
        kg_envelope_seal(&envelope, self->administrator, &message);
        if (zmq_send(self->requests, message.bytes, message.count, 0) < 0)
            fail(zmq_strerror(zmq_errno()));
        kg_buffer_fini(&message);
    }
    kg_query_fini(&query);
    kg_buffer_fini(&body);
}

static _Noreturn void live(int in, int out)
{
    const uint8_t about_to_stop = 1;
    char folder[FOLDER_BYTES];
    struct self self = {0};

    /* In a group of its own, as one that has a stopped process ends when its leader does. */
    setsid();
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (read(in, folder, sizeof(folder)) != sizeof(folder))
        _exit(4);
    read_folder(&self, folder);
    connect_both(&self);
    if (!is_let_in(&self))
        fail("not let in");
    ask_for_much(&self);
    if (write(out, &about_to_stop, 1) != 1)
        _exit(4);
    raise(SIGSTOP);
    _exit(0);
}

struct stalled stalled_make(void)
{
    int in[2], out[2];
    pid_t child;

    if (pipe2(in, O_CLOEXEC) != 0 || pipe2(out, O_CLOEXEC) != 0 || (child = fork()) < 0) {
        perror("stalled");
        exit(4);
    }
    if (child == 0) {
        close(in[1]);
        close(out[0]);
        live(in[0], out[1]);
    }
    close(in[0]);
    close(out[1]);
    return (struct stalled){child, in[1], out[0]};
}

void stalled_stop(const struct stalled *stalled, const char *folder)
{
    char path[FOLDER_BYTES] = "";
    uint8_t said;
    int status;

    snprintf(path, sizeof(path), "%s", folder);
    if (write(stalled->in, path, sizeof(path)) != sizeof(path) ||
        read(stalled->out, &said, 1) != 1) {
        fprintf(stderr, "stalled: it ended before its time\n");
        exit(4);
    }
    waitpid(stalled->child, &status, WUNTRACED);
}

void stalled_end(struct stalled *stalled)
{
    kill(stalled->child, SIGKILL);
    waitpid(stalled->child, NULL, 0);
    close(stalled->in);
    close(stalled->out);
}
