/* SPDX-License-Identifier: EUPL-1.2 */
#include "helper_notice.h"

#include <stdlib.h>
#include <string.h>

#include "client/notice/codes.h"
#include "client/notice/notice_file.h"
#include "proto/organisation.h"
#include "proto/settings_file.h"

#define BODIES_MAX 7
#define LINES_MAX 4
#define LEGAL_TYPES 19

uint32_t chance_below(dice *chance, uint32_t most)
{
    chance->state = chance->state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)((chance->state >> 33) % most);
}

static const char *pick(dice *chance, const char *const *list)
{
    uint32_t count = 0;
    while (list[count])
        count++;
    return list[chance_below(chance, count)];
}

static char *format(const char *text, ...) __attribute__((format(printf, 1, 2)));
static char *format(const char *text, ...)
{
    char out[1500];
    va_list arguments;
    va_start(arguments, text);
    kg_text_vformat(out, sizeof out, text, arguments);
    va_end(arguments);
    return kg_strdup(out);
}

static void give(char **to, char *text)
{
    free(*to);
    *to = text;
}

static void random_record(dice *chance, kg_organisation *record, const char *id)
{
    static const char *const names[] = {"Stad & Gemeente <A>", "Ville d'« Ailleurs »",
                                        "Amt \"Nord\"",        "Body  with   spaces ",
                                        "Ω & Söhne",           NULL};
    static const char *const phones[] = {"", "n/a", "+32 3 000 00 01", "(0)2-123", NULL};
    static const char *const mails[] = {"", "a@b", "ict.it@body.example", NULL};
    record_init(record, id, "nl fr de en pl li");
    give(&record->name, kg_strdup(pick(chance, names)));
    give(
        &record->legal_type,
        kg_strdup(chance_below(chance, 4) ? kg_legal_type(chance_below(chance, LEGAL_TYPES)) : ""));
    strcpy(record->nuts.code, kg_nuts_code((int)chance_below(chance, (uint32_t)kg_nuts_count())));
    give(&record->country, kg_strdup(chance_below(chance, 3) ? "" : "XYZ"));
    give(&record->contact_telephone, kg_strdup(pick(chance, phones)));
    give(&record->contact_email, kg_strdup(pick(chance, mails)));
    give(&record->city, kg_strdup(chance_below(chance, 2) ? "Stad" : ""));
    record->can_lead = true;
}

static void random_member(dice *chance, world *w, const char *id)
{
    kg_command command;
    kg_command_init(&command, KG_KIND_REGISTER);
    kg_organisation_fini(&command.record);
    random_record(chance, &command.record, id);
    command.has_key = true;
    memset(&command.key, 0, sizeof command.key);
    kg_text_format((char *)command.key.sign, KG_KEY_BYTES, "s%.20s", id);
    kg_text_format((char *)command.key.transport, KG_KEY_BYTES, "t%.20s", id);
    command.key.roles = KG_ROLE_ORGANISATION;
    world_must(w, "", &command);
}

/* What is bought in a round: categories of the catalogue, with codes of theirs, and a class of the
 * CPV that has none, with codes that its list has or has not. */
static const char *const goods[] = {"category=laptop|cpv=30213100",
                                    "category=laptop|cpv=",
                                    "category=smartphone|cpv=",
                                    "category=|cpv=72000000|value=9000.50",
                                    "category=|cpv=72001234|value=1.01",
                                    "category=monitor|cpv=|value=123456789.99",
                                    "category=|cpv=45000000|quantity=|value=75000",
                                    NULL};

