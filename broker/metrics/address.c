/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/metrics/address.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "proto/text.h"

/* Takes the text apart at its last colon; false when a part is missing. */
static bool split(const char *text, char host[static 64], char port[static 8])
{
    const char *colon = strrchr(text, ':');
    size_t bytes = colon ? (size_t)(colon - text) : 0;
    if (bytes == 0 || bytes >= 64 || strlen(colon + 1) == 0 || strlen(colon + 1) >= 8)
        return false;
    bool bracketed = text[0] == '[' && text[bytes - 1] == ']';
    if (!bracketed && (memchr(text, ':', bytes) || memchr(text, '*', bytes)))
        return false; /* the C library takes * for every address, which is to be said in numbers */
    kg_text_format(host, 64, "%.*s", (int)bytes - 2 * bracketed, text + bracketed);
    kg_text_format(port, 8, "%s", strcmp(colon + 1, "*") == 0 ? "0" : colon + 1);
    return strspn(port, "0123456789") == strlen(port) && strtol(port, NULL, 10) <= 65535;
}

bool kg_address_parse(const char *text, kg_address *out)
{
    const struct addrinfo hints = {.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE,
                                   .ai_socktype = SOCK_STREAM};
    struct addrinfo *found;
    char host[64], port[8];
    *out = (kg_address){0};
    if (!split(text, host, port) || getaddrinfo(host, port, &hints, &found) != 0)
        return false;
    memcpy(&out->bytes, found->ai_addr, found->ai_addrlen);
    out->count = found->ai_addrlen;
    freeaddrinfo(found);
    return true;
}

bool kg_address_is_loopback(const kg_address *address)
{
    if (address->bytes.ss_family == AF_INET) {
        struct sockaddr_in four;
        memcpy(&four, &address->bytes, sizeof four);
        return ntohl(four.sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
    }
    struct sockaddr_in6 six;
    memcpy(&six, &address->bytes, sizeof six);
    return address->bytes.ss_family == AF_INET6 && IN6_IS_ADDR_LOOPBACK(&six.sin6_addr);
}

void kg_address_write(const kg_address *address, char out[static 64])
{
    char host[INET6_ADDRSTRLEN] = "?", port[8] = "?";
    getnameinfo((const struct sockaddr *)&address->bytes, address->count, host, sizeof host, port,
                sizeof port, NI_NUMERICHOST | NI_NUMERICSERV);
    kg_text_format(out, 64, strchr(host, ':') ? "[%s]:%s" : "%s:%s", host, port);
}
