/* SPDX-License-Identifier: EUPL-1.2 */
/* Keys: added by the organisation itself, revoked for good. */
#include <stdio.h>

#include "helper_world.h"

enum {
    O = KG_ROLE_ORGANISATION,
    C = KG_ROLE_COORDINATOR,
    R = KG_ROLE_READER,
    A = KG_ROLE_ADMINISTRATOR
};

static void set_key(kg_command *command, const char *name, uint32_t roles)
{
    command->has_key = true;
    memset(&command->key, 0, sizeof command->key);
    snprintf((char *)command->key.sign, KG_KEY_BYTES, "s%s", name);
    snprintf((char *)command->key.transport, KG_KEY_BYTES, "t%s", name);
    command->key.roles = roles;
}

static kg_status do_as(world *w, uint32_t roles, const char *actor, kg_command *command)
{
    w->roles = roles;
    kg_status status = world_do(w, actor, command);
    w->roles = 0;
    return status;
}

static kg_status add(world *w, uint32_t own, const char *actor, const char *name, uint32_t roles)
{
    kg_command command;
    kg_command_init(&command, KG_KIND_KEY_ADD);
    set_key(&command, name, roles);
    return do_as(w, own, actor, &command);
}

static kg_status revoke(world *w, uint32_t own, const char *actor, const char *whose,
                        const char *name, const char *reason)
{
    kg_command command;
    kg_command_init(&command, KG_KIND_KEY_REVOKE);
    set_key(&command, name, 0);
    command.organisation = whose;
    command.reason = reason;
    return do_as(w, own, actor, &command);
}

static kg_status enrol(world *w, const char *id, const char *name, uint32_t roles)
{
    kg_command command;
    kg_command_init(&command, KG_KIND_REGISTER);
    kg_organisation_fini(&command.record);
    record_init(&command.record, id, "nl");
    set_key(&command, name, roles);
    return do_as(w, A, COORDINATOR, &command);
}

static const kg_member *member(const world *w, const char *id)
{
    return kg_state_member(w->state, kg_state_find_member(w->state, id));
}

static bool has(const world *w, const char *id, const char *name)
{
    uint8_t sign[KG_KEY_BYTES] = {0};
    snprintf((char *)sign, sizeof sign, "s%s", name);
    return kg_member_key(member(w, id), sign) != NULL;
}

static void an_organisation_rotates_its_key(void **state)
{
    (void)state;
    world w;
    world_init(&w);
    assert_status(KG_STATUS_OK, enrol(&w, "A", "1", O | R));
    assert_status(KG_STATUS_OK, add(&w, O | R, "A", "2", O | R));
    assert_string_equal("Key 7332000000000000 added to A.", w.effects.result);
    assert_true(w.effects.keys_changed);
    assert_string_equal("7332000000000000", feed_last(&w, "A", KG_FEED_KEY_ADDED)->detail);
    assert_true(has(&w, "A", "1") && has(&w, "A", "2"));
    assert_status(KG_STATUS_OK, revoke(&w, O | R, "A", NULL, "1", "the laptop is lost"));
    assert_true(w.effects.keys_changed);
    assert_false(has(&w, "A", "1"));
    assert_true(has(&w, "A", "2"));
    assert_string_equal("7331000000000000, by A: the laptop is lost",
                        feed_last(&w, "A", KG_FEED_KEY_REVOKED)->detail);
    const kg_revoked_key *revoked = kg_member_revoked(member(&w, "A"), (const uint8_t[32]){"s1"});
    assert_int_equal(revoked->sequence, w.sequence);
    assert_int_equal(revoked->key.roles, O | R);
    world_fini(&w);
}

