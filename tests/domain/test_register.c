/* SPDX-License-Identifier: EUPL-1.2 */
#include <stdio.h>

#include "helper_world.h"

static kg_command register_command(const char *id)
{
    kg_command command;
    kg_command_init(&command, KG_KIND_REGISTER);
    kg_organisation_fini(&command.record);
    record_init(&command.record, id, "nl");
    return command;
}

static void give_key(kg_command *command, const char *sign, const char *transport, uint32_t roles)
{
    command->has_key = true;
    memset(&command->key, 0, sizeof command->key);
    snprintf((char *)command->key.sign, KG_KEY_BYTES, "%s", sign);
    snprintf((char *)command->key.transport, KG_KEY_BYTES, "%s", transport);
    command->key.roles = roles;
}

static kg_status register_key(world *w, const char *id, const char *sign, const char *transport,
                              uint32_t roles)
{
    kg_command command = register_command(id);
    give_key(&command, sign, transport, roles);
    return world_do(w, COORDINATOR, &command);
}

static kg_status register_parent(world *w, const char *id, const char *parent)
{
    kg_command command = register_command(id);
    snprintf(command.record.parent, sizeof command.record.parent, "%s", parent);
    return world_do(w, COORDINATOR, &command);
}

static const kg_member *member(const world *w, const char *id)
{
    return kg_state_member(w->state, kg_state_find_member(w->state, id));
}

static void a_record_is_added_and_replaced(void **state)
{
    (void)state;
    world w;
    world_init(&w);
    assert_status(KG_STATUS_OK, register_key(&w, "A", "sa", "ta", KG_ROLE_ORGANISATION));
    assert_string_equal("A registered; a key added.", w.effects.result);
    assert_true(w.effects.keys_changed);
    uint64_t first = w.sequence;
    kg_command again = register_command("A");
    again.record.can_lead = true;
    strcpy(again.record.nuts.code, "BE100");
    world_must(&w, COORDINATOR, &again);
    assert_string_equal("A registered again.", w.effects.result);
    assert_false(w.effects.keys_changed);
    assert_true(member(&w, "A")->record.can_lead);
    assert_string_equal("BE100", member(&w, "A")->record.nuts.code);
    assert_int_equal(first, member(&w, "A")->registered_sequence);
    assert_int_equal(1, member(&w, "A")->keys_count);
    assert_int_equal(2, feed_count(&w, "A", KG_FEED_REGISTERED));
    world_fini(&w);
}

static void a_key_is_of_one_organisation(void **state)
{
    (void)state;
    world w;
    world_init(&w);
    assert_status(KG_STATUS_OK, register_key(&w, "A", "sa", "ta", KG_ROLE_ORGANISATION));
    assert_status(KG_STATUS_KEY_EXISTS, register_key(&w, "B", "sa", "tb", KG_ROLE_ORGANISATION));
    assert_status(KG_STATUS_KEY_EXISTS, register_key(&w, "B", "sb", "ta", KG_ROLE_ORGANISATION));
    assert_int_equal(KG_NONE, kg_state_find_member(w.state, "B"));
    /* Nor may one half come with another half. */
    assert_status(KG_STATUS_KEY_EXISTS, register_key(&w, "A", "sa", "t2", KG_ROLE_ORGANISATION));
    assert_status(KG_STATUS_KEY_EXISTS, register_key(&w, "A", "s2", "ta", KG_ROLE_ORGANISATION));
    assert_status(KG_STATUS_OK, register_key(&w, "A", "s2", "t2", KG_ROLE_READER));
    assert_status(KG_STATUS_OK, register_key(&w, "A", "sa", "ta", KG_ROLE_COORDINATOR));
    assert_string_equal("A registered again; the key's roles replaced.", w.effects.result);
    assert_int_equal(2, member(&w, "A")->keys_count);
    assert_int_equal(KG_ROLE_COORDINATOR, member(&w, "A")->keys[0].roles);
    assert_int_equal(KG_ROLE_READER, member(&w, "A")->keys[1].roles);
    world_fini(&w);
}

static void a_holding_has_a_top(void **state)
{
    (void)state;
    world w;
    world_init(&w);
    assert_status(KG_STATUS_HOLDING, register_parent(&w, "A", "TOP"));
    assert_string_equal("TOP is not registered.", world_detail(&w));
    assert_status(KG_STATUS_HOLDING, register_parent(&w, "A", "A"));
    assert_status(KG_STATUS_OK, register_parent(&w, "TOP", ""));
    assert_status(KG_STATUS_OK, register_parent(&w, "MIDDLE", "TOP"));
    assert_status(KG_STATUS_OK, register_parent(&w, "A", "MIDDLE"));
    assert_status(KG_STATUS_HOLDING, register_parent(&w, "TOP", "A"));
    assert_string_equal("", member(&w, "TOP")->record.parent);
    assert_status(KG_STATUS_OK, register_parent(&w, "A", ""));
    assert_status(KG_STATUS_OK, register_parent(&w, "TOP", "A"));
    world_fini(&w);
}

static void a_record_must_be_sound(void **state)
{
    (void)state;
    world w;
    world_init(&w);
    kg_command bad = register_command("A");
    bad.record.id[0] = '\0';
    assert_status(KG_STATUS_ORGANISATION, world_do(&w, COORDINATOR, &bad));
    bad = register_command("A");
    strcpy(bad.record.nuts.code, "XX");
    bad.record.languages = 0;
    assert_status(KG_STATUS_NUTS, world_do(&w, COORDINATOR, &bad));
    assert_int_equal(2, w.decision.problems.count);
    assert_int_equal(1, kg_state_members(w.state));
    world_fini(&w);
}

/* A line's organisation is the member's own record, also after that was replaced. */
static void lines_outlive_a_new_record(void **state)
{
    (void)state;
    world w;
    world_init(&w);
    world_register(&w, "A", "nl", false);
    world_plan(&w, "A", "line=a1");
    world_register(&w, "A", "fr", false);
    assert_string_equal("A", line_of(&w, "A", "a1").line.organisation);
    assert_int_equal(1, line_of(&w, "A", "a1").line.languages);
    world_plan(&w, "A", "line=a2");
    assert_int_equal(2, line_of(&w, "A", "a2").line.languages);
    world_fini(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_record_is_added_and_replaced),
        cmocka_unit_test(a_key_is_of_one_organisation),
        cmocka_unit_test(a_holding_has_a_top),
        cmocka_unit_test(a_record_must_be_sound),
        cmocka_unit_test(lines_outlive_a_new_record),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
