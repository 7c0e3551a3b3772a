/* SPDX-License-Identifier: EUPL-1.2 */
#include "client/notice/need.h"

#include <stdarg.h>
#include <string.h>

#include "client/notice/codes.h"
#include "client/language/language.h"
#include "client/notice/duration.h"
#include "proto/language.h"

#define NUMBERED_MAX 9999 /* ORG-, PAR- and LOT- have four digits */
#define CODES_MAX 5

/* What the coordinator decides about a procedure of subtypes 7 to 9: key, term, codes, and the
 * subtypes that must have it. Sources that need more terms of their own are left out. */
typedef struct kg_choice {
    const char *key, *term, *codes[CODES_MAX];
    bool must[3];
} kg_choice;

static const kg_choice choices[] = {
    {"framework", "BT-765-Lot", {"fa-mix", "fa-w-rc", "fa-wo-rc", "none"}, {true, true, true}},
    {"gpa", "BT-115-Lot", {"true", "false"}, {true, true, false}},
    {"eu_funds", "BT-60-Lot", {"eu-funds", "no-eu-funds"}, {true, false, false}},
    {"reserved_participation", "BT-71-Lot", {"none", "res-pub-ser", "res-ws"}, {true, true, true}},
    {"reserved_execution", "BT-736-Lot", {"no", "yes", "not-known"}, {true, true, true}},
    {"exclusion_grounds",
     "BT-806-Procedure",
     {"epo-procurement-document", "epo-acc-espd-request"},
     {true, true, true}},
    {"selection_criteria",
     "BT-821-Lot",
     {"epo-procurement-document", "epo-acc-espd-request"},
     {true, true, true}},
};

void kg_needs_init(kg_needs *needs)
{
    kg_buffer_init(&needs->text);
    needs->count = 0;
}

void kg_needs_fini(kg_needs *needs)
{
    kg_buffer_fini(&needs->text);
}

void kg_need_add(kg_needs *needs, const char *term, const char *format, ...)
{
    char text[1024];
    va_list arguments;
    va_start(arguments, format);
    kg_text_vformat(text, sizeof text, kg_said(format), arguments);
    va_end(arguments);
    kg_buffer_format(&needs->text, "%s %s: %s\n", term, kg_said_as("term", kg_notice_field(term)),
                     text);
    needs->count++;
}

static void need_languages(const kg_notice *notice, kg_needs *needs)
{
    if (notice->strange_language)
        kg_need_add(needs, "BT-702(a)-notice", "languages has \"%s\": notices are in nl fr de en",
                    notice->strange_language);
    for (int i = 0; i < notice->languages_count; i++)
        if (!kg_notice_title(notice, notice->languages[i]))
            kg_need_add(needs, "BT-21-Procedure", "the round has no title_%s",
                        kg_language_code(notice->languages[i]));
}

static void need_organisations(const kg_notice *notice, kg_needs *needs)
{
    size_t i;
    json_t *buyer;
    if (json_array_size(notice->buyers) >= NUMBERED_MAX)
        kg_need_add(needs, "OPT-200-Organization-Company", "a notice holds %d organisations",
                    NUMBERED_MAX);
    if (!notice->lead && json_array_size(notice->buyers) > 1)
        kg_need_add(needs, "OPP-050-Organization", "lead, one of the members, is not told");
    json_array_foreach(notice->buyers, i, buyer) kg_need_organisation(notice, buyer, true, needs);
    bool must = notice->subtype == 4 || notice->subtype == 5 || notice->subtype == 7;
    if (notice->review)
        kg_need_organisation(notice, notice->review, false, needs);
    else if (must)
        kg_need_add(needs,
                    kg_notice_in_parts(notice) ? "OPT-301-Part-ReviewOrg" : "OPT-301-Lot-ReviewOrg",
                    "no review organisation: review \"NAME\" { ... }");
}

