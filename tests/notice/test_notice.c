/* SPDX-License-Identifier: EUPL-1.2 */
/* Notices of random rounds: what they need, what they tell. Whether they are valid is asked by
 * valid.sh. */
#include "helper_notice.h"

#include <stdlib.h>
#include <string.h>

#include "client/notice/codes.h"
#include "client/notice/eforms.h"
#include "client/notice/need.h"
#include "client/notice/notice_file.h"
#include "client/notice/ocds.h"
#include "proto/notice_code.h"
#include "proto/settings_file.h"

#define SEEDS 4

static size_t needs_of(const kg_notice *notice, char **text)
{
    kg_needs needs;
    kg_needs_init(&needs);
    kg_notice_needs(notice, &needs);
    size_t count = needs.count;
    *text = kg_strdup(needs.text.bytes);
    kg_needs_fini(&needs);
    return count;
}

static size_t count_of(const char *text, const char *word)
{
    size_t count = 0;
    for (; (text = strstr(text, word)) != NULL; text += strlen(word))
        count++;
    return count;
}

/* A whole file leaves nothing to ask; every buyer and lot stands in the XML. */
static void a_whole_file_makes_any_notice(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        json_t *facts = random_facts(seed);
        for (int subtype = 4; subtype <= 9; subtype++) {
            kg_notice notice;
            kg_buffer xml;
            char *file = whole_file(facts, seed, subtype), *asked;
            notice_make(&notice, json_incref(facts), file, subtype, seed);
            if (needs_of(&notice, &asked) > 0)
                fail_msg("seed %d, subtype %d: %s", (int)seed, subtype, asked);
            kg_buffer_init(&xml);
            kg_eforms_write(&notice, &xml);
            size_t buyers = json_array_size(notice.buyers);
            assert_int_equal(count_of(xml.bytes, "<cac:ContractingParty>"), buyers);
            assert_int_equal(count_of(xml.bytes, "GroupLeadIndicator>true<"), 1);
            assert_int_equal(count_of(xml.bytes, "<cac:ProcurementProjectLot>"),
                             json_array_size(kg_notice_lots(&notice)));
            kg_buffer_fini(&xml);
            kg_notice_fini(&notice);
            free(asked);
            free(file);
        }
        json_decref(facts);
    }
}

/* Each key that a whole file has not any more is asked for by a term, or nobody needs it. */
static void what_is_left_out_is_asked_for(void **state)
{
    static const struct {
        const char *key, *term;
        int subtype;
    } rows[] = {
        {"planned", "BT-127-notice Future Notice:", 4},
        {"framework", "BT-765-Lot Framework Agreement:", 7},
        {"gpa", "BT-115-Lot GPA Coverage:", 8},
        {"reserved_participation", "BT-71-Lot Reserved Participation:", 9},
        {"reserved_execution", "BT-736-Lot Reserved Execution:", 7},
        {"exclusion_grounds", "BT-806-Procedure Exclusion Grounds Source:", 7},
        {"selection_criteria", "BT-821-Lot Selection Criteria Source:", 8},
    };
    json_t *facts = random_facts(3);
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        kg_notice notice;
        char *file = whole_file(facts, 3, rows[i].subtype), *asked;
        notice_make(&notice, json_deep_copy(facts), file, rows[i].subtype, 3);
        json_object_del(notice.given, rows[i].key);
        assert_int_equal(needs_of(&notice, &asked), 1);
        assert_non_null(strstr(asked, rows[i].term));
        kg_notice_fini(&notice);
        free(asked);
        free(file);
    }
    json_decref(facts);
}

/* With no file at all, everything is asked for at once. */
static void everything_is_asked_for_at_once(void **state)
{
    kg_notice notice;
    char *asked;
    json_t *facts = random_facts(5);
    size_t bodies = json_array_size(json_object_get(facts, "organisations"));
    (void)state;
    notice_make(&notice, facts, "lead = \"nobody\"", 7, 5);
    assert_true(needs_of(&notice, &asked) > bodies);
    assert_int_equal(count_of(asked, "BT-501-Organization-Company Organisation Identifier: "),
                     bodies);
    assert_int_equal(count_of(asked, "OPP-050-Organization Buyers Group Lead Indicator: "), 1);
    assert_int_equal(count_of(asked, "OPT-301-Lot-ReviewOrg "), 1);
    kg_notice_fini(&notice);
    free(asked);
}

