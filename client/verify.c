/* SPDX-License-Identifier: EUPL-1.2 */
/* Auditing the broker's history, and verifying receipts. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/language/language.h"
#include "client/history.h"
#include "client/proof_json.h"
#include "client/receipt.h"
#include "client/witness.h"
#include "proto/memory.h"

static json_t *time_json(int64_t time_ms)
{
    char text[KG_TIME_BYTES];
    kg_time_write(time_ms, text);
    return json_string(text);
}

static void give(json_t *json, kopgroep_answer *answer)
{
    answer->document = json_dumps(json, JSON_COMPACT);
    answer->document_bytes = strlen(answer->document);
}

/* ---- audit ---- */

static json_t *audited(const kopgroep_session *session, const json_t *document,
                       const kg_tree_head *head, const kg_tree_head *before)
{
    json_t *out = json_pack("{s:I}", "size", (json_int_t)head->size);
    json_object_set_new(out, "time", time_json(head->time_ms));
    json_object_set_new(out, "root", kg_client_hex_json(head->root.bytes, KG_TREE_HASH_BYTES));
    json_object_set_new(out, "seen_size",
                        before->size ? json_integer((json_int_t)before->size) : json_null());
    json_object_set_new(out, "seen_time", before->size ? time_json(before->time_ms) : json_null());
    json_object_set_new(out, "kept_in",
                        session->heads_path ? json_string(session->heads_path) : json_null());
    json_object_set(out, "cosignatures", json_object_get(document, "cosignatures"));
    return out;
}

void kopgroep_audit(kopgroep_session *session, const kopgroep_witnesses *witnesses,
                    kopgroep_answer *answer)
{
    kg_tree_head head, before = {0};
    *answer = (kopgroep_answer){0};
    json_t *document = kg_client_history_now(session, &head, &before, answer);
    if (document && kg_client_witnessed(session, document, &head, witnesses, 0, answer)) {
        json_t *out = audited(session, document, &head, &before);
        give(out, answer);
        json_decref(out);
    }
    json_decref(document);
}

/* ---- receipts ---- */

typedef struct kg_verifying {
    kopgroep_session *session; /* NULL: offline */
    const kg_broker_access *access;
    const kopgroep_witnesses *witnesses;
    const char *file;
    json_t *document; /* owned; what the broker says of its history now */
    kg_tree_head now;
    kg_tree_head continued; /* the head that was last found to be continued by `now` */
    json_t *rows;           /* owned */
} kg_verifying;

static bool is_continued(kg_verifying *it, const kg_tree_head *head, kopgroep_answer *answer)
{
    if (memcmp(head, &it->continued, sizeof *head) == 0)
        return true;
    it->continued = *head;
    return kg_client_history_continues(it->session, head, &it->now, answer);
}

/* Without a proof of its own, by one from the broker. */
static bool prove_online(kg_verifying *it, kg_client_receipt *receipt, kopgroep_answer *answer)
{
    if (!is_continued(it, &receipt->head, answer))
        return false;
    if (!receipt->has_proof &&
        !kg_client_history_inclusion(it->session, receipt->sequence, receipt->head.size,
                                     &receipt->proof, answer))
        return false;
    receipt->has_proof = true;
    return kg_client_witnessed(it->session, it->document, &it->now, it->witnesses,
                               receipt->sequence, answer);
}

static void add_row(kg_verifying *it, const kg_client_receipt *receipt, const kg_envelope *envelope,
                    const kg_tree_hash *leaf)
{
    const char *kind = kg_kind_name((kg_kind)envelope->kind);
    uint64_t size = it->session ? it->now.size : receipt->head.size;
    json_t *row = json_pack("{s:I}", "sequence", (json_int_t)receipt->sequence);
    json_object_set_new(row, "time", time_json(receipt->time_ms));
    json_object_set_new(row, "organisation", json_string(envelope->organisation));
    json_object_set_new(row, "kind", json_string(kind ? kind : "?"));
    json_object_set_new(row, "leaf", kg_client_hex_json(leaf->bytes, KG_TREE_HASH_BYTES));
    json_object_set_new(row, "proven_size", json_integer((json_int_t)size));
    json_array_append_new(it->rows, row);
}

static void say_wrong(const kg_verifying *it, long line, const char *what, kopgroep_answer *answer)
{
    kg_client_refuse(answer, KG_STATUS_RECEIPT,
                     "%s:%ld: the receipt does not prove what it says: %s.", it->file, line, what);
}

static bool verify_one(kg_verifying *it, long line, kg_client_receipt *receipt,
                       kopgroep_answer *answer)
{
    kg_tree_hash leaf;
    kg_envelope envelope;
    const char *wrong = kg_client_receipt_check(receipt, it->access, &leaf, &envelope);
    bool had_proof = receipt->has_proof;
    if (!wrong && it->session && !prove_online(it, receipt, answer))
        return false;
    if (!wrong && !receipt->has_proof)
        wrong = _("it has no proof of its own, verify it online");
    if (!wrong && !had_proof)
        wrong = kg_client_receipt_check(receipt, it->access, &leaf, &envelope);
    if (wrong)
        say_wrong(it, line, wrong, answer);
    else
        add_row(it, receipt, &envelope, &leaf);
    return !wrong;
}

static bool verify_line(kg_verifying *it, long line, const char *text, kopgroep_answer *answer)
{
    kg_client_receipt receipt;
    json_t *json = json_loads(text, 0, NULL);
    bool good = kg_client_receipt_read(json, it->access->deployment, &receipt);
    if (!good)
        kg_client_say(answer, KOPGROEP_LOCAL,
                      "%s:%ld is not a receipt of this deployment, or not whole.", it->file, line);
    else
        good = verify_one(it, line, &receipt, answer);
    kg_client_receipt_fini(&receipt);
    json_decref(json);
    return good;
}

static void verify_file(kg_verifying *it, kopgroep_answer *answer)
{
    FILE *file = fopen(it->file, "re");
    char *text = NULL;
    size_t room = 0;
    long line = 0;
    bool good = file != NULL;
    if (!file)
        kg_client_say(answer, KOPGROEP_LOCAL, "%s: %s.", it->file,
                      kg_said_as("fact", strerror(errno)));
    while (good && getline(&text, &room, file) > 0)
        good = verify_line(it, ++line, text, answer);
    if (good && line == 0)
        kg_client_say(answer, KOPGROEP_LOCAL, "%s is empty.", it->file);
    if (file)
        fclose(file);
    free(text);
}

static void verify(kg_verifying *it, kopgroep_answer *answer)
{
    it->rows = json_array();
    verify_file(it, answer);
    if (answer->outcome == KOPGROEP_DONE)
        give(it->rows, answer);
    json_decref(it->rows);
}

void kopgroep_verify(kopgroep_session *session, const char *receipt_file,
                     const kopgroep_witnesses *witnesses, kopgroep_answer *answer)
{
    kg_verifying it = {.session = session,
                       .access = kg_client_access(session),
                       .witnesses = witnesses,
                       .file = receipt_file};
    *answer = (kopgroep_answer){0};
    it.document = kg_client_history_now(session, &it.now, NULL, answer);
    if (it.document)
        verify(&it, answer);
    json_decref(it.document);
}

void kopgroep_verify_offline(const char *broker, const char *receipt_file, kopgroep_answer *answer)
{
    kg_client_brokers brokers;
    *answer = (kopgroep_answer){0};
    if (!kg_client_brokers_read(broker, &brokers, answer))
        return;
    kg_verifying it = {.access = kg_client_brokers_present(&brokers), .file = receipt_file};
    verify(&it, answer);
}
