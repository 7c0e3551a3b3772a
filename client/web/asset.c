/* SPDX-License-Identifier: EUPL-1.2 */
#include "client/web/asset.h"

#include <string.h>

/* Takes a file in as it is, between NAME and NAME_end. web_asset_list.h is made by the build: a row
 * ASSET(name, file, path, type) for each. */
#define ASSET(name, file, path, type)                                                              \
    __asm__(".section .rodata\n"                                                                   \
            "asset_" #name ":\n.incbin \"" file "\"\n"                                             \
            "asset_" #name "_end:\n.byte 0\n.previous\n");                                         \
    extern const unsigned char asset_##name[], asset_##name##_end[];
#include "web_asset_list.h"
#undef ASSET

#define ASSET(name, file, path, type) {path, type, asset_##name, asset_##name##_end},
static const web_asset assets[] = {
#include "web_asset_list.h"
};

const web_asset *web_asset_find(const char *path)
{
    for (size_t i = 0; i < sizeof assets / sizeof *assets; i++)
        if (strcmp(assets[i].path, path) == 0)
            return &assets[i];
    return NULL;
}
