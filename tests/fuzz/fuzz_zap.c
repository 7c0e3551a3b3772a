/* SPDX-License-Identifier: EUPL-1.2 */
/* Any frames as a ZAP request: let in is who asks for our domain, in our version, by CURVE, with a
 * key of the list; and nobody else. A frame is two bytes of length, big-endian, and its bytes. */
#include <stdlib.h>
#include <string.h>

#include "broker/net/zap.h"
#include "proto/memory.h"
#include "tests/fuzz/fuzz.h"

/* The second is what a request's memory is before anything was written to it. */
static const uint8_t keys[2][KG_KEY_BYTES] = {"a key that is on the list......", {0}};
static const char *const organisations[2] = {"BE-KNOWN", "BE-ZERO"};
static kg_admitted *admitted;

static void make_admitted(void)
{
    admitted = kg_admitted_new();
    for (int i = 0; i < 2; i++)
        kg_admitted_add(admitted, keys[i], organisations[i]);
}

typedef struct part {
    const uint8_t *bytes;
    size_t count;
} part;

/* The next frame; false at the end. */
static bool next_part(const uint8_t **data, size_t *size, part *out)
{
    if (*size < 2)
        return false;
    const size_t says = (size_t)(*data)[0] << 8 | (*data)[1];
    *out = (part){*data + 2, says < *size - 2 ? says : *size - 2};
    *data += 2 + out->count;
    *size -= 2 + out->count;
    return true;
}

/* From memory of its very size. */
static void add(kg_zap_request *request, part frame)
{
    uint8_t *bytes = kg_alloc(frame.count, 1);
    memcpy(bytes, frame.bytes, frame.count);
    kg_zap_add(request, bytes, frame.count);
    free(bytes);
}

static bool is(part frame, const void *bytes, size_t count)
{
    return frame.count == count && memcmp(frame.bytes, bytes, count) == 0;
}

/* Whose request it is by the letter of RFC 27, or "". */
static const char *whose(const part *parts, int count)
{
    if (count != 7 || !is(parts[0], "1.0", 3) || !is(parts[2], "kopgroep", 8) ||
        !is(parts[5], "CURVE", 5))
        return "";
    for (int i = 0; i < 2; i++)
        if (is(parts[6], keys[i], KG_KEY_BYTES))
            return organisations[i];
    return "";
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char organisation[KG_ID_BYTES_MAX + 1] = "";
    kg_zap_request request = {0};
    part frame, parts[7] = {{0}};
    int count = 0;
    if (!admitted)
        make_admitted();
    for (; next_part(&data, &size, &frame); count++) {
        if (count < 7)
            parts[count] = frame;
        add(&request, frame);
    }
    fuzz_need(request.count == count);
    for (int i = 0; i < KG_ZAP_FRAMES; i++)
        fuzz_need(request.sizes[i] <= sizeof request.frames[i]);
    const bool good = kg_zap_admits(&request, admitted, organisation);
    fuzz_need(good == (organisation[0] != '\0'));
    fuzz_need(strcmp(organisation, whose(parts, count)) == 0);
    return 0;
}
