/* SPDX-License-Identifier: EUPL-1.2 */
/* Any bytes as a file of receipts, verified offline: an error, a refusal, or proven; and what is
 * proven was accepted by the broker of the access file below, which signed what the seeds hold. */
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "client/kopgroep.h"
#include "proto/text.h"
#include "tests/fuzz/fuzz.h"
#include "tests/journal/helper_journal.h"

static const char access_text[] =
    "deployment = \"e0d7249d8f22e681eeba549dfef9755d\"\n"
    "requests = \"tcp://127.0.0.1:7411\"\n"
    "feeds = \"tcp://127.0.0.1:7412\"\n"
    "key = \"e30f3796cd5d3bb18c6ee3a168edecd64d79c8c972e6cfb3693c8859fe536566\"\n"
    "sign = \"b09d13e8732f7af6bb28577567779a91e10096ee6466fe6720ec79d6ee505831\"\n";

/* The leaves of the two records that have receipts. */
static const char *const leaves[] = {
    "000a4f91768f283bb1ef739370337b30f7fe26d49b06a759a11266dd347139e8",
    "e96572122474cd6e72d2a992d534da775d1d3b54a91862c935abed441a169d79",
};

static char *folder, *access_file;

static void remove_folder(void)
{
    helper_folder_remove(&folder);
    free(access_file);
}

static void make_access_file(void)
{
    folder = helper_folder_new();
    access_file = helper_path(folder, "broker.access");
    helper_file_write(access_file, (const uint8_t *)access_text, sizeof(access_text) - 1);
    atexit(remove_folder);
}

static void need_proven(const json_t *rows)
{
    const json_t *row;
    size_t i;

    fuzz_need(json_array_size(rows) > 0);
    json_array_foreach(rows, i, row)
    {
        const char *leaf = json_string_value(json_object_get(row, "leaf"));

        fuzz_need(leaf && (strcmp(leaf, leaves[0]) == 0 || strcmp(leaf, leaves[1]) == 0));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    kopgroep_answer answer;

    if (!folder)
        make_access_file();
    kopgroep_verify_offline(access_file, fuzz_path(data, size), &answer);
    if (answer.outcome == KOPGROEP_DONE) {
        json_t *rows = json_loads(answer.document, 0, NULL);

        need_proven(rows);
        json_decref(rows);
    } else {
        fuzz_need(kg_text_valid(answer.detail, sizeof(answer.detail)));
    }
    kopgroep_answer_fini(&answer);
    return 0;
}
