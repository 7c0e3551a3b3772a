/* SPDX-License-Identifier: EUPL-1.2 */
/* Settings files: the same bytes as a catalogue, as a round of a small catalogue, as organisations,
 * and as a fiche or clause. What is read must write the same canonical bytes whenever it is read
 * again. */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "proto/catalogue_file.h"
#include "proto/practice.h"

static const char small[] = "criterion w { scale = {a, b} type = clause }\n"
                            "category laptop { cpv = {30213100} criteria = {w} }\n"
                            "category monitor { cpv = {30231000} }\n";

/* The canonical bytes of a catalogue, or none where it is wrong. */
static kg_buffer catalogue_bytes(const char *text)
{
    kg_buffer out;
    kg_problems problems;
    kg_buffer_init(&out);
    kg_problems_init(&problems, NULL);
    kg_catalogue *catalogue = kg_catalogue_read_text(text, "catalogue", &problems);
    if ((catalogue == NULL) != (problems.count > 0))
        abort();
    if (catalogue)
        kg_catalogue_write(catalogue, kg_buffer_sink(&out));
    kg_catalogue_destroy(&catalogue);
    kg_problems_fini(&problems);
    return out;
}

static kg_buffer round_bytes(const char *text)
{
    kg_buffer out;
    kg_problems problems;
    kg_round round;
    kg_buffer_init(&out);
    kg_problems_init(&problems, NULL);
    kg_catalogue *catalogue = kg_catalogue_read_text(small, "catalogue", &problems);
    bool right = kg_round_read_text(text, "round", catalogue, &round, &problems);
    if (right != (problems.count == 0))
        abort();
    if (right)
        kg_round_write(&round, catalogue, kg_buffer_sink(&out));
    kg_round_fini(&round);
    kg_catalogue_destroy(&catalogue);
    kg_problems_fini(&problems);
    return out;
}

static kg_buffer organisation_bytes(const char *text)
{
    kg_buffer out;
    kg_problems problems;
    size_t count;
    kg_buffer_init(&out);
    kg_problems_init(&problems, NULL);
    kg_organisation *all = kg_organisations_read_text(text, "organisations", &count, &problems);
    if ((all == NULL) != (problems.count > 0))
        abort();
    for (size_t i = 0; i < count; i++) {
        kg_organisation_write(&all[i], kg_buffer_sink(&out));
        kg_organisation_fini(&all[i]);
    }
    free(all);
    kg_problems_fini(&problems);
    return out;
}

static void twice(kg_buffer (*bytes)(const char *text), const char *text)
{
    kg_buffer first = bytes(text), second = bytes(text);
    if (first.count != second.count || memcmp(first.bytes, second.bytes, first.count) != 0)
        abort();
    kg_buffer_fini(&first);
    kg_buffer_fini(&second);
}

static void keeps_bounds(const kg_practice *practice)
{
    char why[200];
    fuzz_need(kg_id_valid(practice->key) && kg_practice_whole(practice, why));
    fuzz_need(practice->category && strlen(practice->category) <= KG_ID_BYTES_MAX);
    fuzz_need(practice->criteria.count <= KG_PRACTICE_CRITERIA_MAX);
    for (int i = 0; i < KG_NAMES; i++) {
        const kg_practice_text *text = &practice->texts[i];
        fuzz_need(!text->title || strlen(text->title) <= KG_TITLE_BYTES_MAX);
        for (int k = 0; k < kg_practice_parts(practice); k++)
            fuzz_need(!text->parts[k] || strlen(text->parts[k]) <= KG_PRACTICE_BYTES_MAX);
    }
}

static void read_practice(const uint8_t *data, size_t size)
{
    kg_arena arena;
    kg_practice practice;
    kg_problems problems;
    kg_arena_init(&arena);
    kg_problems_init(&problems, NULL);
    bool right = kg_practice_read(fuzz_path(data, size), &arena, &practice, &problems);
    fuzz_need(right == (problems.count == 0));
    if (right)
        keeps_bounds(&practice);
    kg_problems_fini(&problems);
    kg_arena_fini(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    kg_buffer text;
    kg_buffer_init(&text);
    kg_buffer_add(&text, data, size);
    twice(catalogue_bytes, text.bytes);
    twice(round_bytes, text.bytes);
    twice(organisation_bytes, text.bytes);
    read_practice(data, size);
    kg_buffer_fini(&text);
    return 0;
}
