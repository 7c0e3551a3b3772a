/* SPDX-License-Identifier: EUPL-1.2 */
/* Any bytes as broker.conf, as the access file of a broker, and as somebody's public key: refused
 * with problems, or settings that keep every rule. */
#include <stdlib.h>
#include <string.h>

#include "broker/config.h"
#include "proto/access_file.h"
#include "proto/identity.h"
#include "proto/text.h"
#include "tests/fuzz/fuzz.h"

static void need_well_formed(const kg_problems *problems)
{
    for (size_t i = 0; i < problems->count; i++) {
        char *text = kg_problem_write(&problems->items[i]);
        fuzz_need(kg_text_valid(text, SIZE_MAX));
        free(text);
    }
}

static void try_config(const char *path)
{
    kg_config config;
    kg_problems problems;
    kg_problems_init(&problems, "broker.conf");
    bool right = kg_config_read(path, &config, &problems);
    fuzz_need(right == (problems.count == 0));
    need_well_formed(&problems);
    if (right) {
        fuzz_need(config.folder && config.requests && config.feeds && config.catalogue);
        fuzz_need(config.map_gib > 0 && config.disk_reserve_mib >= 0 && config.threads > 0);
        fuzz_need(config.scrub_days >= 0 && config.scrub_days <= 366);
        fuzz_need(config.disclosure_organisations_min > 0 && config.disclosure_days > 0);
        fuzz_need(config.lines_max >= 0 && config.connections_max >= 0);
        fuzz_need(!kg_endpoint_is_everywhere(config.requests) || config.public_host);
        fuzz_need(!config.public_host || kg_public_host_valid(config.public_host));
        char endpoint[256];
        kg_endpoint_public(config.requests, config.public_host, endpoint);
        fuzz_need(strlen(endpoint) < sizeof endpoint);
    }
    kg_config_fini(&config);
    kg_problems_fini(&problems);
}

static void try_access(const char *path)
{
    kg_broker_access access;
    kg_problems problems;
    kg_problems_init(&problems, "broker.access");
    bool right = kg_broker_access_read(path, &access, &problems);
    fuzz_need(right == (problems.count == 0));
    need_well_formed(&problems);
    fuzz_need(!right || (memchr(access.requests, 0, sizeof access.requests) &&
                         memchr(access.feeds, 0, sizeof access.feeds)));
    kg_problems_fini(&problems);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char organisation[KG_ID_BYTES_MAX + 1];
    kg_public_key key;
    const char *path = fuzz_path(data, size);
    try_config(path);
    try_access(path);
    if (kg_public_key_read(path, organisation, &key))
        fuzz_need(kg_id_valid(organisation));
    else
        fuzz_need(kg_identity_error()[0] != '\0');
    return 0;
}
