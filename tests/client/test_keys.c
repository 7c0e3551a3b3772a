/* SPDX-License-Identifier: EUPL-1.2 */
/* Identities made, organisations registered. */
#include "helper_broker.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static const char organisations[] =
    "organisation \"BE-A\" {\n  name = \"Town A\"\n  legal_type = \"la\"\n  nuts = \"BE211\"\n"
    "  languages = {\"nl\"}\n}\n"
    "organisation \"BE-B\" {\n  name = \"Town B\"\n  legal_type = \"la\"\n  nuts = \"BE212\"\n"
    "  languages = {\"fr\"}\n  can_lead = true\n}\n"
    "organisation \"BE-C\" {\n  name = \"Town C\"\n  nuts = \"BE213\"\n  languages = {\"nl\"}\n}\n";

static void path_in(const fake_broker *broker, const char *name, char out[static 160])
{
    kg_text_format(out, 160, "%s/%s", broker->folder, name);
}

static void write_organisations(const fake_broker *broker, char path[static 160])
{
    path_in(broker, "organisations.conf", path);
    fake_write_file(path, organisations, sizeof organisations - 1);
}

static void expect(kopgroep_answer *answer, kopgroep_outcome outcome, const char *words)
{
    if (answer->outcome != outcome || !strstr(answer->detail, words))
        fail_msg("outcome %d, \"%s\"; not %d, \"%s\"", (int)answer->outcome, answer->detail,
                 (int)outcome, words);
    kopgroep_answer_fini(answer);
}

/* ---- keygen ---- */

static void keygen_makes_two_files_that_belong_together(void **state)
{
    fake_broker *broker = *state;
    kopgroep_answer answer;
    struct stat file;
    char path[160], public_path[170], organisation[KG_ID_BYTES_MAX + 1];
    kg_public_key read, kept;
    path_in(broker, "new.key", path);
    kg_text_format(public_path, sizeof public_path, "%s.pub", path);
    kopgroep_keygen(path, "BE-A", NULL, &answer);
    expect(&answer, KOPGROEP_DONE, "");
    assert_int_equal(stat(path, &file), 0);
    assert_int_equal(file.st_mode & 0777, 0600);
    kg_identity *identity = kg_identity_read(path, NULL, &(bool){false});
    assert_non_null(identity);
    assert_string_equal(kg_identity_organisation(identity), "BE-A");
    kg_identity_public(identity, &kept);
    assert_true(kg_public_key_read(public_path, organisation, &read));
    assert_string_equal(organisation, "BE-A");
    assert_memory_equal(read.sign, kept.sign, sizeof read.sign);
    assert_memory_equal(read.transport, kept.transport, sizeof read.transport);
    kg_identity_destroy(&identity);
}

static void keygen_overwrites_nothing(void **state)
{
    fake_broker *broker = *state;
    kopgroep_answer answer;
    char path[160], public_path[170], other[160];
    path_in(broker, "new.key", path);
    kopgroep_keygen(path, "BE-A", NULL, &answer);
    expect(&answer, KOPGROEP_DONE, "");
    kopgroep_keygen(path, "BE-A", NULL, &answer);
    expect(&answer, KOPGROEP_LOCAL, path);
    path_in(broker, "other.key", other);
    kg_text_format(public_path, sizeof public_path, "%s.pub", other);
    fake_write_file(public_path, "mine\n", 5);
    kopgroep_keygen(other, "BE-A", NULL, &answer);
    expect(&answer, KOPGROEP_LOCAL, public_path);
    assert_int_not_equal(access(other, F_OK), 0); /* no half of a pair is left */
}

static void keygen_refuses_what_is_no_id(void **state)
{
    fake_broker *broker = *state;
    kopgroep_answer answer;
    char path[160];
    path_in(broker, "new.key", path);
    kopgroep_keygen(path, "Town of A", NULL, &answer);
    expect(&answer, KOPGROEP_USAGE, "");
    assert_int_not_equal(access(path, F_OK), 0);
    path_in(broker, "no such folder/new.key", path);
    kopgroep_keygen(path, "BE-A", NULL, &answer);
    expect(&answer, KOPGROEP_LOCAL, path);
}

/* ---- register ---- */

static void decode_register(fake_broker *broker, size_t n, kg_command *command)
{
    char detail[600];
    fake_message message = fake_nth(broker, KG_KIND_REGISTER, n);
    kg_envelope envelope = fake_envelope(&message);
    assert_int_equal(kg_codec_command_decode(envelope.kind, envelope.body, envelope.body_bytes,
                                             NULL, command, detail),
                     KG_STATUS_OK);
}

static void record_and_key_arrive_as_given(void **state)
{
    fake_broker *broker = *state;
    kopgroep_answer answer;
    kg_command command;
    kg_public_key key;
    char file[160], path[160], public_path[170], organisation[KG_ID_BYTES_MAX + 1];
    write_organisations(broker, file);
    path_in(broker, "b.key", path);
    kg_text_format(public_path, sizeof public_path, "%s.pub", path);
    kopgroep_keygen(path, "BE-B", NULL, &answer);
    kopgroep_answer_fini(&answer);
    kopgroep_register(broker->session, file, "BE-B", public_path, "organisation coordinator",
                      &answer);
    assert_true(answer.has_receipt);
    expect(&answer, KOPGROEP_DONE, "");
    decode_register(broker, 0, &command);
    assert_string_equal(command.record.id, "BE-B");
    assert_string_equal(command.record.name, "Town B");
    assert_true(command.record.can_lead);
    assert_true(command.has_key);
    assert_int_equal(command.key.roles, KG_ROLE_ORGANISATION | KG_ROLE_COORDINATOR);
    assert_true(kg_public_key_read(public_path, organisation, &key));
    assert_memory_equal(command.key.sign, key.sign, sizeof key.sign);
    assert_memory_equal(command.key.transport, key.transport, sizeof key.transport);
    kg_command_fini(&command);
    kopgroep_register(broker->session, file, "BE-A", NULL, NULL, &answer);
    expect(&answer, KOPGROEP_DONE, "");
    decode_register(broker, 1, &command);
    assert_string_equal(command.record.id, "BE-A");
    assert_false(command.has_key);
    kg_command_fini(&command);
}