/* Cents of the amounts under a key, in the package's own bytes: read without a float. */
static void amounts_are_the_cents_of_the_facts(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        kg_notice notice;
        kg_buffer out;
        size_t i;
        json_t *lot;
        notice_make(&notice, random_facts(seed), "", 0, seed);
        kg_buffer_init(&out);
        kg_ocds_write(&notice, &out);
        json_array_foreach(kg_notice_lots(&notice), i, lot)
        {
            char number[80];
            kg_text_format(number, sizeof number, "\"amount\": %s,",
                           kg_notice_text(lot, "value_max"));
            assert_non_null(strstr(out.bytes, number));
            kg_text_format(number, sizeof number, "\"amount\": %s,", kg_notice_text(lot, "value"));
            assert_non_null(strstr(out.bytes, number));
        }
        assert_null(strstr(out.bytes, "\"amount\": \""));
        json_t *package = json_loadb(out.bytes, out.count, JSON_REJECT_DUPLICATES, NULL);
        assert_int_equal(json_array_size(json_object_get(package, "releases")),
                         json_array_size(kg_notice_lots(&notice)));
        json_decref(package);
        kg_buffer_fini(&out);
        kg_notice_fini(&notice);
    }
}

/* In whatever language the notice has. */
static bool tells_life_cycle(const char *more, int subtype)
{
    size_t i;
    json_t *lot, *facts = random_facts(3);
    kg_notice notice;
    kg_buffer out, file;
    json_array_foreach(json_object_get(facts, "lots"), i, lot) json_object_set_new(
        lot, "life_cycle",
        json_pack("{s:i,s:s,s:s,s:i,s:s,s:b}", "years_max", 7, "discount_percent", "3.25",
                  "electricity_cents_kwh", "20.50", "emission_grams_kwh", 250, "carbon_price",
                  "101.00", "verified", 0));
    char *whole = whole_file(facts, 3, subtype);
    kg_buffer_init(&file);
    kg_buffer_format(&file, "%s\n%s", whole, more);
    notice_make(&notice, facts, file.bytes, subtype, 3);
    kg_buffer_init(&out);
    if (subtype > 0)
        kg_eforms_write(&notice, &out);
    else
        kg_ocds_write(&notice, &out);
    kg_buffer_add(&out, "", 1);
    const bool told = strstr(out.bytes, " 7 ") && strstr(out.bytes, " 3.25 %, ") &&
                      strstr(out.bytes, " 20.50 cent/kWh, 250 g CO2/kWh, 101.00 EUR/t CO2.");
    kg_buffer_fini(&out);
    kg_buffer_fini(&file);
    free(whole);
    kg_notice_fini(&notice);
    return told;
}

static void it_tells_how_offers_are_compared(void **state)
{
    (void)state;
    for (int subtype = 0; subtype <= 9; subtype += subtype ? 1 : 4) {
        assert_true(tells_life_cycle("", subtype));
        assert_false(tells_life_cycle("life_cycle = \"none\"\n", subtype));
    }
}

/* Every code of the lists in config/reference is one, but for gpp-criteria's `none`. */
static void notice_codes_are_those_of_the_lists(void **state)
{
    static const char *const lists[][2] = {{"green", "environmental-impact"},
                                           {"gpp", "gpp-criteria"},
                                           {"social", "social-objective"},
                                           {"innovation", "innovative-acquisition"}};
    size_t found = 0;
    (void)state;
    for (size_t i = 0; i < 4; i++) {
        char path[300], code[100];
        kg_problems problems;
        kg_problems_init(&problems, NULL);
        kg_text_format(path, sizeof path, "%s/config/reference/%s.csv", KG_SOURCE_DIR, lists[i][1]);
        char *text = kg_settings_load(path, &problems), *line = strchr(text, '\n') + 1;
        for (; *line; line = strchr(line, '\n') + 1, found++) {
            kg_text_format(code, sizeof code, "%s:%.*s", lists[i][0], (int)strcspn(line, ","),
                           line);
            assert_int_equal(kg_notice_code_listed(code), strcmp(code, "gpp:none") != 0);
        }
        free(text);
        kg_problems_fini(&problems);
    }
    assert_int_equal(found - 1, 1 + count_of(kg_notice_code_allowed(), " "));
}

