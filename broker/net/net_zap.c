/* SPDX-License-Identifier: EUPL-1.2 */
/* The ZAP handler (ZeroMQ RFC 27): who is let in. */
#include <string.h>
#include <time.h>

#include "broker/net/net_private.h"
#include "broker/net/zap.h"

static bool read_zap(kg_sockets *sockets, kg_zap_request *request)
{
    bool more = true;
    *request = (kg_zap_request){0};
    while (more) {
        char frame[256];
        int got = kg_sockets_read(sockets, KG_SOCKET_ZAP, frame, sizeof frame, &more);
        if (got < 0)
            return false;
        kg_zap_add(request, frame, (size_t)got);
    }
    return true;
}

/* The connection's number, in the form of a ZMTP property. */
static size_t write_metadata(uint64_t number, uint8_t out[static 64])
{
    char text[24];
    size_t name = strlen(KG_CONNECTION_PROPERTY);
    kg_text_format(text, sizeof text, "%llu", (unsigned long long)number);
    out[0] = (uint8_t)name;
    memcpy(out + 1, KG_CONNECTION_PROPERTY, name);
    memset(out + 1 + name, 0, 3);
    out[4 + name] = (uint8_t)strlen(text);
    memcpy(out + 5 + name, text, strlen(text));
    return 5 + name + strlen(text);
}

/* "500" tells a client that its key is known, and to come again later. */
static void answer_zap(kg_sockets *sockets, const kg_zap_request *request, const char *organisation,
                       uint64_t number)
{
    const kg_socket to = KG_SOCKET_ZAP;
    uint8_t metadata[64];
    const char *code = number ? "200" : organisation[0] ? "500" : "400";
    const char *text = number            ? "OK"
                       : organisation[0] ? "This key has too many connections"
                                         : "This key is not registered here";
    kg_sockets_send(sockets, to, "1.0", 3, true);
    kg_sockets_send(sockets, to, request->frames[KG_ZAP_REQUEST_ID],
                    request->sizes[KG_ZAP_REQUEST_ID], true);
    kg_sockets_send(sockets, to, code, 3, true);
    kg_sockets_send(sockets, to, text, strlen(text), true);
    kg_sockets_send(sockets, to, organisation, number ? strlen(organisation) : 0, true);
    kg_sockets_send(sockets, to, metadata, number ? write_metadata(number, metadata) : 0, false);
}

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* The number of a known key's connection; 0 when it has too many, or they come too fast. */
static uint64_t enter(kg_net *net, const kg_zap_request *request)
{
    char address[KG_ADDRESS_BYTES];
    const uint8_t *key = (const uint8_t *)request->frames[KG_ZAP_KEY];
    kg_text_format(address, sizeof address, "%.*s", (int)request->sizes[KG_ZAP_ADDRESS],
                   request->frames[KG_ZAP_ADDRESS]);
    if (!kg_admitted_pace(net->admitted, key, now_ms(), net->handshakes_max))
        return 0;
    return kg_connections_enter(net->connections_of, key, address);
}

void kg_net_serve_zap(kg_net *net)
{
    kg_zap_request request;
    while (read_zap(net->sockets, &request)) {
        char organisation[KG_ID_BYTES_MAX + 1] = "";
        kg_net_read_monitors(net); /* its descriptor was told of before */
        bool known = kg_zap_admits(&request, net->admitted, organisation);
        uint64_t number = known ? enter(net, &request) : 0;
        atomic_fetch_add(number ? &net->connections : known ? &net->limited : &net->refused, 1);
        answer_zap(net->sockets, &request, known ? organisation : "", number);
    }
}
