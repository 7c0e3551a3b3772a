/* SPDX-License-Identifier: EUPL-1.2 */
/* Any bytes as what a broker answers, on the client's side: no reply, or an answer whose texts are
 * texts; and its page as the document that proofs are read from. */
#include <stdlib.h>
#include <string.h>

#include "client/proof_json.h"
#include "client/session.h"
#include "tests/fuzz/fuzz.h"

static void need_text(const char *text, size_t most)
{
    fuzz_need(strlen(text) <= most && (!*text || kg_text_valid(text, most)));
}

static long row_of(const void *context, const kg_problem *problem)
{
    (void)context;
    return problem->row;
}

static void need_answer(const kg_reply *reply)
{
    const kg_client_origin origin = {.file = "plan.csv", .row = row_of};
    kopgroep_answer answer = {0};
    kg_client_take_reply(&answer, reply, &origin);
    fuzz_need(answer.outcome == KOPGROEP_DONE || answer.detail[0] != '\0');
    need_text(answer.detail, sizeof answer.detail - 1);
    need_text(answer.result, sizeof answer.result - 1);
    fuzz_need(answer.problems_count <= KG_PROBLEMS_REPLY_MAX);
    for (size_t i = 0; i < answer.problems_count; i++) {
        const kopgroep_problem *problem = &answer.problems[i];
        if (problem->value)
            need_text(problem->value, KG_FRAME_BYTES_MAX);
        if (problem->allowed)
            need_text(problem->allowed, KG_FRAME_BYTES_MAX);
    }
    kopgroep_answer_fini(&answer);
}

/* A document with a head, a proof, or both. */
static void try_document(const char *bytes, size_t count)
{
    kg_tree_head head;
    kg_tree_proof proof;
    json_t *document = json_loadb(bytes, count, 0, NULL);
    if (!document)
        return;
    if (kg_client_read_head(json_object_get(document, "head"), &head)) {
        json_t *json = kg_client_head_json(&head);
        kg_tree_head again;
        fuzz_need(kg_client_read_head(json, &again) && memcmp(&again, &head, sizeof head) == 0);
        json_decref(json);
    }
    if (kg_client_read_proof(json_object_get(document, "proof"), &proof)) {
        kg_tree_hash root = {{1}};
        fuzz_need(proof.count <= KG_TREE_PROOF_MAX);
        fuzz_need(!kg_tree_check_inclusion(&root, proof.count, 1000, &proof, &root));
    }
    json_decref(document);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    kg_reply reply;
    if (size == 0 || size > KG_FRAME_BYTES_MAX)
        return 0;
    if (data[0] == '{') {
        try_document((const char *)data, size);
        return 0;
    }
    if (kg_codec_reply_decode(data, size, &reply)) {
        need_answer(&reply);
        if (reply.has_page)
            try_document((const char *)reply.page, reply.page_bytes);
    }
    kg_reply_fini(&reply);
    return 0;
}
