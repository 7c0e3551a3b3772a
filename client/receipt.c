/* SPDX-License-Identifier: EUPL-1.2 */
#include "client/language/language.h"
#include "client/receipt.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "client/history.h"
#include "client/proof_json.h"
#include "proto/memory.h"
#include "proto/tree_leaf.h"

#define FORM 1 /* of a receipt: "kopgroep_receipt" */

void kg_client_receipt_fini(kg_client_receipt *receipt)
{
    kg_buffer_fini(&receipt->message);
}

void kg_client_receipts_fini(kg_client_receipts *receipts)
{
    for (size_t i = 0; i < receipts->count; i++)
        kg_client_receipt_fini(&receipts->items[i]);
    free(receipts->items);
    *receipts = (kg_client_receipts){.kept = receipts->kept};
}

/* One that is sent again has the receipt that it had. */
static bool is_noted(const kg_client_receipts *receipts, uint64_t sequence)
{
    for (size_t i = receipts->count; i > 0; i--)
        if (receipts->items[i - 1].sequence == sequence)
            return true;
    return false;
}

void kg_client_receipts_note(kopgroep_session *session, const kg_buffer *message,
                             const kg_reply *reply)
{
    kg_client_receipts *receipts = &session->receipts;
    if (!receipts->kept || !reply->has_receipt || is_noted(receipts, reply->sequence))
        return;
    receipts->items =
        kg_grow(receipts->items, receipts->count, &receipts->capacity, sizeof *receipts->items);
    kg_client_receipt *receipt = &receipts->items[receipts->count++];
    *receipt = (kg_client_receipt){
        .sequence = reply->sequence, .time_ms = reply->time_ms, .head = reply->tree};
    memcpy(receipt->event_digest, reply->event_digest, sizeof receipt->event_digest);
    memcpy(receipt->member, session->key.sign, sizeof receipt->member);
    kg_buffer_init(&receipt->message);
    kg_buffer_add(&receipt->message, message->bytes, message->count);
}

/* ---- their file ---- */

json_t *kg_client_receipt_json(const kopgroep_session *session, const kg_client_receipt *receipt)
{
    const kg_broker_access *access = kg_client_access(session);
    json_t *out = json_pack("{s:i,s:I,s:I}", "kopgroep_receipt", FORM, "sequence",
                            (json_int_t)receipt->sequence, "time_ms", (json_int_t)receipt->time_ms);
    json_object_set_new(out, "deployment",
                        kg_client_hex_json(access->deployment, KG_DEPLOYMENT_BYTES));
    json_object_set_new(out, "broker_key", kg_client_hex_json(access->sign, KG_KEY_BYTES));
    json_object_set_new(out, "member_key", kg_client_hex_json(receipt->member, KG_KEY_BYTES));
    json_object_set_new(out, "event_digest",
                        kg_client_hex_json(receipt->event_digest, KG_SHA256_BYTES));
    json_object_set_new(
        out, "message",
        kg_client_hex_json((const uint8_t *)receipt->message.bytes, receipt->message.count));
    json_object_set_new(out, "head", kg_client_head_json(&receipt->head));
    if (receipt->has_proof)
        json_object_set_new(out, "inclusion", kg_client_proof_json(&receipt->proof));
    return out;
}

static bool read_message(const json_t *json, kg_buffer *out)
{
    const char *text = json_string_value(json_object_get(json, "message"));
    size_t count = text ? strlen(text) / 2 : 0;
    if (count == 0 || count > KG_FRAME_BYTES_MAX)
        return false;
    uint8_t *bytes = kg_alloc(count, 1);
    bool good = kg_hex_parse(text, bytes, count);
    kg_buffer_add(out, (const char *)bytes, count);
    free(bytes);
    return good;
}

bool kg_client_receipt_read(const json_t *json, const uint8_t deployment[KG_DEPLOYMENT_BYTES],
                            kg_client_receipt *out)
{
    uint64_t form = 0, time_ms = 0;
    uint8_t of[KG_DEPLOYMENT_BYTES];
    const json_t *proof = json_object_get(json, "inclusion");
    *out = (kg_client_receipt){.has_proof = proof != NULL};
    kg_buffer_init(&out->message);
    bool good = kg_client_read_number(json, "kopgroep_receipt", &form) && form == FORM &&
                kg_client_read_number(json, "sequence", &out->sequence) && out->sequence > 0 &&
                kg_client_read_number(json, "time_ms", &time_ms) &&
                kg_client_read_hex(json, "deployment", of, sizeof of) &&
                memcmp(of, deployment, sizeof of) == 0 &&
                kg_client_read_hex(json, "member_key", out->member, KG_KEY_BYTES) &&
                kg_client_read_hex(json, "event_digest", out->event_digest, KG_SHA256_BYTES) &&
                read_message(json, &out->message) &&
                kg_client_read_head(json_object_get(json, "head"), &out->head);
    out->time_ms = (int64_t)time_ms;
    return good && (!proof || kg_client_read_proof(proof, &out->proof));
}

