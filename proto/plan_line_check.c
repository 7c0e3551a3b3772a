/* SPDX-License-Identifier: EUPL-1.2 */
#include "proto/plan_line_check.h"

#include <string.h>

#define CPV_MIN 1000000 /* the first two digits are a division, and there is none of 00 */

static const char separators[] = " \t\r\n,;";

const char *kg_line_given(const kg_line_check *check, kg_column column)
{
    const char *text = check->draft->text[column];
    bool told = check->draft->told >> column & 1;
    return told || !text || !*text ? NULL : text;
}

bool kg_line_wrong(const kg_line_check *check, kg_column column)
{
    return check->wrong >> column & 1;
}

void kg_line_refuse(kg_line_check *check, kg_status status, kg_column column, const char *value,
                    const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    check->wrong |= 1u << column;
    kg_problems_vadd(check->problems, status, check->row, kg_column_name(column), value, format,
                     arguments);
    va_end(arguments);
}

bool kg_line_word(const char **at, char *word, size_t size)
{
    *at += strspn(*at, separators);
    size_t count = strcspn(*at, separators);
    if (count == 0)
        return false;
    size_t kept = count < size ? count : size - 1;
    memcpy(word, *at, kept);
    word[kept] = '\0';
    *at += count;
    return true;
}

const char *kg_line_list(kg_line_check *check, const char *const *names, size_t count)
{
    kg_buffer list;
    kg_buffer_init(&list);
    for (size_t i = 0; i < count; i++)
        kg_buffer_format(&list, "%s%s", i > 0 ? " " : "", names[i]);
    const char *text = kg_arena_text(check->arena, list.bytes, list.count);
    kg_buffer_fini(&list);
    return text;
}

const char *kg_line_suggest(kg_line_check *check, const char *word, const char *const *names,
                            size_t count)
{
    const char *nearest = kg_text_nearest(word, names, count);
    char text[KG_ID_BYTES_MAX + 20];
    if (!nearest)
        return "";
    kg_text_format(text, sizeof text, KG_SAY("Did you mean %s? "), nearest);
    return kg_arena_text(check->arena, text, strlen(text));
}

/* A key that two sides must spell alike: kept as it is, or refused. */
static void check_line_key(kg_line_check *check)
{
    const char *text = kg_line_given(check, KG_COLUMN_LINE);
    if (!text) {
        if (!kg_line_wrong(check, KG_COLUMN_LINE))
            kg_line_refuse(check, KG_STATUS_MISSING, KG_COLUMN_LINE, NULL,
                           "Give your own key of the line, 1 to %d bytes of text.",
                           KG_LINE_KEY_BYTES_MAX);
    } else if (!kg_text_valid(text, KG_LINE_KEY_BYTES_MAX)) {
        kg_line_refuse(check, KG_STATUS_LINE_KEY, KG_COLUMN_LINE, text, NULL);
    } else {
        check->out->line = kg_arena_text(check->arena, text, strlen(text));
    }
}

static void check_organisation(kg_line_check *check)
{
    const char *text = kg_line_given(check, KG_COLUMN_ORGANISATION);
    if (!text)
        return;
    if (kg_id_valid(text))
        check->out->organisation = kg_arena_text(check->arena, text, strlen(text));
    else
        kg_line_refuse(check, KG_STATUS_ORGANISATION, KG_COLUMN_ORGANISATION, text, NULL);
}

/* Each run of line breaks and tabs becomes one space: a title is one line wherever it is shown. */
static void fold(char *text)
{
    char *to = text;
    for (const char *from = text; *from;) {
        size_t breaks = strspn(from, "\t\r\n");
        *to++ = breaks ? ' ' : *from;
        from += breaks ? breaks : 1;
    }
    *to = '\0';
}

static void check_title(kg_line_check *check)
{
    const char *text = kg_line_given(check, KG_COLUMN_TITLE);
    check->out->title = "";
    if (!text)
        return;
    char *title = kg_arena_text(check->arena, text, strlen(text));
    fold(title);
    check->out->title = title;
    if (strlen(title) > KG_TITLE_BYTES_MAX)
        kg_line_refuse(check, KG_STATUS_TOO_LONG, KG_COLUMN_TITLE, title,
                       "A title has at most %d bytes.", KG_TITLE_BYTES_MAX);
    else if (!kg_text_valid(title, KG_TITLE_BYTES_MAX))
        kg_line_refuse(check, KG_STATUS_ENCODING, KG_COLUMN_TITLE, title, NULL);
}

