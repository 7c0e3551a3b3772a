/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/net/zap.h"

#include <string.h>

void kg_zap_add(kg_zap_request *request, const void *frame, size_t bytes)
{
    if (request->count < KG_ZAP_FRAMES && bytes <= sizeof request->frames[0]) {
        memcpy(request->frames[request->count], frame, bytes);
        request->sizes[request->count] = bytes;
    }
    request->count++;
}

static bool frame_is(const kg_zap_request *request, int frame, const char *text)
{
    return request->sizes[frame] == strlen(text) &&
           memcmp(request->frames[frame], text, strlen(text)) == 0;
}

bool kg_zap_admits(const kg_zap_request *request, kg_admitted *admitted,
                   char organisation[static KG_ID_BYTES_MAX + 1])
{
    return request->count == KG_ZAP_FRAMES && frame_is(request, KG_ZAP_VERSION, "1.0") &&
           frame_is(request, KG_ZAP_DOMAIN_NAME, KG_ZAP_DOMAIN) &&
           frame_is(request, KG_ZAP_MECHANISM, "CURVE") &&
           request->sizes[KG_ZAP_KEY] == KG_KEY_BYTES &&
           kg_admitted_find(admitted, (const uint8_t *)request->frames[KG_ZAP_KEY], organisation);
}
