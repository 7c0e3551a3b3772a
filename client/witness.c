/* SPDX-License-Identifier: EUPL-1.2 */
/* Witnesses: cosigning, and demanding it. */
#include "client/language/language.h"
#include "client/witness.h"

#include <stdlib.h>
#include <string.h>

#include "client/history.h"
#include "client/proof_json.h"
#include "proto/memory.h"

#define HOURS 24 /* how old a cosignature may be, unless said */

/* What the key has cosigned, by its own signature; false: nothing. */
static bool find(const kopgroep_session *session, const json_t *document,
                 const uint8_t sign[KG_KEY_BYTES], kg_tree_head *out)
{
    const json_t *all = json_object_get(document, "cosignatures");
    for (size_t i = 0; i < json_array_size(all); i++) {
        const json_t *one = json_array_get(all, i);
        uint8_t key[KG_KEY_BYTES];
        if (kg_client_read_hex(one, "key", key, sizeof key) && memcmp(key, sign, sizeof key) == 0 &&
            kg_client_read_head(one, out))
            return kg_tree_head_signed_by(out, KG_TREE_WITNESS,
                                          kg_client_access(session)->deployment, sign);
    }
    return false;
}

static bool is_new(const kg_tree_head *cosigned, const kopgroep_witnesses *witnesses)
{
    int64_t hours = witnesses->hours > 0 ? witnesses->hours : HOURS;
    return cosigned->time_ms >= kg_client_wall_ms() - hours * 3600 * 1000;
}

/* All keys, each of another witness: one that is named twice would count twice. Returns owned, or
 * NULL with the answer set. */
static kg_public_key *read_keys(const kopgroep_witnesses *witnesses, kopgroep_answer *answer)
{
    char organisation[KG_ID_BYTES_MAX + 1];
    kg_public_key *keys = kg_alloc(witnesses->count, sizeof *keys);
    for (size_t i = 0; i < witnesses->count && answer->outcome == KOPGROEP_DONE; i++) {
        if (!kg_public_key_read(witnesses->files[i], organisation, &keys[i]))
            kg_client_say_retold(answer, KOPGROEP_LOCAL, kg_identity_error());
        for (size_t k = 0; k < i && answer->outcome == KOPGROEP_DONE; k++)
            if (memcmp(keys[k].sign, keys[i].sign, KG_KEY_BYTES) == 0)
                kg_client_say(answer, KOPGROEP_USAGE,
                              "%s and %s are one witness's key: name each witness once.",
                              witnesses->files[k], witnesses->files[i]);
    }
    if (answer->outcome == KOPGROEP_DONE)
        return keys;
    free(keys);
    return NULL;
}

/* `counted` is one more where the key's cosignature will do. False: the answer is set; a history
 * that does not continue what a witness saw is a broken one. */
static bool count_one(kopgroep_session *session, const json_t *document, const kg_tree_head *head,
                      const kopgroep_witnesses *witnesses, const uint8_t sign[KG_KEY_BYTES],
                      uint64_t size, size_t *counted, kopgroep_answer *answer)
{
    kg_tree_head cosigned;
    if (!find(session, document, sign, &cosigned))
        return true;
    if (!kg_client_history_continues(session, &cosigned, head, answer))
        return false;
    *counted += size > 0 ? cosigned.size >= size : is_new(&cosigned, witnesses);
    return true;
}

bool kg_client_witnessed(kopgroep_session *session, const json_t *document,
                         const kg_tree_head *head, const kopgroep_witnesses *witnesses,
                         uint64_t size, kopgroep_answer *answer)
{
    size_t counted = 0, least;
    if (!witnesses || witnesses->count == 0)
        return true;
    least = witnesses->least > 0 ? witnesses->least : witnesses->count;
    kg_public_key *keys = read_keys(witnesses, answer);
    bool good = keys != NULL;
    for (size_t i = 0; i < witnesses->count && good; i++)
        good = count_one(session, document, head, witnesses, keys[i].sign, size, &counted, answer);
    free(keys);
    if (!good || counted >= least)
        return good;
    if (size > 0)
        kg_client_refuse(answer, KG_STATUS_WITNESSES,
                         "Of %zu witnesses %zu have cosigned a history with record %llu in it; "
                         "%zu must.",
                         witnesses->count, counted, (unsigned long long)size, least);
    else
        kg_client_refuse(answer, KG_STATUS_WITNESSES,
                         "Of %zu witnesses %zu have cosigned within the last %d hours; %zu must.",
                         witnesses->count, counted, witnesses->hours > 0 ? witnesses->hours : HOURS,
                         least);
    return false;
}

/* ---- cosigning ---- */

static bool send(kopgroep_session *session, const kg_tree_head *cosigned, kopgroep_answer *answer)
{
    kg_buffer body;
    kg_reply reply;
    kg_buffer_init(&body);
    kg_codec_cosign_encode(cosigned, &body);
    if (kg_client_request(session, KG_KIND_COSIGN, &body, &reply, answer))
        kg_client_take_reply(answer, &reply, NULL);
    kg_reply_fini(&reply);
    kg_buffer_fini(&body);
    return answer->outcome == KOPGROEP_DONE;
}

/* What was kept before is kept first: whatever comes after, nothing is cosigned that does not
 * continue it. */
void kopgroep_witness(kopgroep_session *session, kopgroep_answer *answer)
{
    kg_tree_head head;
    *answer = (kopgroep_answer){0};
    if (!session->heads_path) {
        kg_client_say(answer, KOPGROEP_USAGE, "A witness has to keep the heads that it saw.");
        return;
    }
    json_t *document = kg_client_history_now(session, &head, NULL, answer);
    if (!document)
        return;
    json_decref(document);
    head.time_ms = kg_client_wall_ms();
    kg_tree_head_sign(&head, KG_TREE_WITNESS, kg_client_access(session)->deployment,
                      session->identity);
    if (send(session, &head, answer))
        kg_text_format(answer->result, sizeof answer->result,
                       _("Cosigned: %llu records, root %02x%02x%02x%02x%02x%02x%02x%02x."),
                       (unsigned long long)head.size, head.root.bytes[0], head.root.bytes[1],
                       head.root.bytes[2], head.root.bytes[3], head.root.bytes[4],
                       head.root.bytes[5], head.root.bytes[6], head.root.bytes[7]);
}