/* Neither half comes back, to nobody, by no way. */
static void a_revoked_key_never_comes_back(void **state)
{
    (void)state;
    world w;
    world_init(&w);
    enrol(&w, "A", "1", O);
    enrol(&w, "B", "9", O);
    assert_status(KG_STATUS_OK, revoke(&w, A, COORDINATOR, "A", "1", NULL));
    assert_status(KG_STATUS_KEY_REVOKED, enrol(&w, "A", "1", O));
    assert_status(KG_STATUS_KEY_EXISTS, enrol(&w, "B", "1", O));
    assert_status(KG_STATUS_KEY_REVOKED, add(&w, O, "A", "1", O));
    assert_status(KG_STATUS_KEY_EXISTS, add(&w, O, "B", "1", O));
    kg_command half;
    kg_command_init(&half, KG_KIND_KEY_ADD);
    set_key(&half, "1", O);
    half.key.sign[0] = 'x';
    assert_status(KG_STATUS_KEY_REVOKED, do_as(&w, O, "A", &half));
    assert_status(KG_STATUS_NO_SUCH_KEY, revoke(&w, A, COORDINATOR, "A", "1", NULL));
    assert_string_equal("This key was revoked before.", world_detail(&w));
    assert_status(KG_STATUS_NO_SUCH_KEY, revoke(&w, A, COORDINATOR, "A", "9", NULL));
    assert_int_equal(0, member(&w, "A")->keys_count);
    world_fini(&w);
}

/* A key gives, and takes, no more than it may do itself. */
static void no_key_gives_more_than_it_has(void **state)
{
    (void)state;
    static const struct {
        uint32_t own, other;
        bool good;
    } cases[] = {
        {O, O, true},  {O, C, false}, {O, O | C, false},     {O | C, C, true},     {R, R, true},
        {R, O, false}, {C, A, false}, {O | C | R, A, false}, {A, O | C | R, true}, {A, A, true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        world w;
        world_init(&w);
        enrol(&w, "TOP", "top", A);
        enrol(&w, "A", "old", cases[i].other);
        kg_status expected = cases[i].good ? KG_STATUS_OK : KG_STATUS_ROLE;
        assert_status(expected, add(&w, cases[i].own, "A", "new", cases[i].other));
        assert_status(expected, revoke(&w, cases[i].own, "A", "A", "old", NULL));
        world_fini(&w);
    }
}

/* The same answer whether the organisation, or the key, is there or not. */
static void anothers_keys_are_the_administrators_matter(void **state)
{
    (void)state;
    world w;
    world_init(&w);
    enrol(&w, "A", "1", O);
    enrol(&w, "B", "2", O);
    static const char *const whose[] = {"A", "NOBODY", COORDINATOR};
    static const char *const names[] = {"1", "2", "none"};
    char first[600];
    for (size_t i = 0; i < 3; i++)
        for (size_t k = 0; k < 3; k++) {
            assert_status(KG_STATUS_NOT_YOURS,
                          revoke(&w, O | C | R, "B", whose[i], names[k], NULL));
            if (i + k == 0)
                strcpy(first, world_detail(&w));
            assert_string_equal(first, world_detail(&w));
        }
    assert_status(KG_STATUS_UNKNOWN_ORGANISATION, revoke(&w, A, "B", "NOBODY", "1", NULL));
    assert_status(KG_STATUS_OK, revoke(&w, A, "B", "A", "1", "left the service"));
    assert_string_equal("7331000000000000, by B: left the service",
                        feed_last(&w, "A", KG_FEED_KEY_REVOKED)->detail);
    assert_int_equal(0, feed_count(&w, "B", KG_FEED_KEY_REVOKED));
    world_fini(&w);
}

static void one_administrator_is_left(void **state)
{
    (void)state;
    world w;
    world_init(&w);
    enrol(&w, "A", "1", A | O);
    assert_status(KG_STATUS_LAST_ADMINISTRATOR, revoke(&w, A, "A", NULL, "1", NULL));
    assert_status(KG_STATUS_LAST_ADMINISTRATOR, enrol(&w, "A", "1", O)); /* nor demoted */
    enrol(&w, "B", "2", A);
    assert_status(KG_STATUS_OK, enrol(&w, "A", "1", O));
    assert_status(KG_STATUS_LAST_ADMINISTRATOR, revoke(&w, A, "A", "B", "2", NULL));
    assert_status(KG_STATUS_OK, enrol(&w, "A", "1", A));
    assert_status(KG_STATUS_OK, revoke(&w, A, "B", "B", "2", NULL));
    assert_status(KG_STATUS_LAST_ADMINISTRATOR, revoke(&w, A, "A", "A", "1", NULL));
    world_fini(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_organisation_rotates_its_key),
        cmocka_unit_test(a_revoked_key_never_comes_back),
        cmocka_unit_test(no_key_gives_more_than_it_has),
        cmocka_unit_test(anothers_keys_are_the_administrators_matter),
        cmocka_unit_test(one_administrator_is_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