static void activities_are_those_of_the_lists(void **state)
{
    static const char *const names[] = {"authority", "entity"};
    const char *const *const lists[] = {kg_notice_authority_activities,
                                        kg_notice_entity_activities};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        char path[300];
        kg_problems problems;
        kg_problems_init(&problems, NULL);
        kg_text_format(path, sizeof path, "%s/config/reference/main-activity_%s-activity.csv",
                       KG_SOURCE_DIR, names[i]);
        char *text = kg_settings_load(path, &problems), *line = strchr(text, '\n') + 1;
        size_t listed = 0;
        for (; *line; line = strchr(line, '\n') + 1, listed++) {
            line[strcspn(line, ",")] = '\0';
            assert_true(kg_notice_on(lists[i], line));
            line += strlen(line) + 1;
        }
        assert_null(lists[i][listed]);
        free(text);
        kg_problems_fini(&problems);
    }
}

static void a_wrong_file_is_refused_whole(void **state)
{
    kg_problems problems;
    (void)state;
    kg_problems_init(&problems, NULL);
    assert_null(kg_notice_file_read_text("planned = \"soon\"\ncolour = \"red\"\n"
                                         "review \"A\" { city = \"B\" }\n"
                                         "review \"C\" { city = \"D\" }\n"
                                         "life_cycle = \"all\"\n",
                                         "notice.conf", &problems));
    assert_int_equal(problems.count, 4);
    assert_int_equal(problems.items[0].row, 1);
    assert_int_equal(problems.items[1].row, 2);
    assert_int_equal(problems.items[3].row, 5);
    kg_problems_fini(&problems);
}

/* ---- a broker that says anything ---- */

/* A notice is written where nothing is left to ask. */
static void write_all(json_t *facts, int subtype)
{
    kg_notice notice;
    kg_buffer out;
    char *file = whole_file(facts, 1, subtype), *asked;
    notice_make(&notice, facts, file, subtype, 1);
    kg_buffer_init(&out);
    if (needs_of(&notice, &asked) == 0)
        kg_eforms_write(&notice, &out);
    kg_ocds_write(&notice, &out);
    kg_buffer_fini(&out);
    kg_notice_fini(&notice);
    free(asked);
    free(file);
}

/* Codes and places that are no texts are passed over. */
static void items_that_are_no_texts_are_passed_over(void **state)
{
    (void)state;
    for (int subtype = 4; subtype <= 9; subtype++) {
        size_t i;
        json_t *lot, *facts = random_facts(1);
        json_array_foreach(json_object_get(facts, "lots"), i, lot)
        {
            static const char *const keys[] = {"places", "cpv"};
            for (size_t k = 0; k < sizeof keys / sizeof *keys; k++) {
                json_array_append_new(json_object_get(lot, keys[k]), json_null());
                json_array_append_new(json_object_get(lot, keys[k]), json_integer(7));
                json_array_append_new(json_object_get(lot, keys[k]), json_object());
            }
        }
        write_all(facts, subtype);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(items_that_are_no_texts_are_passed_over),
        cmocka_unit_test(a_whole_file_makes_any_notice),
        cmocka_unit_test(what_is_left_out_is_asked_for),
        cmocka_unit_test(everything_is_asked_for_at_once),
        cmocka_unit_test(amounts_are_the_cents_of_the_facts),
        cmocka_unit_test(it_tells_how_offers_are_compared),
        cmocka_unit_test(notice_codes_are_those_of_the_lists),
        cmocka_unit_test(activities_are_those_of_the_lists),
        cmocka_unit_test(a_wrong_file_is_refused_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
