/* SPDX-License-Identifier: EUPL-1.2 */
/* Fiches and clauses: who may publish what, and what is kept of it. */
#include <stdlib.h>
#include <string.h>

#include "helper_world.h"

static const kg_good_practice *practice_of(const world *w, const char *who, const char *key)
{
    uint32_t index =
        kg_state_find_practice(w->state, kg_state_find_member(w->state, who), key);
    return index == KG_NONE ? NULL : kg_state_practice(w->state, index);
}

static void begin(world *w)
{
    world_init(w);
    world_cast(w);
}

static void need_refusal(world *w, const char *who, kg_command *command, kg_status status)
{
    assert_status(status, world_do(w, who, command));
}

static void both_kinds_are_kept(void **state)
{
    (void)state;
    world w;
    begin(&w);
    kg_command clause = practice_command("warranty", true), fiche = practice_command("how", false);
    world_must(&w, "A", &clause);
    assert_string_equal(w.effects.result, "Clause A/warranty published.");
    world_must(&w, "B", &fiche);
    assert_string_equal(w.effects.result, "Fiche B/how published.");
    const kg_good_practice *kept = practice_of(&w, "A", "warranty");
    assert_true(kept->clause);
    assert_string_equal(kept->criteria, "warranty-years");
    assert_string_equal(kept->titles[KG_NAME_NL], "Vijf jaar waarborg");
    assert_string_equal(kept->parts[KG_NAME_NL][KG_PART_WORDS], "Een zin.");
    assert_null(kept->titles[KG_NAME_FR]);
    assert_true(kg_good_practice_for(kept, "warranty-years"));
    assert_false(kg_good_practice_for(kept, "warranty"));
    assert_false(practice_of(&w, "B", "how")->clause);
    assert_null(practice_of(&w, "B", "warranty")); /* names are each organisation's own */
    world_fini(&w);
}

static void a_name_stays_what_it_is(void **state)
{
    (void)state;
    world w;
    begin(&w);
    kg_command first = practice_command("one", true), again = practice_command("one", true);
    kg_command fiche = practice_command("one", false);
    again.practice.texts[KG_NAME_NL].title = "Nieuwe titel";
    world_must(&w, "A", &first);
    world_must(&w, "A", &again);
    assert_int_equal(kg_state_practices(w.state), 1);
    assert_string_equal(practice_of(&w, "A", "one")->titles[KG_NAME_NL], "Nieuwe titel");
    need_refusal(&w, "A", &fiche, KG_STATUS_PRACTICE_KIND);
    world_fini(&w);
}

static void a_retired_one_is_gone_and_may_come_back(void **state)
{
    (void)state;
    world w;
    begin(&w);
    kg_command first = practice_command("one", true), gone = retire_command("one");
    kg_command twice = retire_command("one"), others = retire_command("one");
    kg_command fiche = practice_command("one", false);
    world_must(&w, "A", &first);
    need_refusal(&w, "B", &others, KG_STATUS_UNKNOWN_PRACTICE);
    world_must(&w, "A", &gone);
    assert_true(practice_of(&w, "A", "one")->retired);
    assert_null(practice_of(&w, "A", "one")->category);
    need_refusal(&w, "A", &twice, KG_STATUS_UNKNOWN_PRACTICE);
    world_must(&w, "A", &fiche); /* what is gone may come back as the other kind */
    assert_false(practice_of(&w, "A", "one")->retired);
    world_fini(&w);
}

static void half_ones_are_refused(void **state)
{
    (void)state;
    world w;
    begin(&w);
    kg_command none = practice_command("one", false), half = practice_command("one", false);
    kg_command french = practice_command("one", true), key = practice_command("a b", true);
    none.practice.texts[KG_NAME_NL] = (kg_practice_text){0};
    half.practice.texts[KG_NAME_NL].parts[KG_PART_LESSON] = NULL;
    french.practice.texts[KG_NAME_FR].title = "Titre";
    need_refusal(&w, "A", &none, KG_STATUS_PRACTICE_TEXT);
    assert_string_equal(world_detail(&w), "It is in no language.");
    need_refusal(&w, "A", &half, KG_STATUS_PRACTICE_TEXT);
    assert_string_equal(world_detail(&w), "In nl a part is missing.");
    need_refusal(&w, "A", &french, KG_STATUS_PRACTICE_TEXT);
    assert_string_equal(world_detail(&w), "In fr a part is missing.");
    need_refusal(&w, "A", &key, KG_STATUS_INVALID);
    assert_int_equal(kg_state_practices(w.state), 0);
    world_fini(&w);
}

