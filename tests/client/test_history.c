/* SPDX-License-Identifier: EUPL-1.2 */
/* What a client finds out about a broker's history, from a broker that can be made to lie. */
#include "helper_broker.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "proto/memory.h"
#include "proto/tree_leaf.h"

#define ALL 40 /* records of the history at most */

/* What the broker does; its state. */
enum {
    HONEST,
    OTHER_HISTORY, /* every leaf is another one */
    OTHER_KEY,     /* signs with one that is not in the access file */
    NO_PROOFS,     /* has too much to do */
    SHORTER        /* has no proof up to what it signed */
};

/* The record that the message would become. The last one of a history is the message that came. */
static kg_tree_hash leaves[ALL];
static atomic_size_t count; /* the broker's thread has it as well */

static bool node(void *context, unsigned level, uint64_t index, kg_tree_hash *out)
{
    const fake_broker *broker = context;
    kg_sha256 *hash = kg_sha256_new();
    kg_tree_hash left, right;
    if (level == 0) {
        *out = leaves[index];
        out->bytes[0] ^= (uint8_t)(atomic_load(&broker->state) == OTHER_HISTORY);
    } else {
        node(context, level - 1, 2 * index, &left);
        node(context, level - 1, 2 * index + 1, &right);
        kg_tree_node(hash, &left, &right, out);
    }
    kg_sha256_destroy(&hash);
    return true;
}

static kg_tree_source source_of(fake_broker *broker)
{
    return (kg_tree_source){node, broker};
}

static void sign(fake_broker *broker, kg_tree_head *head)
{
    const kg_tree_source source = source_of(broker);
    bool other = atomic_load(&broker->state) == OTHER_KEY;
    head->size = count;
    head->time_ms = 1798761600000 + (int64_t)count;
    assert_true(kg_tree_root(&source, count, &head->root));
    kg_tree_head_sign(head, KG_TREE_BROKER, broker->access.deployment,
                      other ? broker->member : broker->keys);
}

static void add_hex(kg_buffer *out, const char *before, const uint8_t *bytes, size_t size,
                    const char *after)
{
    char hex[2 * KG_SIGNATURE_BYTES + 1];
    kg_hex_write(bytes, size, hex);
    kg_buffer_format(out, "%s\"%s\"%s", before, hex, after);
}

static void give_head(fake_broker *broker, kg_buffer *out)
{
    kg_tree_head head;
    sign(broker, &head);
    kg_buffer_format(out, "{\"size\":%llu,\"time_ms\":%lld,", (unsigned long long)head.size,
                     (long long)head.time_ms);
    add_hex(out, "\"root\":", head.root.bytes, KG_TREE_HASH_BYTES, ",");
    add_hex(out, "\"signature\":", head.signature, KG_SIGNATURE_BYTES, ",\"cosignatures\":[]}");
}

static kg_status give_proof(fake_broker *broker, const kg_query *query, kg_buffer *out)
{
    const kg_tree_source source = source_of(broker);
    kg_tree_proof proof;
    int does = atomic_load(&broker->state);
    if (does == NO_PROOFS)
        return KG_STATUS_OVERLOADED;
    if (does == SHORTER || query->tree_size > count)
        return KG_STATUS_NO_SUCH_RECORD;
    if (query->view == KG_VIEW_INCLUSION)
        assert_true(
            kg_tree_prove_inclusion(&source, query->sequence - 1, query->tree_size, &proof));
    else
        assert_true(
            kg_tree_prove_consistency(&source, query->old_tree_size, query->tree_size, &proof));
    kg_buffer_format(out, "{\"proof\":[");
    for (size_t i = 0; i < proof.count; i++)
        add_hex(out, i > 0 ? "," : "", proof.hashes[i].bytes, KG_TREE_HASH_BYTES, "");
    kg_buffer_format(out, "]}");
    return KG_STATUS_OK;
}

static void answer_tree(fake_broker *broker, const kg_query *query, kg_reply *reply)
{
    kg_buffer text;
    kg_buffer_init(&text);
    if (query->view == KG_VIEW_TREE_HEAD)
        give_head(broker, &text);
    else
        reply->status = give_proof(broker, query, &text);
    if (reply->status == KG_STATUS_OK)
        fake_document(reply, text.bytes, text.count, 0);
    kg_buffer_fini(&text);
}

