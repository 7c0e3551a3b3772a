/* SPDX-License-Identifier: EUPL-1.2 */
#include "client/cli/practice_show.h"

#include <stdio.h>
#include <stdlib.h>

#include "client/cli/tell.h"

static const cli_column fields[] = {
    {N_("name"), "name", false},
    {N_("title"), "shown_title", false},
    {N_("type"), "type", false},
    {N_("category"), "category", false},
    {N_("criteria"), "criteria", false},
    {N_("lot"), "lot", false},
    {N_("published"), "time", false},
    {N_("languages"), "shown_languages", false},
    {N_("shown in"), "shown_in", false},
    {0},
};

static const cli_column clause_columns[] = {
    {N_("criterion"), "criterion", false}, {N_("level"), "level", false},
    {N_("clause"), "name", false},         {N_("type"), "type", false},
    {N_("title"), "shown_title", false},   {0},
};

const char *cli_practice_language(const json_t *texts)
{
    static const char *const codes[] = {"nl", "fr", "de", "en"};
    if (json_object_get(texts, kg_language()))
        return kg_language();
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (json_object_get(texts, codes[i]))
            return codes[i];
    return NULL;
}

static json_t *languages_of(const json_t *titles)
{
    const char *code;
    json_t *title, *out = json_array();
    json_object_foreach((json_t *)(uintptr_t)titles, code, title)
        json_array_append_new(out, json_string(code));
    return out;
}

void cli_practice_name(json_t *practice)
{
    char name[200];
    const json_t *titles = cli_at(practice, "title");
    const char *language = cli_practice_language(titles);
    char *organisation = cli_value(practice, "organisation"), *key = cli_value(practice, "key");
    snprintf(name, sizeof name, "%s/%s", organisation, key);
    json_object_set_new(practice, "name", json_string(name));
    json_object_set_new(practice, "shown_languages", languages_of(titles));
    if (language) {
        json_object_set(practice, "shown_title", json_object_get(titles, language));
        json_object_set_new(practice, "shown_in", json_string(language));
    }
    free(organisation);
    free(key);
}

static void show_part(const json_t *text, const char *key, const char *heading)
{
    char *words = cli_value(text, key);
    if (words[0] && heading)
        cli_show_title(heading);
    if (words[0])
        cli_show_text(words);
    free(words);
}

void cli_practice_show(const json_t *practice)
{
    json_t *shown = json_copy((json_t *)(uintptr_t)practice);
    const json_t *texts = cli_at(practice, "texts");
    const char *language = cli_practice_language(texts);
    const json_t *text = language ? json_object_get(texts, language) : NULL;
    cli_practice_name(shown);
    cli_show_fields(shown, fields);
    show_part(text, "words", NULL);
    show_part(text, "approach", _("Approach"));
    show_part(text, "result", _("Result"));
    show_part(text, "lesson", _("Lesson"));
    json_decref(shown);
}

static void add_rows(json_t *rows, const json_t *need)
{
    size_t i;
    const json_t *clause, *clauses = cli_at(need, "clauses");
    json_array_foreach(clauses, i, clause)
    {
        json_t *row = json_copy((json_t *)(uintptr_t)clause);
        cli_practice_name(row);
        json_object_set(row, "criterion", cli_at(need, "criterion"));
        json_object_set(row, "level", cli_at(need, "level"));
        json_array_append_new(rows, row);
    }
    if (json_array_size(clauses) == 0)
        json_array_append_new(rows,
                              json_pack("{s:O,s:O,s:s}", "criterion", cli_at(need, "criterion"),
                                        "level", cli_at(need, "level"), "name", _("none yet")));
}

void cli_practice_show_clauses(const json_t *clauses)
{
    size_t i;
    const json_t *need;
    json_t *rows = json_array();
    json_array_foreach(clauses, i, need) add_rows(rows, need);
    cli_show_part(rows, "Clauses for its criteria", clause_columns);
    json_decref(rows);
}
