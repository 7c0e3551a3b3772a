/* SPDX-License-Identifier: EUPL-1.2 */
#include <string.h>

#include "client/language/language.h"
#include "client/notice/codes.h"
#include "client/notice/need.h"
#include "proto/organisation.h"

/* Subtypes 5 and 8 are of the directive on utilities, 6 and 9 of that on defence. */
static bool of_utilities(const kg_notice *notice)
{
    return notice->subtype == 5 || notice->subtype == 8;
}

static bool of_defence(const kg_notice *notice)
{
    return notice->subtype == 6 || notice->subtype == 9;
}

static const char *name_of(const json_t *record)
{
    const char *id = kg_notice_text(record, "organisation");
    const char *name = kg_notice_text(record, "name");
    return id ? id : name ? name : _("an organisation");
}

static void need_text(const json_t *record, const char *term, const char *key, kg_needs *needs)
{
    if (!kg_notice_text(record, key))
        kg_need_add(needs, term, "%s has no %s", name_of(record), key);
}

static void need_form(const json_t *record, const char *term, const char *key,
                      bool (*right)(const char *text), bool must, kg_needs *needs)
{
    const char *text = kg_notice_text(record, key);
    if (!text && must)
        kg_need_add(needs, term, "%s has no %s", name_of(record), key);
    else if (text && !right(text))
        kg_need_add(needs, term, "%s has %s \"%s\", which is not written as the rules ask",
                    name_of(record), key, text);
}

static void need_place(const json_t *record, kg_needs *needs)
{
    const char *country = kg_notice_country_of(record), *nuts = kg_notice_text(record, "nuts");
    need_text(record, "BT-513-Organization-Company", "city", needs);
    if (!country || !kg_notice_country_listed(country)) {
        kg_need_add(needs, "BT-514-Organization-Company",
                    "%s has no country of the list (three letters)", name_of(record));
        return;
    }
    if (kg_notice_has_postcode(country))
        need_text(record, "BT-512-Organization-Company", "postcode", needs);
    if (!kg_notice_has_nuts(country))
        return;
    if (!nuts || !kg_notice_nuts3(nuts))
        kg_need_add(needs, "BT-507-Organization-Company", "%s has no nuts of level 3 (%s)",
                    name_of(record), nuts ? nuts : "none");
    else if (strcmp(kg_notice_country(nuts), country) != 0)
        kg_need_add(needs, "BT-507-Organization-Company", "%s has nuts %s, which is not in %s",
                    name_of(record), nuts, country);
}

static bool legal_type_listed(const char *type)
{
    for (size_t i = 0; kg_legal_type(i); i++)
        if (strcmp(kg_legal_type(i), type) == 0)
            return true;
    return false;
}

static bool authority_activity(const char *text)
{
    return kg_notice_on(kg_notice_authority_activities, text);
}

static bool entity_activity(const char *text)
{
    return kg_notice_on(kg_notice_entity_activities, text);
}

/* The directive on utilities asks what an entity does, the others what an authority is and does;
 * the one on defence leaves both free. */
static void need_kind(const kg_notice *notice, const json_t *buyer, kg_needs *needs)
{
    if (of_utilities(notice))
        need_form(buyer, "BT-610-Procedure-Buyer", "activity", entity_activity, true, needs);
    else {
        need_form(buyer, "BT-11-Procedure-Buyer", "legal_type", legal_type_listed,
                  !of_defence(notice), needs);
        need_form(buyer, "BT-10-Procedure-Buyer", "activity", authority_activity,
                  !of_defence(notice), needs);
    }
}

void kg_need_organisation(const kg_notice *notice, const json_t *record, bool buyer,
                          kg_needs *needs)
{
    need_text(record, "BT-500-Organization-Company", "name", needs);
    if (!of_defence(notice))
        need_text(record, "BT-501-Organization-Company", "company_id", needs);
    need_form(record, "BT-503-Organization-Company", "contact_telephone", kg_notice_telephone_form,
              buyer, needs);
    need_form(record, "BT-505-Organization-Company", "website", kg_notice_website_form, false,
              needs);
    need_form(record, "BT-506-Organization-Company", "contact_email", kg_notice_email_form, buyer,
              needs);
    need_place(record, needs);
    if (buyer)
        need_kind(notice, record, needs);
}
