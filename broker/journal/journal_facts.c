/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/journal/journal_facts.h"

#include <inttypes.h>
#include <string.h>

#include "broker/journal/journal_error.h"
#include "broker/journal/journal_record.h"
#include "proto/identity.h"

enum { AT_EPOCH = 4, AT_DEPLOYMENT = 12, AT_SUM = AT_DEPLOYMENT + KG_DEPLOYMENT_ID_BYTES };

void kg_facts_encode(const kg_facts *facts, uint8_t out[static KG_FACTS_BYTES])
{
    kg_record_put_u32(out, KG_FACTS_FORMAT);
    kg_record_put_u64(out + AT_EPOCH, facts->epoch);
    memcpy(out + AT_DEPLOYMENT, facts->deployment, KG_DEPLOYMENT_ID_BYTES);
    kg_sha256_once(out, AT_SUM, out + AT_SUM);
}

bool kg_facts_decode(const uint8_t *bytes, size_t count, const char *folder, kg_facts *out)
{
    uint8_t sum[KG_CHAIN_BYTES];
    uint32_t format;

    if (count < 4)
        return kg_journal_fail("the journal in %s does not say what it is; restore a backup "
                               "(kopgroepd journal restore)",
                               folder);
    format = kg_record_get_u32(bytes);
    if (format != KG_FACTS_FORMAT)
        return kg_journal_fail("the journal in %s has format %" PRIu32 ", this version reads "
                               "format %d; use the version that wrote it, or a newer one",
                               folder, format, KG_FACTS_FORMAT);
    kg_sha256_once(bytes, count < KG_FACTS_BYTES ? count : AT_SUM, sum);
    if (count != KG_FACTS_BYTES || memcmp(sum, bytes + AT_SUM, KG_CHAIN_BYTES) != 0)
        return kg_journal_fail("what the journal in %s says of itself is damaged; restore a backup "
                               "(kopgroepd journal restore)",
                               folder);
    out->epoch = kg_record_get_u64(bytes + AT_EPOCH);
    memcpy(out->deployment, bytes + AT_DEPLOYMENT, KG_DEPLOYMENT_ID_BYTES);
    return true;
}