static void random_plan(dice *chance, world *w, const char *id, const char *good,
                        const char *language, const char *nuts)
{
    static const char *const criteria[] = {"", "|criteria=warranty-years=3",
                                           "|criteria=warranty-years=5 spare-parts-years=5", NULL};
    uint32_t count = 1 + chance_below(chance, LINES_MAX - 1);
    for (uint32_t i = 0; i < count; i++) {
        int first, end;
        kg_nuts_range(nuts, &first, &end);
        bool none = strncmp(good, "category=|", 10) == 0;
        char *line = format(
            "line=%u|%s|languages=%s|nuts=%s|track=%s%s|commitment=binding", i, good, language,
            kg_nuts_code(first + (int)chance_below(chance, (uint32_t)(end - first))),
            chance_below(chance, 2) ? "kopgroep" : "peloton", none ? "" : pick(chance, criteria));
        world_plan(w, id, line);
        free(line);
    }
}

static void open_round(dice *chance, world *w)
{
    static const char *const titles[] = {"Laptops & meer", "Portables < 2027", "Geräte", "Devices"};
    kg_command command = round_command("R1");
    command.round_rules.categories_count = command.round_rules.nuts_count = 0;
    command.round_rules.bodies_min = 3;
    for (int i = 0; i < KG_NAMES; i++)
        command.round_rules.titles[i] = chance_below(chance, 3) ? kg_strdup(titles[i]) : NULL;
    world_must(w, COORDINATOR, &command);
}

/* As far as chance goes: proposed, confirming, confirmed, launched, awarded. */
static void go_on(dice *chance, world *w)
{
    uint32_t far = chance_below(chance, 5);
    if (far >= 1)
        assert_status(KG_STATUS_OK, world_step(w, KG_KIND_ROUND_CONFIRM, "R1"));
    if (far >= 2) {
        world_day(w, "2027-02-02");
        world_due(w);
    }
    if (far < 3 || kg_state_lots(w->state) == 0)
        return;
    const kg_lot *lot = kg_state_lot(w->state, 0);
    char *id = kg_strdup(lot->id);
    if (lot->state == KG_LOT_CONFIRMED) {
        kg_command launch =
            launch_command("T1", id, kg_state_member(w->state, lot->shape.lead)->record.id);
        world_must(w, COORDINATOR, &launch);
        kg_command award = award_command(id);
        if (!lot->counted)
            award.award.unit_price_cents = -1;
        if (far >= 4)
            world_must(w, COORDINATOR, &award);
        else
            kg_command_fini(&award);
    }
    free(id);
}

static json_t *facts_once(dice *chance)
{
    static const char *const languages[] = {"nl", "fr", "de", "en", "pl", "li", NULL};
    world w;
    world_init(&w);
    w.look_every = 1000;
    kg_problems problems;
    kg_problems_init(&problems, NULL);
    char *catalogue = kg_settings_load(KG_SOURCE_DIR "/config/catalogue.conf", &problems);
    assert_status(KG_STATUS_OK, world_catalogue(&w, catalogue));
    open_round(chance, &w);
    uint32_t bodies = 3 + chance_below(chance, BODIES_MAX - 2);
    const char *language = pick(chance, languages), *good = pick(chance, goods);
    int place = (int)chance_below(chance, (uint32_t)kg_nuts_count());
    char nuts[3] = {kg_nuts_code(place)[0], kg_nuts_code(place)[1], '\0'};
    for (uint32_t i = 0; i < bodies; i++) {
        char id[8];
        kg_text_format(id, sizeof id, "B-%u", i);
        random_member(chance, &w, id);
        random_plan(chance, &w, id, good, language, nuts);
    }
    assert_status(KG_STATUS_OK, world_step(&w, KG_KIND_ROUND_CLOSE, "R1"));
    assert_status(KG_STATUS_OK, world_step(&w, KG_KIND_ROUND_PROPOSE, "R1"));
    json_t *facts = NULL;
    if (kg_state_lots(w.state) > 0) {
        go_on(chance, &w);
        kg_query query = query_of(KG_VIEW_NOTICE, "R1", NULL, NULL);
        kg_buffer out;
        if (answer_of(&w, COORDINATOR, KG_ROLE_COORDINATOR, &query, &out) == KG_STATUS_OK)
            facts = json_loadb(out.bytes, out.count, 0, NULL);
        kg_buffer_fini(&out);
    }
    free(catalogue);
    kg_problems_fini(&problems);
    world_fini(&w);
    return facts;
}

