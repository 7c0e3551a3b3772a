/* SPDX-License-Identifier: EUPL-1.2 */
/* A ZAP request (ZeroMQ RFC 27) taken apart, and its verdict. */
#ifndef KG_ZAP_H
#define KG_ZAP_H

#include "broker/net/admitted.h"

#define KG_ZAP_DOMAIN "kopgroep"

enum { KG_ZAP_VERSION, KG_ZAP_REQUEST_ID, KG_ZAP_DOMAIN_NAME, KG_ZAP_ADDRESS, KG_ZAP_IDENTITY,
       KG_ZAP_MECHANISM, KG_ZAP_KEY, KG_ZAP_FRAMES };

typedef struct kg_zap_request {
    char frames[KG_ZAP_FRAMES][256];
    size_t sizes[KG_ZAP_FRAMES];
    int count; /* frames that came, also those beyond what is kept */
} kg_zap_request;

/* Adds a frame; one that is too long counts, and makes the request wrong. */
void kg_zap_add(kg_zap_request *request, const void *frame, size_t bytes);
/* Is it a request of our domain with a CURVE key on the list? Then whose it is. */
bool kg_zap_admits(const kg_zap_request *request, kg_admitted *admitted,
                   char organisation[static KG_ID_BYTES_MAX + 1]);

#endif
