/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/metrics/http.h"

#include <errno.h>
#include <microhttpd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "proto/memory.h"
#include "proto/text.h"

#define CONNECTIONS_MAX 16u
#define CONNECTION_BYTES 8192 /* of what is asked, which needs little */
#define SILENCE_S 5u          /* then a connection is cut */
#define WAITING_MAX 16

struct kg_http {
    int socket; /* owned until the daemon has it */
    kg_address address;
    struct MHD_Daemon *daemon; /* owned */
    kg_http_page page;
    void *context;
};

/* --- one request --- */

static enum MHD_Result answer(struct MHD_Connection *connection, unsigned status, const char *type,
                              kg_buffer *body)
{
    struct MHD_Response *response =
        MHD_create_response_from_buffer(body->count, body->bytes, MHD_RESPMEM_MUST_COPY);
    if (!response)
        return MHD_NO;
    MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, type);
    MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
    MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
    if (status == MHD_HTTP_METHOD_NOT_ALLOWED)
        MHD_add_response_header(response, MHD_HTTP_HEADER_ALLOW, "GET, HEAD");
    enum MHD_Result queued = MHD_queue_response(connection, status, response);
    MHD_destroy_response(response);
    return queued;
}

static bool only_reads(const char *method)
{
    return strcmp(method, MHD_HTTP_METHOD_GET) == 0 || strcmp(method, MHD_HTTP_METHOD_HEAD) == 0;
}

/* The library calls it once the head of a request is there, and again once its body is: that is
 * when it may answer without cutting the connection. */
static enum MHD_Result serve(void *context, struct MHD_Connection *connection, const char *path,
                             const char *method, const char *version, const char *upload,
                             size_t *upload_bytes, void **seen)
{
    static const char again;
    kg_http *http = context;
    const char *type = "text/plain; charset=utf-8";
    kg_buffer body;
    (void)version;
    (void)upload;
    if (only_reads(method) && (!*seen || *upload_bytes > 0)) {
        *upload_bytes = 0;
        *seen = (void *)&again;
        return MHD_YES;
    }
    kg_buffer_init(&body);
    unsigned status = MHD_HTTP_METHOD_NOT_ALLOWED;
    if (only_reads(method))
        status = http->page(http->context, path, &body, &type);
    else
        kg_buffer_format(&body, "only GET and HEAD\n");
    enum MHD_Result queued = answer(connection, status, type, &body);
    kg_buffer_fini(&body);
    return queued;
}

/* --- the server --- */

static int bind_socket(const kg_address *address)
{
    int one = 1,
        bound = socket(address->bytes.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (bound < 0)
        return -1;
    setsockopt(bound, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(bound, (const struct sockaddr *)&address->bytes, address->count) == 0 &&
        listen(bound, WAITING_MAX) == 0)
        return bound;
    int failure = errno;
    close(bound);
    errno = failure;
    return -1;
}

kg_http *kg_http_listen(const kg_address *address, char why[static 200])
{
    char text[64];
    int bound = bind_socket(address);
    if (bound < 0) {
        kg_address_write(address, text);
        kg_text_format(why, 200, "cannot listen on %s: %s", text, strerror(errno));
        return NULL;
    }
    kg_http *http = kg_alloc(1, sizeof *http);
    http->socket = bound;
    http->address = *address;
    getsockname(bound, (struct sockaddr *)&http->address.bytes, &http->address.count);
    return http;
}

void kg_http_address(const kg_http *http, char out[static 64])
{
    kg_address_write(&http->address, out);
}

bool kg_http_start(kg_http *http, kg_http_page page, void *context, char why[static 200])
{
    http->page = page;
    http->context = context;
    http->daemon = MHD_start_daemon(MHD_USE_AUTO_INTERNAL_THREAD, 0, NULL, NULL, serve, http,
                                    MHD_OPTION_LISTEN_SOCKET, (MHD_socket)http->socket,
                                    MHD_OPTION_CONNECTION_LIMIT, CONNECTIONS_MAX,
                                    MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_BYTES,
                                    MHD_OPTION_CONNECTION_TIMEOUT, SILENCE_S, MHD_OPTION_END);
    if (!http->daemon) {
        kg_text_format(why, 200, "the HTTP server does not start: %s", strerror(errno));
        return false;
    }
    http->socket = -1;
    return true;
}

void kg_http_stop(kg_http **http)
{
    kg_http *self = *http;
    if (!self)
        return;
    if (self->daemon)
        MHD_stop_daemon(self->daemon);
    if (self->socket >= 0)
        close(self->socket);
    free(self);
    *http = NULL;
}
