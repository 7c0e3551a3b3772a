/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/tree_heads.h"

#include <string.h>

#include "broker/log.h"
#include "broker/query/pieces.h"

#define VIEW_AGE_MS 60000 /* a head that is asked for says that the broker still stands by it */

void kg_tree_heads_follow(kg_core *core, kg_batch *batch)
{
    for (size_t i = 0; i < batch->records_count && !batch->in_tree; i++)
        kg_journal_tree_add(core->store.tree, batch->records[i].leaf);
    batch->in_tree = true;
}

const kg_tree_head *kg_tree_heads_now(kg_core *core, int64_t age_ms_max)
{
    kg_tree_head *head = &core->tree_head;
    uint8_t deployment[KG_DEPLOYMENT_ID_BYTES];
    uint64_t size = kg_journal_tree_size(core->store.tree);
    bool is_signed = head->time_ms > 0 && head->size == size;
    if (is_signed && core->now.time_ms - head->time_ms <= age_ms_max)
        return head;
    kg_journal_deployment(core->store.journal, deployment);
    head->size = size;
    if (core->now.time_ms > head->time_ms)
        head->time_ms = core->now.time_ms;
    kg_journal_tree_root(core->store.tree, &head->root);
    kg_tree_head_sign(head, KG_TREE_BROKER, deployment, core->identity);
    return head;
}

/* The journal cannot be read, as little as where it is appended to. */
static void fail(kg_core *core)
{
    kg_log(KG_LOG_ERROR, "journal-failed", "error=\"%s\"", kg_journal_error());
    core->failed = true;
}

/* ---- cosignatures ---- */

static kg_cosignature *find(const kg_core *core, const uint8_t sign[KG_KEY_BYTES])
{
    for (size_t i = 0; i < core->cosignatures_count; i++)
        if (memcmp(core->cosignatures[i].sign, sign, KG_KEY_BYTES) == 0)
            return &core->cosignatures[i];
    return NULL;
}

/* Is it what the broker itself would say? */
static bool is_ours(kg_core *core, const uint8_t sign[KG_KEY_BYTES], const kg_tree_head *cosigned)
{
    uint8_t deployment[KG_DEPLOYMENT_ID_BYTES];
    kg_tree_hash root;
    bool failed = false;
    kg_journal_deployment(core->store.journal, deployment);
    if (!kg_tree_head_signed_by(cosigned, KG_TREE_WITNESS, deployment, sign))
        return false;
    bool known = kg_journal_tree_root_at(core->store.tree, core->store.journal, cosigned->size,
                                         &root, &failed);
    if (failed)
        fail(core);
    return known && memcmp(root.bytes, cosigned->root.bytes, sizeof root.bytes) == 0;
}

/* A witness's key that was revoked vouches for nothing. */
static bool still_vouches(const kg_core *core, const kg_cosignature *cosignature)
{
    const kg_state *state = core->store.state;
    uint32_t member = kg_state_find_member(state, cosignature->organisation);
    return member != KG_NONE &&
           kg_member_key(kg_state_member(state, member), cosignature->sign) != NULL;
}

static bool take(kg_core *core, const kg_cosignature *new)
{
    const kg_tree_head *head = &new->head;
    kg_cosignature *at = find(core, new->sign);
    if ((at && (head->size < at->head.size || head->time_ms < at->head.time_ms)) ||
        !is_ours(core, new->sign, head))
        return false;
    if (!at) {
        core->cosignatures = kg_grow(core->cosignatures, core->cosignatures_count,
                                     &core->cosignatures_capacity, sizeof *core->cosignatures);
        at = &core->cosignatures[core->cosignatures_count++];
    }
    *at = *new;
    return true;
}

bool kg_tree_heads_take(kg_core *core, const kg_cosignature *cosignature)
{
    return still_vouches(core, cosignature) && take(core, cosignature);
}

kg_status kg_tree_heads_cosign(kg_core *core, const char *organisation,
                               const uint8_t sign[KG_KEY_BYTES], const kg_tree_head *cosigned)
{
    kg_cosignature new = {.head = *cosigned};
    kg_text_format(new.organisation, sizeof new.organisation, "%s", organisation);
    memcpy(new.sign, sign, KG_KEY_BYTES);
    if (!take(core, &new))
        return KG_STATUS_COSIGNATURE;
    core->cosignatures_new = true;
    kg_log(KG_LOG_INFO, "cosigned", "organisation=%s size=%llu", organisation,
           (unsigned long long)cosigned->size);
    return KG_STATUS_OK;
}

/* ---- views ---- */

static json_t *hex(const uint8_t *bytes, size_t count)
{
    char text[2 * KG_SIGNATURE_BYTES + 1];
    kg_hex_write(bytes, count, text);
    return json_string(text);
}

static void put_head(json_t *out, const kg_tree_head *head)
{
    json_object_set_new(out, "size", json_integer((json_int_t)head->size));
    json_object_set_new(out, "time_ms", json_integer((json_int_t)head->time_ms));
    json_object_set_new(out, "time", kg_json_time(head->time_ms));
    json_object_set_new(out, "root", hex(head->root.bytes, KG_TREE_HASH_BYTES));
    json_object_set_new(out, "signature", hex(head->signature, KG_SIGNATURE_BYTES));
}

static json_t *cosignatures_of(const kg_core *core)
{
    json_t *out = json_array();
    for (size_t i = 0; i < core->cosignatures_count; i++) {
        const kg_cosignature *cosignature = &core->cosignatures[i];
        if (!still_vouches(core, cosignature))
            continue;
        json_t *one = json_pack("{s:s}", "organisation", cosignature->organisation);
        json_object_set_new(one, "key", hex(cosignature->sign, KG_KEY_BYTES));
        put_head(one, &cosignature->head);
        json_array_append_new(out, one);
    }
    return out;
}

static json_t *head_view(kg_core *core)
{
    json_t *out = json_pack("{s:s}", "deployment", core->store.deployment);
    put_head(out, kg_tree_heads_now(core, VIEW_AGE_MS));
    json_object_set_new(out, "cosignatures", cosignatures_of(core));
    return out;
}

static json_t *proof_of(const kg_tree_proof *proof)
{
    json_t *out = json_array();
    for (size_t i = 0; i < proof->count; i++)
        json_array_append_new(out, hex(proof->hashes[i].bytes, KG_TREE_HASH_BYTES));
    return out;
}

static bool prove(kg_core *core, const kg_query *query, uint64_t size, kg_tree_proof *proof)
{
    const kg_store *store = &core->store;
    bool failed = false, good;
    if (query->view == KG_VIEW_INCLUSION)
        good = query->sequence > 0 &&
               kg_journal_tree_inclusion(store->tree, store->journal, query->sequence - 1, size,
                                         proof, &failed);
    else
        good = kg_journal_tree_consistency(store->tree, store->journal, query->old_tree_size, size,
                                           proof, &failed);
    if (failed)
        fail(core);
    return good;
}

kg_status kg_tree_heads_view(kg_core *core, const kg_query *query, kg_buffer *out)
{
    kg_tree_proof proof;
    uint64_t size = query->tree_size ? query->tree_size : kg_journal_tree_size(core->store.tree);
    if (query->view == KG_VIEW_TREE_HEAD) {
        kg_json_write(head_view(core), out);
        return KG_STATUS_OK;
    }
    if (!prove(core, query, size, &proof))
        return KG_STATUS_NO_SUCH_RECORD;
    kg_json_write(json_pack("{s:I,s:o}", "size", (json_int_t)size, "proof", proof_of(&proof)), out);
    return KG_STATUS_OK;
}