static void add_record(const fake_request *request, kg_reply *reply)
{
    kg_tree_leaf_content content = {.sequence = count + 1, .time_ms = reply->time_ms};
    kg_sha256 *hash = kg_sha256_new();
    memset(content.event, 7, sizeof content.event);
    memcpy(reply->event_digest, content.event, sizeof content.event);
    kg_envelope_request_key(&request->envelope, content.request_key);
    kg_sha256_once(request->bytes, request->count, content.command);
    kg_tree_leaf_of(hash, &content, &leaves[count++]);
    kg_sha256_destroy(&hash);
    reply->sequence = count;
}

static bool serve(fake_broker *broker, const fake_request *request, kg_reply *reply)
{
    kg_query query;
    char detail[600];
    if (request->envelope.kind != KG_KIND_QUERY) {
        fake_serve(broker, request, reply);
        add_record(request, reply);
        sign(broker, &reply->tree);
        return true;
    }
    assert_int_equal(
        kg_codec_query_decode(request->envelope.body, request->envelope.body_bytes, &query, detail),
        KG_STATUS_OK);
    if (query.view >= KG_VIEW_TREE_HEAD)
        answer_tree(broker, &query, reply);
    else
        fake_serve(broker, request, reply);
    kg_query_fini(&query);
    return true;
}

static int set_up(void **state)
{
    fake_setup(state);
    fake_broker *broker = *state;
    count = 9;
    kg_random(leaves, sizeof leaves);
    broker->keep_heads = true;
    fake_handle(broker, serve);
    fake_open(broker, 30000);
    return 0;
}

static kopgroep_outcome withdraw(fake_broker *broker, kopgroep_answer *answer)
{
    static const char *const lines[] = {"laptops-2027"};
    kopgroep_withdraw(broker->session, lines, 1, answer);
    return answer->outcome;
}

/* A command whose receipt nothing is wrong with. */
static void do_well(fake_broker *broker)
{
    kopgroep_answer answer;
    assert_int_equal(withdraw(broker, &answer), KOPGROEP_DONE);
    assert_string_equal(answer.detail, "");
    kopgroep_answer_fini(&answer);
}

static void need(fake_broker *broker, kopgroep_outcome outcome, const char *code)
{
    kopgroep_answer answer;
    kopgroep_audit(broker->session, NULL, &answer);
    assert_int_equal(answer.outcome, outcome);
    if (code)
        assert_string_equal(answer.code_name, code);
    kopgroep_answer_fini(&answer);
}

static void kept_path(const fake_broker *broker, const char *more, char out[static 256])
{
    char deployment[17];
    kg_hex_write(broker->access.deployment, 8, deployment);
    kg_text_format(out, 256, "%s.%s.head%s", broker->identity_path, deployment, more);
}

static void honest_histories_go_on(void **state)
{
    fake_broker *broker = *state;
    char path[256];
    struct stat info;
    kept_path(broker, "", path);
    assert_int_not_equal(stat(path, &info), 0);
    do_well(broker);
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    for (int i = 0; i < 5; i++) {
        do_well(broker);
        need(broker, KOPGROEP_DONE, NULL);
    }
}

static void another_history_is_refused(void **state)
{
    fake_broker *broker = *state;
    kopgroep_answer answer;
    char path[256];
    do_well(broker);
    atomic_store(&broker->state, OTHER_HISTORY);
    need(broker, KOPGROEP_REFUSED, "HISTORY"); /* of the same size */
    assert_int_equal(withdraw(broker, &answer), KOPGROEP_REFUSED);
    assert_string_equal(answer.code_name, "HISTORY");
    assert_true(answer.has_receipt);
    assert_non_null(strstr(answer.detail, "accepted as record 11"));
    kopgroep_answer_fini(&answer);
    kept_path(broker, ".broken", path);
    assert_int_equal(access(path, F_OK), 0);
    atomic_store(&broker->state, HONEST); /* what was kept is still the first */
    need(broker, KOPGROEP_DONE, NULL);
}