static void check_cpv(kg_line_check *check)
{
    const char *text = kg_line_given(check, KG_COLUMN_CPV);
    uint32_t cpv = 0;
    if (text && (!kg_catalogue_cpv_parse(text, &cpv) || cpv < CPV_MIN))
        kg_line_refuse(check, KG_STATUS_CPV, KG_COLUMN_CPV, text, NULL);
    else
        check->out->cpv = cpv;
}

static void refuse_category(kg_line_check *check, const char *name)
{
    const kg_catalogue *catalogue = check->catalogue;
    const char *ids[KG_CATALOGUE_CATEGORIES_MAX];
    for (size_t i = 0; i < catalogue->categories_count; i++)
        ids[i] = catalogue->categories[i].id;
    kg_line_refuse(check, KG_STATUS_UNKNOWN_CATEGORY, KG_COLUMN_CATEGORY, name,
                   "%sThe categories are: %s. What is in none of them is named by its cpv alone.",
                   kg_line_suggest(check, name, ids, catalogue->categories_count),
                   kg_line_list(check, ids, catalogue->categories_count));
}

static void refuse_other_cpv(kg_line_check *check, const char *name, kg_category by_cpv)
{
    char other[KG_CATEGORY_NAME_BYTES];
    kg_category_name(check->catalogue, by_cpv, other);
    kg_line_refuse(check, KG_STATUS_CATEGORY_CPV, KG_COLUMN_CPV,
                   kg_line_given(check, KG_COLUMN_CPV),
                   "The CPV code belongs to %s, not to %s: give one of the two, or let them agree.",
                   other, name);
}

static void check_category(kg_line_check *check)
{
    kg_plan_line *out = check->out;
    const char *name = kg_line_given(check, KG_COLUMN_CATEGORY);
    kg_category by_cpv = out->cpv ? kg_catalogue_by_cpv(check->catalogue, out->cpv)
                                  : KG_CATEGORY_NONE;
    bool in_doubt =
        kg_line_wrong(check, KG_COLUMN_CATEGORY) || kg_line_wrong(check, KG_COLUMN_CPV);
    out->category = in_doubt ? KG_CATEGORY_NONE : by_cpv;
    if (!name) {
        if (out->cpv == 0 && !in_doubt)
            kg_line_refuse(check, KG_STATUS_MISSING, KG_COLUMN_CATEGORY, NULL,
                           "Give a category, or a cpv of 8 digits.");
        return;
    }
    kg_category named = kg_category_find(check->catalogue, name);
    bool by_number = (named & KG_CATEGORY_CPV) != 0; /* KG_CATEGORY_NONE too */
    out->category = named;
    if (named == KG_CATEGORY_NONE || (by_number && out->cpv == 0 && !in_doubt)) {
        out->category = KG_CATEGORY_NONE;
        refuse_category(check, name);
    } else if (by_cpv != KG_CATEGORY_NONE && by_cpv != named) {
        out->category = KG_CATEGORY_NONE;
        refuse_other_cpv(check, name, by_cpv);
    }
}

/* The place of the column's text among the names, `absent` where there is none. */
static int check_choice(kg_line_check *check, kg_column column, kg_status status,
                        const char *const *names, size_t count, int absent)
{
    const char *text = kg_line_given(check, column);
    if (!text)
        return absent;
    for (size_t i = 0; i < count; i++) {
        if (strcmp(text, names[i]) == 0)
            return (int)i;
    }
    kg_line_refuse(check, status, column, text, "%s%s", kg_line_suggest(check, text, names, count),
                   kg_status_text(status));
    return absent;
}

static void check_choices(kg_line_check *check)
{
    static const char *const conditions[] = {"new", "refurbished", "either"};
    static const char *const tracks[] = {"peloton", "kopgroep"};
    static const char *const commitments[] = {"indicative", "intended", "binding"};
    kg_plan_line *out = check->out;
    int condition = check_choice(check, KG_COLUMN_CONDITION, KG_STATUS_CONDITION, conditions, 3, 0);
    out->conditions = (uint8_t)(KG_CONDITION_NEW + condition);
    out->track = (uint8_t)check_choice(check, KG_COLUMN_TRACK, KG_STATUS_TRACK, tracks, 2,
                                       KG_TRACK_PELOTON);
    out->commitment = (uint8_t)check_choice(check, KG_COLUMN_COMMITMENT, KG_STATUS_COMMITMENT,
                                            commitments, 3, KG_COMMITMENT_INDICATIVE);
}

/* 31/01/2027, 31.1.2027, 31-01-2027, or the number of a day, as spreadsheet programs write them. */
static bool from_spreadsheet(const char *text)
{
    size_t digits = strspn(text, "0123456789");
    return (digits > 0 && (text[digits] == '/' || text[digits] == '.' || text[digits] == '\0')) ||
           (digits > 0 && digits < 4 && text[digits] == '-');
}

