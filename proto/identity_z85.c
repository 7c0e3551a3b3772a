/* SPDX-License-Identifier: EUPL-1.2 */
#include "proto/identity.h"

#include <string.h>

static const char alphabet[] =
    "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#";

void kg_z85_write(const uint8_t key[KG_KEY_BYTES], char out[static KG_Z85_KEY_CHARS + 1])
{
    for (int word = 0; word < KG_KEY_BYTES / 4; word++) {
        const uint8_t *in = key + 4 * word;
        uint32_t value =
            (uint32_t)in[0] << 24 | (uint32_t)in[1] << 16 | (uint32_t)in[2] << 8 | in[3];
        for (int digit = 4; digit >= 0; digit--) {
            out[5 * word + digit] = alphabet[value % 85];
            value /= 85;
        }
    }
    out[KG_Z85_KEY_CHARS] = '\0';
}

bool kg_z85_parse(const char *text, uint8_t out[KG_KEY_BYTES])
{
    if (strlen(text) != KG_Z85_KEY_CHARS)
        return false;
    for (int word = 0; word < KG_KEY_BYTES / 4; word++) {
        uint64_t value = 0;
        for (int digit = 0; digit < 5; digit++) {
            const char *found = strchr(alphabet, text[5 * word + digit]);
            if (!found)
                return false;
            value = value * 85 + (uint64_t)(found - alphabet);
        }
        if (value > UINT32_MAX)
            return false;
        for (int byte = 0; byte < 4; byte++)
            out[4 * word + byte] = (uint8_t)(value >> (24 - 8 * byte));
    }
    return true;
}
