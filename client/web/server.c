/* SPDX-License-Identifier: EUPL-1.2 */
#include "client/web/server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/language/language.h"
#include "client/web/answer.h"
#include "client/web/asset.h"
#include "client/web/route.h"
#include "client/web/visit.h"
#include "proto/identity.h"
#include "proto/memory.h"
#include "proto/sink.h"
#include "proto/text.h"

#define BODY_BYTES_MAX ((size_t)64 << 20)
#define CONNECTIONS_MAX 32u
#define SILENCE_S 30u
#define LOOK_MS 500
#define JSON_TYPE "application/json"
#define TEXT_TYPE "text/plain; charset=utf-8"
#define POLICY                                                                                     \
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "              \
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

struct web_server {
    struct MHD_Daemon *daemon;
    kopgroep_session *session; /* borrowed */
    unsigned port;
    char secret[WEB_SECRET_CHARACTERS + 1];
};

/* A request whose body is on its way. */
typedef struct body {
    kg_buffer bytes;
    bool too_long;
} body;

/* ---- replies ---- */

static void add_headers(struct MHD_Response *response, const char *type)
{
    static const char *const headers[][2] = {
        {"Content-Security-Policy", POLICY},
        {"X-Content-Type-Options", "nosniff"},
        {"Referrer-Policy", "no-referrer"},
        {"Cross-Origin-Opener-Policy", "same-origin"},
        {"Cross-Origin-Resource-Policy", "same-origin"},
        {"Cache-Control", "no-store"},
    };
    MHD_add_response_header(response, "Content-Type", type);
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++)
        MHD_add_response_header(response, headers[i][0], headers[i][1]);
}

static enum MHD_Result queue(struct MHD_Connection *connection, unsigned status,
                             struct MHD_Response *response, const char *type)
{
    if (!response)
        return MHD_NO;
    add_headers(response, type);
    enum MHD_Result queued = MHD_queue_response(connection, status, response);
    MHD_destroy_response(response);
    return queued;
}

static enum MHD_Result send_text(struct MHD_Connection *connection, unsigned status,
                                 const char *english)
{
    const char *text = kg_said(english);
    return queue(connection, status,
                 MHD_create_response_from_buffer(strlen(text), (void *)text, MHD_RESPMEM_MUST_COPY),
                 TEXT_TYPE);
}

static enum MHD_Result send_asset(struct MHD_Connection *connection, const web_asset *asset)
{
    return queue(connection, MHD_HTTP_OK,
                 MHD_create_response_from_buffer((size_t)(asset->end - asset->bytes),
                                                 (void *)asset->bytes, MHD_RESPMEM_PERSISTENT),
                 asset->type);
}

static enum MHD_Result send_answer(struct MHD_Connection *connection, const kopgroep_answer *answer)
{
    char *text = web_answer_text(answer);
    return queue(connection, web_answer_status(answer),
                 MHD_create_response_from_buffer(strlen(text), text, MHD_RESPMEM_MUST_FREE),
                 JSON_TYPE);
}

/* ---- requests ---- */

static const char *header(struct MHD_Connection *connection, const char *name)
{
    return MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
}

static const char *parameter(const void *context, const char *name)
{
    return MHD_lookup_connection_value((struct MHD_Connection *)(uintptr_t)context,
                                       MHD_GET_ARGUMENT_KIND, name);
}

/* What is said before a body is taken; MHD_HTTP_OK: nothing. */
static unsigned refusal(const web_server *server, struct MHD_Connection *connection,
                        const char *path, const char *method, const char **why)
{
    const web_route *route = web_route_find(path);
    const bool changes = strcmp(method, "GET") != 0;
    const web_visit visit = {.host = header(connection, "Host"),
                             .origin = header(connection, "Origin"),
                             .authorization = header(connection, "Authorization"),
                             .asks = route != NULL,
                             .changes = changes};
    *why = web_visit_refused(&visit, server->port, server->secret);
    if (*why)
        return MHD_HTTP_FORBIDDEN;
    *why = N_("There is nothing here.");
    if (!route && !web_asset_find(strcmp(path, "/") == 0 ? "/page/index.html" : path))
        return MHD_HTTP_NOT_FOUND;
    *why = route && web_route_changes(route) ? N_("By POST only.") : N_("By GET only.");
    bool right = changes ? route && web_route_changes(route) && strcmp(method, "POST") == 0
                         : !route || !web_route_changes(route);
    return right ? MHD_HTTP_OK : MHD_HTTP_METHOD_NOT_ALLOWED;
}