static void a_shorter_history_is_refused(void **state)
{
    fake_broker *broker = *state;
    do_well(broker);
    do_well(broker);
    count--;
    need(broker, KOPGROEP_REFUSED, "HISTORY_SHORTER");
    count++;
    need(broker, KOPGROEP_DONE, NULL);
    count++;
    atomic_store(&broker->state, SHORTER);
    need(broker, KOPGROEP_REFUSED, "HISTORY_SHORTER");
}

static void another_key_is_refused(void **state)
{
    fake_broker *broker = *state;
    kopgroep_answer answer;
    atomic_store(&broker->state, OTHER_KEY);
    assert_int_equal(withdraw(broker, &answer), KOPGROEP_REFUSED);
    assert_string_equal(answer.code_name, "HEAD_SIGNATURE");
    assert_true(answer.has_receipt);
    kopgroep_answer_fini(&answer);
    need(broker, KOPGROEP_REFUSED, "HEAD_SIGNATURE");
}

/* A broker that has no time for a proof has not lied: the command is done, and it is said. */
static void what_was_not_proven_is_said(void **state)
{
    fake_broker *broker = *state;
    kopgroep_answer answer;
    do_well(broker);
    atomic_store(&broker->state, NO_PROOFS);
    assert_int_equal(withdraw(broker, &answer), KOPGROEP_DONE);
    assert_non_null(strstr(answer.detail, "was not checked"));
    kopgroep_answer_fini(&answer);
    need(broker, KOPGROEP_REFUSED, "OVERLOADED");
}

static void a_damaged_head_is_not_passed_over(void **state)
{
    fake_broker *broker = *state;
    kopgroep_answer answer;
    char path[256];
    do_well(broker);
    kept_path(broker, "", path);
    fake_write_file(path, "{\"size\":4}", 10);
    assert_int_equal(withdraw(broker, &answer), KOPGROEP_DONE);
    assert_non_null(strstr(answer.detail, path));
    kopgroep_answer_fini(&answer);
    need(broker, KOPGROEP_LOCAL, NULL);
}

static kopgroep_outcome verify(fake_broker *broker, const char *path, bool offline)
{
    kopgroep_answer answer;
    if (offline)
        kopgroep_verify_offline(broker->access_path, path, &answer);
    else
        kopgroep_verify(broker->session, path, NULL, &answer);
    kopgroep_outcome outcome = answer.outcome;
    kopgroep_answer_fini(&answer);
    return outcome;
}

static void receipts_are_proven(void **state)
{
    fake_broker *broker = *state;
    kopgroep_answer answer;
    char path[256];
    kg_text_format(path, sizeof path, "%s/receipt", broker->folder);
    kopgroep_receipt_write(broker->session, path, &answer);
    assert_int_equal(answer.outcome, KOPGROEP_USAGE); /* of what? */
    kopgroep_answer_fini(&answer);
    do_well(broker);
    kopgroep_receipt_write(broker->session, path, &answer);
    assert_int_equal(answer.outcome, KOPGROEP_DONE);
    kopgroep_answer_fini(&answer);
    assert_int_equal(verify(broker, path, true), KOPGROEP_DONE);
    assert_int_equal(verify(broker, path, false), KOPGROEP_DONE);
    count += 5;
    assert_int_equal(verify(broker, path, false), KOPGROEP_DONE);
    kopgroep_receipt_write(broker->session, path, &answer);
    assert_int_equal(answer.outcome, KOPGROEP_LOCAL); /* never overwritten */
    kopgroep_answer_fini(&answer);
    atomic_store(&broker->state, OTHER_HISTORY);
    assert_int_equal(verify(broker, path, true), KOPGROEP_DONE);
    assert_int_equal(verify(broker, path, false), KOPGROEP_REFUSED);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, fake_teardown)
    const struct CMUnitTest tests[] = {
        CASE(honest_histories_go_on),       CASE(another_history_is_refused),
        CASE(a_shorter_history_is_refused), CASE(another_key_is_refused),
        CASE(what_was_not_proven_is_said),  CASE(a_damaged_head_is_not_passed_over),
        CASE(receipts_are_proven),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