json_t *random_facts(uint64_t seed)
{
    dice chance = {seed * 2654435761u + 1};
    json_t *facts = NULL;
    for (int i = 0; i < 50 && !facts; i++)
        facts = facts_once(&chance);
    assert_non_null(facts);
    return facts;
}

static void add_organisation(const char *kind, const char *title, const char *type,
                             const char *activity, kg_buffer *out)
{
    kg_buffer_format(out,
                     "%s \"%s\" {\n  legal_type = \"%s\"\n  nuts = \"BE211\"\n"
                     "  contact_email = \"ict@body.example\"\n"
                     "  contact_telephone = \"+32 3 000 00 01\"\n  street = \"Plein 1 & 2\"\n"
                     "  city = \"Stad\"\n  postcode = \"2000\"\n  country = \"BEL\"\n"
                     "  company_id = \"0316 %s\"\n  activity = \"%s\"\n"
                     "  website = \"https://www.body.example/ict\"\n}\n",
                     kind, title, type, title, activity);
}

char *whole_file(const json_t *facts, uint64_t seed, int subtype)
{
    static const char *const languages[] = {"{\"nl\"}", "{\"fr\", \"nl\"}",
                                            "{\"de\", \"en\", \"fr\", \"nl\"}", NULL};
    static const char *const frameworks[] = {"fa-mix", "fa-w-rc", "fa-wo-rc", "none", NULL};
    dice chance = {seed + 77};
    size_t i;
    json_t *record, *records = json_object_get(facts, "organisations");
    kg_buffer out;
    const char *activity = subtype == 5 || subtype == 8
                               ? pick(&chance, kg_notice_entity_activities)
                               : pick(&chance, kg_notice_authority_activities);
    kg_buffer_init(&out);
    kg_buffer_format(
        &out,
        "languages = %s\nlead = \"%s\"\nplanned = \"2027-04-01\"\ncpv = \"48000000\"\n"
        "title_nl = \"Titel & <1>\"\ntitle_fr = \"Titre\"\ntitle_de = \"Titel\"\n"
        "title_en = \"Title\"\nsubmission_languages = {\"nl\", \"pl\"}\nframework = \"%s\"\n"
        "gpa = \"true\"\neu_funds = \"no-eu-funds\"\nreserved_participation = \"none\"\n"
        "reserved_execution = \"no\"\nexclusion_grounds = \"epo-procurement-document\"\n"
        "selection_criteria = \"epo-acc-espd-request\"\n"
        "framework_justification = \"Devices are used for ten years.\"\n",
        pick(&chance, languages),
        kg_notice_text(
            json_array_get(records, chance_below(&chance, (uint32_t)json_array_size(records))),
            "organisation"),
        pick(&chance, frameworks));
    json_array_foreach(records, i, record)
        add_organisation("organisation", kg_notice_text(record, "organisation"),
                         kg_legal_type(chance_below(&chance, LEGAL_TYPES)), activity, &out);
    add_organisation("review", "Raad van Beroep", "la", activity, &out);
    return out.bytes;
}

void notice_make(kg_notice *notice, json_t *facts, const char *file, int subtype, uint64_t seed)
{
    kg_problems problems;
    uint8_t random[16];
    dice chance = {seed};
    for (size_t i = 0; i < sizeof random; i++)
        random[i] = (uint8_t)chance_below(&chance, 256);
    kg_problems_init(&problems, NULL);
    json_t *given = kg_notice_file_read_text(file, "notice.conf", &problems);
    if (!given)
        fail_msg("the notice file is wrong: %s", problems.items[0].allowed);
    kg_problems_fini(&problems);
    kg_notice_init(notice, subtype, facts, given, random, 1795694400000 + (int64_t)seed);
}