static void refuse_date(kg_line_check *check, kg_column column, const char *text)
{
    if (from_spreadsheet(text))
        kg_line_refuse(check, KG_STATUS_DATE, column, text,
                       "A date is written 2027-01-31 and must exist. In a spreadsheet give the "
                       "column the format yyyy-mm-dd, then save it again.");
    else
        kg_line_refuse(check, KG_STATUS_DATE, column, text, NULL);
}

static kg_date check_date(kg_line_check *check, kg_column column, bool required)
{
    const char *text = kg_line_given(check, column);
    kg_date date = KG_DATE_NONE;
    if (!text && required && !kg_line_wrong(check, column))
        kg_line_refuse(check, KG_STATUS_MISSING, column, NULL,
                       "Give a date, written 2027-01-31.");
    else if (text && !kg_date_parse(text, &date))
        refuse_date(check, column, text);
    return date;
}

static void check_dates(kg_line_check *check)
{
    kg_plan_line *out = check->out;
    out->delivery_from = check_date(check, KG_COLUMN_DELIVERY_FROM, true);
    out->delivery_to = check_date(check, KG_COLUMN_DELIVERY_TO, true);
    out->order_by = check_date(check, KG_COLUMN_ORDER_BY, false);
    if (out->delivery_from != KG_DATE_NONE && out->delivery_to != KG_DATE_NONE &&
        out->delivery_from > out->delivery_to)
        kg_line_refuse(check, KG_STATUS_DATE_ORDER, KG_COLUMN_DELIVERY_TO,
                       kg_line_given(check, KG_COLUMN_DELIVERY_TO),
                       "delivery_to must not be before delivery_from (%s).",
                       kg_line_given(check, KG_COLUMN_DELIVERY_FROM));
}

static void check_nuts(kg_line_check *check)
{
    const char *text = kg_line_given(check, KG_COLUMN_NUTS);
    char near[400];
    if (!text) {
        if (!kg_line_wrong(check, KG_COLUMN_NUTS))
            kg_line_refuse(check, KG_STATUS_MISSING, KG_COLUMN_NUTS, NULL,
                           "Give the NUTS code of the place of delivery, such as BE211.");
        return;
    }
    if (kg_nuts_listed(text)) {
        memcpy(check->out->nuts.code, text, strlen(text) + 1);
        return;
    }
    kg_nuts_near(text, near, sizeof near);
    kg_line_refuse(check, KG_STATUS_NUTS, KG_COLUMN_NUTS, text, "%s Listed there: %s.",
                   kg_status_text(KG_STATUS_NUTS), near);
}

static void check_languages(kg_line_check *check, kg_languages absent)
{
    const char *text = kg_line_given(check, KG_COLUMN_LANGUAGES);
    kg_languages set = 0;
    char word[24];
    for (const char *at = text ? text : ""; kg_line_word(&at, word, sizeof word);) {
        int language = kg_language_find(word);
        if (language >= 0)
            set |= (kg_languages)1 << language;
        else
            kg_line_refuse(check, KG_STATUS_LANGUAGE, KG_COLUMN_LANGUAGES, word,
                           "A language is one of: %s.", kg_language_allowed());
    }
    if (text && set == 0 && !kg_line_wrong(check, KG_COLUMN_LANGUAGES))
        kg_line_refuse(check, KG_STATUS_LANGUAGE, KG_COLUMN_LANGUAGES, text, NULL);
    check->out->languages = set ? set : absent;
}

static void check_lifetime(kg_line_check *check)
{
    const char *text = kg_line_given(check, KG_COLUMN_LIFETIME_YEARS);
    int64_t years = 0;
    if (text && !kg_integer_parse(text, 1, KG_LIFETIME_YEARS_MAX, &years))
        kg_line_refuse(check, KG_STATUS_LIFETIME, KG_COLUMN_LIFETIME_YEARS, text, NULL);
    check->out->lifetime_years = (uint8_t)years;
}

bool kg_plan_line_check(const kg_line_draft *draft, const kg_catalogue *catalogue,
                        kg_languages languages, long row, kg_arena *arena, kg_plan_line *out,
                        kg_problems *problems)
{
    kg_line_check check = {.draft = draft, .catalogue = catalogue, .arena = arena, .out = out,
                           .problems = problems, .row = row, .wrong = draft->told};
    *out = (kg_plan_line){0};
    check_organisation(&check);
    check_line_key(&check);
    check_title(&check);
    check_cpv(&check);
    check_category(&check);
    check_choices(&check);
    kg_line_check_values(&check);
    check_dates(&check);
    check_nuts(&check);
    check_languages(&check, languages);
    kg_line_check_levels(&check);
    check_lifetime(&check);
    return check.wrong == 0;
}