static void take_body(body *into, const char *bytes, size_t count)
{
    if (count > BODY_BYTES_MAX - into->bytes.count)
        into->too_long = true;
    else
        kg_buffer_add(&into->bytes, bytes, count);
}

static enum MHD_Result reply(web_server *server, struct MHD_Connection *connection,
                             const char *path, const body *from)
{
    const web_route *route = web_route_find(path);
    if (from->too_long)
        return send_text(connection, MHD_HTTP_CONTENT_TOO_LARGE, N_("The file is too large."));
    if (!route)
        return send_asset(connection,
                          web_asset_find(strcmp(path, "/") == 0 ? "/page/index.html" : path));
    const web_request request = {.parameter = parameter,
                                 .context = connection,
                                 .body = from->bytes.bytes,
                                 .body_bytes = from->bytes.count};
    kopgroep_answer answer = {0};
    web_route_take(route, server->session, &request, &answer);
    enum MHD_Result sent = send_answer(connection, &answer);
    kopgroep_answer_fini(&answer);
    return sent;
}

/* Called when the headers are there, for each piece of the body, and at its end. */
static enum MHD_Result on_request(void *context, struct MHD_Connection *connection,
                                  const char *path, const char *method, const char *version,
                                  const char *upload, size_t *upload_bytes, void **kept)
{
    web_server *server = context;
    body *from = *kept;
    (void)version;
    if (!from) {
        const char *why;
        const unsigned refused = refusal(server, connection, path, method, &why);
        if (refused != MHD_HTTP_OK)
            return send_text(connection, refused, why);
        *kept = from = kg_alloc(1, sizeof *from);
        kg_buffer_init(&from->bytes);
        return MHD_YES;
    }
    if (*upload_bytes > 0) {
        take_body(from, upload, *upload_bytes);
        *upload_bytes = 0;
        return MHD_YES;
    }
    return reply(server, connection, path, from);
}

static void on_completed(void *context, struct MHD_Connection *connection, void **kept,
                         enum MHD_RequestTerminationCode how)
{
    body *from = *kept;
    (void)context, (void)connection, (void)how;
    if (from)
        kg_buffer_fini(&from->bytes);
    free(from);
    *kept = NULL;
}

/* ---- life ---- */

static void make_secret(char out[WEB_SECRET_CHARACTERS + 1])
{
    uint8_t bytes[WEB_SECRET_CHARACTERS / 2];
    kg_random(bytes, sizeof bytes);
    kg_hex_write(bytes, sizeof bytes, out);
}

static bool find_port(web_server *server)
{
    const union MHD_DaemonInfo *info =
        MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_BIND_PORT);
    server->port = info ? info->port : 0;
    return server->port != 0;
}

web_server *web_server_new(kopgroep_session *session, unsigned port)
{
    web_server *server = kg_alloc(1, sizeof *server);
    const struct sockaddr_in address = {.sin_family = AF_INET,
                                        .sin_port = htons((uint16_t)port),
                                        .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    server->session = session;
    make_secret(server->secret);
    errno = 0;
    server->daemon = MHD_start_daemon(
        MHD_NO_FLAG, (uint16_t)port, NULL, NULL, on_request, server, MHD_OPTION_SOCK_ADDR,
        (const struct sockaddr *)&address, MHD_OPTION_NOTIFY_COMPLETED, on_completed, NULL,
        MHD_OPTION_CONNECTION_LIMIT, CONNECTIONS_MAX, MHD_OPTION_CONNECTION_TIMEOUT, SILENCE_S,
        MHD_OPTION_END);
    if (!server->daemon || !find_port(server))
        web_server_destroy(&server);
    return server;
}

void web_server_address(const web_server *server, char out[static WEB_ADDRESS_BYTES])
{
    snprintf(out, WEB_ADDRESS_BYTES, "http://127.0.0.1:%u/#secret=%s", server->port,
             server->secret);
}

bool web_server_run(web_server *server, const volatile sig_atomic_t *stop)
{
    enum MHD_Result going = MHD_YES;
    while (!*stop && going == MHD_YES)
        going = MHD_run_wait(server->daemon, LOOK_MS);
    return going == MHD_YES || *stop;
}

void web_server_destroy(web_server **server)
{
    web_server *self = *server;
    if (!self)
        return;
    if (self->daemon)
        MHD_stop_daemon(self->daemon);
    explicit_bzero(self->secret, sizeof self->secret);
    free(self);
    *server = NULL;
}