/* ---- proving ---- */

static bool is_from_member(const kg_client_receipt *receipt, const kg_envelope *envelope)
{
    uint8_t id[KG_KEY_ID_BYTES];
    kg_key_id(receipt->member, id);
    return memcmp(id, envelope->key_id, sizeof id) == 0 &&
           kg_envelope_signed_by(envelope, receipt->member);
}

static void make_leaf(const kg_client_receipt *receipt, const kg_envelope *envelope,
                      kg_tree_hash *leaf)
{
    kg_tree_leaf_content content = {.sequence = receipt->sequence, .time_ms = receipt->time_ms};
    kg_envelope_request_key(envelope, content.request_key);
    kg_sha256_once(receipt->message.bytes, receipt->message.count, content.command);
    memcpy(content.event, receipt->event_digest, sizeof content.event);
    kg_sha256 *hash = kg_sha256_new();
    kg_tree_leaf_of(hash, &content, leaf);
    kg_sha256_destroy(&hash);
}

const char *kg_client_receipt_check(const kg_client_receipt *receipt,
                                    const kg_broker_access *access, kg_tree_hash *leaf,
                                    kg_envelope *envelope)
{
    if (kg_envelope_open((const uint8_t *)receipt->message.bytes, receipt->message.count,
                         envelope) != KG_STATUS_OK)
        return _("its message cannot be read");
    if (memcmp(envelope->deployment, access->deployment, KG_DEPLOYMENT_BYTES) != 0)
        return _("its message was meant for another deployment");
    if (!is_from_member(receipt, envelope))
        return _("its message does not carry the member's signature");
    if (!kg_tree_head_signed_by(&receipt->head, KG_TREE_BROKER, access->deployment, access->sign))
        return _("its head does not carry the signature of the access file's broker");
    make_leaf(receipt, envelope, leaf);
    if (receipt->has_proof &&
        !kg_tree_check_inclusion(leaf, receipt->sequence - 1, receipt->head.size, &receipt->proof,
                                 &receipt->head.root))
        return _("its message is not in the history that the head stands for");
    return NULL;
}

/* ---- writing ---- */

/* All under the newest head, each with its proof; without one where the broker is gone. */
static void prove_all(kopgroep_session *session, kopgroep_answer *answer)
{
    kg_client_receipts *receipts = &session->receipts;
    kg_tree_head newest = receipts->items[0].head;
    bool good = true;
    for (size_t i = 0; i < receipts->count; i++)
        if (receipts->items[i].head.size > newest.size)
            newest = receipts->items[i].head;
    for (size_t i = 0; i < receipts->count && good; i++) {
        kg_client_receipt *receipt = &receipts->items[i];
        receipt->head = newest;
        good = kg_client_history_inclusion(session, receipt->sequence, newest.size, &receipt->proof,
                                           answer);
        receipt->has_proof = good;
    }
}

static void check_all(kopgroep_session *session, kopgroep_answer *answer)
{
    const kg_client_receipts *receipts = &session->receipts;
    for (size_t i = 0; i < receipts->count; i++) {
        kg_tree_hash leaf;
        kg_envelope envelope;
        const char *wrong = kg_client_receipt_check(&receipts->items[i], kg_client_access(session),
                                                    &leaf, &envelope);
        if (!wrong)
            continue;
        kg_client_refuse(answer, KG_STATUS_RECEIPT, "Receipt %llu proves nothing: %s.",
                         (unsigned long long)receipts->items[i].sequence, wrong);
        return;
    }
}

static bool write_all(const kopgroep_session *session, const char *path)
{
    kg_buffer text;
    kg_buffer_init(&text);
    for (size_t i = 0; i < session->receipts.count; i++) {
        json_t *json = kg_client_receipt_json(session, &session->receipts.items[i]);
        char *line = json_dumps(json, JSON_COMPACT);
        kg_buffer_format(&text, "%s\n", line);
        free(line);
        json_decref(json);
    }
    bool good = kg_client_write_file(path, text.bytes, true);
    int error = errno;
    kg_buffer_fini(&text);
    errno = error;
    return good;
}

void kopgroep_receipt_write(kopgroep_session *session, const char *path, kopgroep_answer *answer)
{
    *answer = (kopgroep_answer){0};
    if (session->receipts.count == 0) {
        kg_client_say(answer, KOPGROEP_USAGE, "No command was accepted in this session yet.");
        return;
    }
    prove_all(session, answer);
    if (!write_all(session, path))
        kg_client_say(answer, KOPGROEP_LOCAL, "The receipt could not be written to %s: %s.", path,
                      kg_said_as("fact", strerror(errno)));
    else if (answer->outcome == KOPGROEP_DONE)
        check_all(session, answer);
}