static void wrong_key_and_roles_send_nothing(void **state)
{
    fake_broker *broker = *state;
    kopgroep_answer answer;
    char file[160], path[160], public_path[170];
    write_organisations(broker, file);
    path_in(broker, "b.key", path);
    kg_text_format(public_path, sizeof public_path, "%s.pub", path);
    kopgroep_keygen(path, "BE-B", NULL, &answer);
    kopgroep_answer_fini(&answer);
    kopgroep_register(broker->session, file, NULL, public_path, "organisation", &answer);
    expect(&answer, KOPGROEP_USAGE, "name it");
    kopgroep_register(broker->session, file, "BE-A", public_path, "organisation", &answer);
    expect(&answer, KOPGROEP_USAGE, "is the key of BE-B, not of BE-A");
    kopgroep_register(broker->session, file, "BE-B", public_path, "organisation king", &answer);
    expect(&answer, KOPGROEP_USAGE, "'king'");
    kopgroep_register(broker->session, file, "BE-B", public_path, NULL, &answer);
    expect(&answer, KOPGROEP_USAGE, "What a key may do");
    kopgroep_register(broker->session, file, "BE-B", file, "organisation", &answer);
    expect(&answer, KOPGROEP_LOCAL, file);
    kopgroep_register(broker->session, file, "BE-X", NULL, NULL, &answer);
    expect(&answer, KOPGROEP_LOCAL, "no organisation \"BE-X\"");
    assert_int_equal(fake_came(broker, 0), 0);
}

static void wrong_organisations_file_is_told_with_its_problems(void **state)
{
    static const char text[] = "organisation \"BE-A\" {\n  nuts = \"XX9\"\n}\n";
    fake_broker *broker = *state;
    kopgroep_answer answer;
    char file[160];
    path_in(broker, "organisations.conf", file);
    fake_write_file(file, text, sizeof text - 1);
    kopgroep_register(broker->session, file, NULL, NULL, NULL, &answer);
    assert_int_equal(answer.outcome, KOPGROEP_LOCAL);
    assert_true(answer.problems_count >= 3); /* name, nuts, languages */
    assert_int_equal(answer.problems_total, answer.problems_count);
    for (size_t i = 0; i < answer.problems_count; i++)
        assert_string_equal(answer.problems[i].file, file);
    kopgroep_answer_fini(&answer);
    kopgroep_register(broker->session, "/nonexistent/file", NULL, NULL, NULL, &answer);
    assert_int_equal(answer.outcome, KOPGROEP_LOCAL);
    assert_int_equal(answer.problems_count, 1);
    kopgroep_answer_fini(&answer);
    assert_int_equal(fake_came(broker, 0), 0);
}

static bool refuse_b(fake_broker *broker, const fake_request *request, kg_reply *reply)
{
    kg_command command;
    char detail[600];
    kg_codec_command_decode(request->envelope.kind, request->envelope.body,
                            request->envelope.body_bytes, NULL, &command, detail);
    bool b = strcmp(command.record.id, "BE-B") == 0;
    kg_command_fini(&command);
    reply->status = b ? KG_STATUS_ROLE : KG_STATUS_OK;
    return b || fake_serve(broker, request, reply);
}

static void all_are_registered_until_one_is_refused(void **state)
{
    fake_broker *broker = *state;
    kopgroep_answer answer;
    char file[160];
    write_organisations(broker, file);
    kopgroep_register(broker->session, file, NULL, NULL, NULL, &answer);
    assert_non_null(strstr(answer.result, "\n3 organisations registered."));
    expect(&answer, KOPGROEP_DONE, "");
    assert_int_equal(fake_came(broker, KG_KIND_REGISTER), 3);
    fake_handle(broker, refuse_b);
    kopgroep_register(broker->session, file, NULL, NULL, NULL, &answer);
    assert_int_equal(answer.code, KG_STATUS_ROLE);
    expect(&answer, KOPGROEP_REFUSED, "BE-B (registered before it: 1): ");
    assert_int_equal(fake_came(broker, KG_KIND_REGISTER), 5);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fake_setup, fake_teardown)
#define TEST_OPEN(name) cmocka_unit_test_setup_teardown(name, fake_setup_open, fake_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(keygen_makes_two_files_that_belong_together),
        TEST(keygen_overwrites_nothing),
        TEST(keygen_refuses_what_is_no_id),
        TEST_OPEN(record_and_key_arrive_as_given),
        TEST_OPEN(wrong_key_and_roles_send_nothing),
        TEST_OPEN(wrong_organisations_file_is_told_with_its_problems),
        TEST_OPEN(all_are_registered_until_one_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
