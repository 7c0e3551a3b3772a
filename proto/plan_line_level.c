/* SPDX-License-Identifier: EUPL-1.2 */
/* What is required and what is accepted: criteria, accepts, profile. */
#include "proto/plan_line_check.h"

#include <stdlib.h>
#include <string.h>

#define WORD_BYTES (2 * KG_ID_BYTES_MAX + 64)

enum { UNSTATED = -1, WRONG = -2 };

/* What a column states, by the criterion's index in the catalogue. */
struct stated {
    int8_t rank[KG_CATALOGUE_CRITERIA_MAX];
};

static void refuse_criterion(kg_line_check *check, kg_column column, const char *word,
                             const char *id)
{
    const char *ids[KG_CATALOGUE_CRITERIA_MAX];
    char category[KG_CATEGORY_NAME_BYTES] = "the catalogue";
    size_t count = 0;
    if (check->out->category == KG_CATEGORY_NONE) {
        for (; count < check->catalogue->criteria_count; count++)
            ids[count] = check->catalogue->criteria[count].id;
    } else {
        kg_category_name(check->catalogue, check->out->category, category);
        int places = kg_category_criteria(check->catalogue, check->out->category);
        for (int i = 0; i < places; i++)
            ids[count++] =
                kg_category_criterion(check->catalogue, check->out->category, i)->id;
    }
    if (count == 0)
        kg_line_refuse(check, KG_STATUS_UNKNOWN_CRITERION, column, word, "%s has no criteria.",
                       category);
    else
        kg_line_refuse(check, KG_STATUS_UNKNOWN_CRITERION, column, word,
                       "%sWrite criterion=level. The criteria of %s are: %s.",
                       kg_line_suggest(check, id, ids, count), category,
                       kg_line_list(check, ids, count));
}

static void refuse_level(kg_line_check *check, kg_column column, const char *word,
                         const kg_criterion *criterion)
{
    kg_line_refuse(check, KG_STATUS_UNKNOWN_LEVEL, column, word,
                   "The levels of %s, least to most ambitious, are: %s.", criterion->id,
                   kg_line_list(check, criterion->levels, (size_t)criterion->levels_count));
}

/* One "criterion=level". */
static void read_pair(kg_line_check *check, kg_column column, const char *word, struct stated *out)
{
    char id[WORD_BYTES];
    const kg_catalogue *catalogue = check->catalogue;
    kg_category category = check->out->category;
    size_t count = strcspn(word, "=");
    memcpy(id, word, count);
    id[count] = '\0';
    int index = kg_catalogue_criterion(catalogue, id);
    if (index < 0 ||
        (category != KG_CATEGORY_NONE && kg_category_place(catalogue, category, index) < 0)) {
        refuse_criterion(check, column, word, id);
        return;
    }
    const kg_criterion *criterion = &catalogue->criteria[index];
    int rank = word[count] ? kg_criterion_rank(criterion, word + count + 1) : -1;
    if (out->rank[index] != UNSTATED)
        kg_line_refuse(check, KG_STATUS_PROFILE_CRITERIA, column, word,
                       "%s stands twice: name each criterion once.", id);
    if (rank < 0)
        refuse_level(check, column, word, criterion);
    out->rank[index] = rank < 0 ? WRONG : (int8_t)rank;
}

static void read_pairs(kg_line_check *check, kg_column column, struct stated *out)
{
    char word[WORD_BYTES];
    const char *text = kg_line_given(check, column);
    memset(out->rank, UNSTATED, sizeof out->rank);
    for (const char *at = text ? text : ""; kg_line_word(&at, word, sizeof word);)
        read_pair(check, column, word, out);
}

static void refuse_profile(kg_line_check *check, const char *id)
{
    const kg_catalogue *catalogue = check->catalogue;
    if (catalogue->profiles_count == 0) {
        kg_line_refuse(check, KG_STATUS_UNKNOWN_PROFILE, KG_COLUMN_PROFILE, id,
                       "The catalogue has no profiles.");
        return;
    }
    const char **ids = kg_arena_alloc(check->arena, catalogue->profiles_count * sizeof *ids);
    for (size_t i = 0; i < catalogue->profiles_count; i++)
        ids[i] = catalogue->profiles[i].id;
    kg_line_refuse(check, KG_STATUS_UNKNOWN_PROFILE, KG_COLUMN_PROFILE, id,
                   "%sThe profiles are: %s.",
                   kg_line_suggest(check, id, ids, catalogue->profiles_count),
                   kg_line_list(check, ids, catalogue->profiles_count));
}

/* Adds the profile's levels where `criteria` states none. */
static void read_profile(kg_line_check *check, struct stated *required)
{
    const char *id = kg_line_given(check, KG_COLUMN_PROFILE);
    if (!id)
        return;
    int index = kg_catalogue_profile(check->catalogue, id);
    if (index < 0) {
        refuse_profile(check, id);
        return;
    }
    const kg_profile *profile = &check->catalogue->profiles[index];
    for (int i = 0; i < profile->count; i++) {
        int8_t *rank = &required->rank[profile->criteria[i]];
        if (*rank == UNSTATED)
            *rank = (int8_t)profile->ranks[i];
    }
}

/* A level required above the one accepted; a profile's levels of criteria that the category lacks
 * meet no accepted ones, since those cannot be named. */
static void check_order(kg_line_check *check, const struct stated *required,
                        const struct stated *accepted)
{
    for (size_t i = 0; i < check->catalogue->criteria_count; i++) {
        const kg_criterion *criterion = &check->catalogue->criteria[i];
        char pair[WORD_BYTES];
        if (accepted->rank[i] < 0 || required->rank[i] <= accepted->rank[i])
            continue;
        kg_text_format(pair, sizeof pair, "%s=%s", criterion->id,
                       criterion->levels[accepted->rank[i]]);
        kg_line_refuse(check, KG_STATUS_LEVEL_ORDER, KG_COLUMN_ACCEPTS, pair,
                       "The line requires %s of %s (by criteria or profile): accept that level or "
                       "a higher one, or leave the criterion out.",
                       criterion->levels[required->rank[i]], criterion->id);
    }
}

static void fill(kg_line_check *check, const struct stated *required,
                 const struct stated *accepted)
{
    const kg_category_entry *entry = kg_category_entry_of(check->catalogue, check->out->category);
    for (int i = 0; entry && i < entry->criteria_count; i++) {
        int8_t lo = required->rank[entry->criteria[i]], hi = accepted->rank[entry->criteria[i]];
        if (lo >= 0)
            check->out->lo.rank[i] = (uint8_t)lo;
        if (hi >= 0)
            check->out->hi.rank[i] = (uint8_t)hi;
    }
}

void kg_line_check_levels(kg_line_check *check)
{
    struct stated required, accepted;
    check->out->lo = kg_levels_fill(0);
    check->out->hi = kg_levels_fill(KG_LEVEL_ANY);
    if (!kg_line_given(check, KG_COLUMN_CRITERIA) && !kg_line_given(check, KG_COLUMN_ACCEPTS) &&
        !kg_line_given(check, KG_COLUMN_PROFILE))
        return;
    read_pairs(check, KG_COLUMN_CRITERIA, &required);
    read_pairs(check, KG_COLUMN_ACCEPTS, &accepted);
    read_profile(check, &required);
    check_order(check, &required, &accepted);
    if (check->out->category != KG_CATEGORY_NONE)
        fill(check, &required, &accepted);
}