static void what_it_names_must_be_there(void **state)
{
    (void)state;
    world w;
    begin(&w);
    kg_command category = practice_command("one", true), criterion = practice_command("one", true);
    kg_command lot = practice_command("one", false), clause = practice_command("one", true);
    const char *unknown[] = {"colour"};
    category.practice.category = "boats";
    criterion.practice.criteria = (kg_texts){unknown, 1};
    lot.practice.lot = "R9/laptop/BE/1";
    clause.practice.lot = LOT1;
    need_refusal(&w, "A", &category, KG_STATUS_UNKNOWN_CATEGORY);
    need_refusal(&w, "A", &criterion, KG_STATUS_UNKNOWN_CRITERION);
    need_refusal(&w, "A", &lot, KG_STATUS_UNKNOWN_LOT);
    need_refusal(&w, "A", &clause, KG_STATUS_PRACTICE_TEXT);
    world_fini(&w);
}

static kg_status tell_of_lot(world *w, const char *who)
{
    kg_command fiche = practice_command("lot", false);
    fiche.practice.lot = LOT1;
    return world_do(w, who, &fiche);
}

/* Before its launch by nobody; then by its members, its coordinator, and nobody else. */
static void a_lot_is_told_of_by_those_who_were_in_it(void **state)
{
    (void)state;
    world w;
    begin(&w);
    world_register(&w, "OUT", "nl", false);
    world_round(&w, 'g');
    for (const char *who = "ABC"; *who; who++)
        assert_status(KG_STATUS_OK, world_answer(&w, (const char[]){*who, '\0'},
                                                 KG_KIND_LOT_CONFIRM, LOT1, ""));
    assert_status(KG_STATUS_NOT_A_MEMBER, tell_of_lot(&w, "A"));
    assert_status(KG_STATUS_NOT_A_MEMBER, tell_of_lot(&w, COORDINATOR));
    world_day(&w, "2027-02-02");
    world_due(&w);
    kg_command launch = launch_command("T1", LOT1, "A");
    world_must(&w, COORDINATOR, &launch);
    assert_status(KG_STATUS_OK, tell_of_lot(&w, "A"));
    assert_status(KG_STATUS_OK, tell_of_lot(&w, "C"));
    assert_status(KG_STATUS_OK, tell_of_lot(&w, COORDINATOR));
    assert_status(KG_STATUS_NOT_A_MEMBER, tell_of_lot(&w, "OUT"));
    assert_string_equal(practice_of(&w, "A", "lot")->lot, LOT1);
    world_fini(&w);
}

static void there_is_a_bound(void **state)
{
    (void)state;
    world w;
    char key[16];
    begin(&w);
    w.look_every = 500;
    for (int i = 0; i < KG_PRACTICES_MAX; i++) {
        kg_text_format(key, sizeof key, "k%d", i);
        kg_command one = practice_command(key, true);
        world_must(&w, "A", &one);
    }
    kg_command more = practice_command("more", true), same = practice_command("k1", true);
    kg_command others = practice_command("more", true), gone = retire_command("k2");
    need_refusal(&w, "A", &more, KG_STATUS_PRACTICES_MAX);
    world_must(&w, "A", &same);
    world_must(&w, "B", &others);
    world_must(&w, "A", &gone);
    kg_command room = practice_command("more", true);
    world_must(&w, "A", &room);
    world_fini(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_kinds_are_kept),
        cmocka_unit_test(a_name_stays_what_it_is),
        cmocka_unit_test(a_retired_one_is_gone_and_may_come_back),
        cmocka_unit_test(half_ones_are_refused),
        cmocka_unit_test(what_it_names_must_be_there),
        cmocka_unit_test(a_lot_is_told_of_by_those_who_were_in_it),
        cmocka_unit_test(there_is_a_bound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