static void need_legal_basis(const kg_notice *notice, kg_needs *needs)
{
    static const char *const allowed[] = {"32014L0024", "32014L0025", "32009L0081", NULL};
    const char *basis = kg_notice_given(notice, "legal_basis");
    if (basis && strcmp(basis, allowed[(notice->subtype - 4) % 3]) != 0)
        kg_need_add(needs, "BT-01-notice", "legal_basis of subtype %d is %s, not \"%s\"",
                    notice->subtype, allowed[(notice->subtype - 4) % 3], basis);
}

static bool on_list(const kg_choice *choice, const char *code)
{
    for (int i = 0; i < CODES_MAX && choice->codes[i]; i++)
        if (strcmp(choice->codes[i], code) == 0)
            return true;
    return false;
}

static void need_choice(const kg_notice *notice, const kg_choice *choice, kg_needs *needs)
{
    char allowed[200] = "";
    const char *code = kg_notice_given(notice, choice->key);
    if (code ? on_list(choice, code) : !choice->must[notice->subtype - 7])
        return;
    for (int i = 0; i < CODES_MAX && choice->codes[i]; i++) {
        size_t used = strlen(allowed);
        kg_text_format(allowed + used, sizeof allowed - used, "%s%s", i ? ", " : "",
                       choice->codes[i]);
    }
    kg_need_add(needs, choice->term, "%s is %s: one of %s", choice->key,
                code ? _("not on the list") : _("not told"), allowed);
}

static void need_submission_languages(const kg_notice *notice, const json_t *lot, kg_needs *needs)
{
    size_t i;
    json_t *item, *given = json_object_get(notice->given, "submission_languages");
    const char *own = kg_notice_text(lot, "language");
    json_array_foreach(given, i, item) if (!kg_notice_language(json_string_value(item)))
        kg_need_add(needs, "BT-97-Lot", "submission_languages has \"%s\", which is not listed",
                    json_string_value(item));
    if (json_array_size(given) == 0 && (!own || !kg_notice_language(own)))
        kg_need_add(needs, "BT-97-Lot", "%s has \"%s\", which is not listed: submission_languages",
                    kg_notice_text(lot, "lot"), own ? own : "");
}

/* A framework agreement that lasts longer than the directive allows has to say why. */
static void need_justification(const kg_notice *notice, const json_t *lot, kg_needs *needs)
{
    if (kg_notice_long_framework(notice, lot) &&
        !kg_notice_given(notice, "framework_justification"))
        kg_need_add(needs, "BT-109-Lot", "%s lasts over %d years: framework_justification",
                    kg_notice_text(lot, "lot"), kg_notice_framework_years(notice));
}

static void need_lots(const kg_notice *notice, kg_needs *needs)
{
    size_t i;
    json_t *lot;
    if (json_array_size(kg_notice_lots(notice)) > NUMBERED_MAX)
        kg_need_add(needs, kg_notice_in_parts(notice) ? "BT-137-Part" : "BT-137-Lot",
                    "a notice holds %d lots", NUMBERED_MAX);
    json_array_foreach(kg_notice_lots(notice), i, lot)
    {
        json_t *cpv = kg_notice_cpv_of(notice, lot);
        if (json_array_size(cpv) == 0)
            kg_need_add(needs, "BT-262-Procedure", "%s has no code of the CPV's list: cpv",
                        kg_notice_text(lot, "lot"));
        json_decref(cpv);
        if (kg_notice_in_parts(notice))
            continue;
        need_submission_languages(notice, lot, needs);
        need_justification(notice, lot, needs);
    }
}

void kg_notice_needs(const kg_notice *notice, kg_needs *out)
{
    need_languages(notice, out);
    need_legal_basis(notice, out);
    if ((notice->subtype == 4 || notice->subtype == 6) && !kg_notice_given(notice, "planned"))
        kg_need_add(out, "BT-127-notice", "planned, the day of the contract notice, is not told");
    need_organisations(notice, out);
    if (!kg_notice_in_parts(notice))
        for (size_t i = 0; i < sizeof choices / sizeof *choices; i++)
            need_choice(notice, &choices[i], out);
    need_lots(notice, out);
    kg_buffer_add(&out->text, "", 0);
}
