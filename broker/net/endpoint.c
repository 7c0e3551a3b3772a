/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/net/endpoint.h"

#include <string.h>

#include "proto/text.h"

void kg_endpoint_reachable(const char *bound, char out[static 256])
{
    static const char any[] = "tcp://0.0.0.0:", any6[] = "tcp://[::]:";
    if (strncmp(bound, any, sizeof any - 1) == 0)
        kg_text_format(out, 256, "tcp://127.0.0.1:%s", bound + sizeof any - 1);
    else if (strncmp(bound, any6, sizeof any6 - 1) == 0)
        kg_text_format(out, 256, "tcp://[::1]:%s", bound + sizeof any6 - 1);
    else
        kg_text_format(out, 256, "%s", bound);
}
