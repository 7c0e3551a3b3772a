/* SPDX-License-Identifier: EUPL-1.2 */
#include <string.h>

#include "proto/codec_pb.h"
#include "proto/practice.h"

static void read_text(kg_reader *in, const Kopgroep__PracticeText *m, kg_practice *out)
{
    kg_texts parts = {0};
    const char *code = kg_reader_needed(in, KG_FIELD(m, language), KG_ID_BYTES_MAX);
    const char *title = kg_reader_needed(in, KG_FIELD(m, title), KG_TITLE_BYTES_MAX);
    kg_reader_texts(in, KG_FIELDS(m, parts), (size_t)kg_practice_parts(out), KG_PRACTICE_BYTES_MAX,
                    &parts);
    if (!kg_reader_good(in))
        return;
    const int language = kg_name_language_find(code);
    if (language == KG_NAMES || out->texts[language].title) {
        kg_reader_fail(in, KG_STATUS_INVALID, "language", "It is nl, fr, de or en, each once.");
        return;
    }
    out->texts[language].title = title;
    for (size_t i = 0; i < parts.count; i++)
        out->texts[language].parts[i] = parts.items[i];
}

void kg_read_practice(kg_reader *in, const void *message, kg_command *out)
{
    const Kopgroep__Practice *m = message;
    kg_practice *practice = &out->practice;
    practice->key = kg_reader_needed(in, KG_FIELD(m, key), KG_ID_BYTES_MAX);
    practice->clause = m->has_clause && m->clause;
    practice->category = kg_reader_needed(in, KG_FIELD(m, category), KG_ID_BYTES_MAX);
    kg_reader_texts(in, KG_FIELDS(m, criteria), KG_PRACTICE_CRITERIA_MAX, KG_ID_BYTES_MAX,
                    &practice->criteria);
    practice->lot = kg_reader_text(in, KG_FIELD(m, lot), KG_LOT_REFERENCE_BYTES_MAX);
    practice->type =
        (int)kg_reader_number(in, KG_NUMBER(m, type), 0, KG_CRITERION_CLAUSE, KG_CRITERION_CLAUSE);
    for (size_t i = 0; i < m->n_texts && kg_reader_good(in); i++)
        read_text(in, m->texts[i], practice);
}

static Kopgroep__PracticeText *write_text(const kg_practice *practice, int language,
                                          kg_arena *scratch)
{
    const kg_practice_text *text = &practice->texts[language];
    Kopgroep__PracticeText *m = kg_arena_alloc(scratch, sizeof *m);
    kg_texts parts = {(const char **)(uintptr_t)text->parts, 0};
    kopgroep__practice_text__init(m);
    KG_PUT_TEXT(m, language, kg_name_language(language));
    KG_PUT_TEXT(m, title, text->title);
    while (parts.count < (size_t)kg_practice_parts(practice) && text->parts[parts.count])
        parts.count++;
    KG_PUT_TEXTS(m, parts, scratch, &parts);
    return m;
}

void kg_write_practice(const kg_command *command, const kg_catalogue *catalogue, kg_arena *scratch,
                       kg_buffer *out)
{
    const kg_practice *practice = &command->practice;
    Kopgroep__Practice m = KOPGROEP__PRACTICE__INIT;
    (void)catalogue;
    KG_PUT_TEXT(&m, key, practice->key);
    KG_PUT(&m, clause, practice->clause);
    KG_PUT_TEXT(&m, category, practice->category);
    KG_PUT_TEXTS(&m, criteria, scratch, &practice->criteria);
    KG_PUT_TEXT(&m, lot, practice->lot);
    KG_PUT(&m, type, (uint32_t)practice->type);
    m.texts = kg_arena_alloc(scratch, KG_NAMES * sizeof *m.texts);
    for (int i = 0; i < KG_NAMES; i++)
        if (practice->texts[i].title)
            m.texts[m.n_texts++] = write_text(practice, i, scratch);
    kg_pack(&m.base, out);
}

void kg_read_practice_retire(kg_reader *in, const void *message, kg_command *out)
{
    const Kopgroep__PracticeRetire *m = message;
    out->practice.key = kg_reader_needed(in, KG_FIELD(m, key), KG_ID_BYTES_MAX);
}

void kg_write_practice_retire(const kg_command *command, const kg_catalogue *catalogue,
                              kg_arena *scratch, kg_buffer *out)
{
    Kopgroep__PracticeRetire m = KOPGROEP__PRACTICE_RETIRE__INIT;
    (void)catalogue;
    (void)scratch;
    KG_PUT_TEXT(&m, key, command->practice.key);
    kg_pack(&m.base, out);
}
