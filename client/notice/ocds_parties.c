/* SPDX-License-Identifier: EUPL-1.2 */
#include <string.h>

#include "client/notice/ocds_private.h"

static const json_t *find(const kg_notice *notice, const char *organisation)
{
    size_t i;
    json_t *buyer;
    json_array_foreach(notice->buyers, i, buyer) {
        const char *id = kg_notice_text(buyer, "organisation");
        if (id && organisation && strcmp(id, organisation) == 0)
            return buyer;
    }
    return NULL;
}

json_t *kg_ocds_reference(const kg_notice *notice, const char *organisation)
{
    const json_t *buyer = find(notice, organisation);
    return buyer
               ? json_pack("{s:s,s:O}", "id", organisation, "name", json_object_get(buyer, "name"))
               : NULL;
}

/* Copies what is told, under another key. */
static void copy(const json_t *from, const char *key, json_t *to, const char *as)
{
    if (kg_notice_text(from, key))
        json_object_set(to, as, json_object_get(from, key));
}

static json_t *unless_empty(json_t *object)
{
    if (json_object_size(object) > 0)
        return object;
    json_decref(object);
    return NULL;
}

static json_t *address_of(const json_t *record)
{
    json_t *out = json_object();
    const char *country = kg_notice_country_of(record);
    copy(record, "street", out, "streetAddress");
    copy(record, "city", out, "locality");
    copy(record, "nuts", out, "region");
    copy(record, "postcode", out, "postalCode");
    kg_ocds_set(out, "countryName", country ? json_string(country) : NULL);
    return unless_empty(out);
}

static json_t *contact_of(const json_t *record)
{
    json_t *out = json_object();
    copy(record, "contact_name", out, "name");
    copy(record, "contact_email", out, "email");
    copy(record, "contact_telephone", out, "telephone");
    return unless_empty(out);
}

static json_t *party_of(const json_t *record, bool leads)
{
    json_t *out = json_pack("{s:O,s:O}", "id", json_object_get(record, "organisation"), "name",
                            json_object_get(record, "name"));
    if (kg_notice_text(record, "company_id"))
        json_object_set_new(out, "identifier",
                            json_pack("{s:O,s:O}", "id", json_object_get(record, "company_id"),
                                      "legalName", json_object_get(record, "name")));
    kg_ocds_set(out, "address", address_of(record));
    kg_ocds_set(out, "contactPoint", contact_of(record));
    json_object_set_new(out, "roles",
                        leads ? json_pack("[s,s]", "buyer", "procuringEntity")
                              : json_pack("[s]", "buyer"));
    return out;
}

void kg_ocds_supplier_id(const json_t *lot, char out[static 200])
{
    kg_text_format(out, 200, "%s/supplier", kg_notice_text(lot, "lot"));
}

json_t *kg_ocds_parties(const kg_notice *notice, const json_t *lot)
{
    char supplier[200];
    size_t i;
    json_t *member, *out = json_array();
    const char *lead = kg_notice_text(lot, "lead");
    json_array_foreach(json_object_get(lot, "members"), i, member) {
        const char *id = json_string_value(member);
        const json_t *record = find(notice, id);
        if (record)
            json_array_append_new(out, party_of(record, lead && strcmp(id, lead) == 0));
    }
    const json_t *award = json_object_get(lot, "award");
    kg_ocds_supplier_id(lot, supplier);
    if (json_is_object(award))
        json_array_append_new(out,
                              json_pack("{s:s,s:O,s:[s]}", "id", supplier, "name",
                                        json_object_get(award, "supplier"), "roles", "supplier"));
    return out;
}
