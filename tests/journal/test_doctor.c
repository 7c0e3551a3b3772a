/* SPDX-License-Identifier: EUPL-1.2 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "broker/doctor.c" /* they are part of the program, of no library */
#include "broker/room.c"
#include "tests/journal/helper_journal.h"

static int make_folder(void **state)
{
    *state = helper_folder_new();
    return 0;
}

static int remove_folder(void **state)
{
    char *folder = *state;

    helper_folder_remove(&folder);
    return 0;
}

/* What the doctor says, owned; *status is its verdict. */
static char *ask(const kg_doctor_input *input, int *status)
{
    char *written = NULL, *text;
    size_t count;
    FILE *out = open_memstream(&written, &count);

    assert_non_null(out);
    *status = kg_doctor(input, out);
    fclose(out);
    text = kg_strdup(written);
    free(written);
    return text;
}

/* The line about `what` begins with the verdict and holds `word`. */
static void expect(const kg_doctor_input *input, const char *what, const char *verdict,
                   const char *word)
{
    char begin[64];
    const char *line;
    char *end, *text;
    int status;

    text = ask(input, &status);
    snprintf(begin, sizeof(begin), "%s  %-11s  ", verdict, what);
    line = strstr(text, begin);
    if (!line)
        fail_msg("no '%s' in:\n%s", begin, text);
    end = strchr(line, '\n');
    assert_non_null(end);
    *end = '\0';
    if (!strstr(line, word))
        fail_msg("no '%s' in: %s", word, line);
    if (strcmp(verdict, "FAIL") == 0)
        assert_int_equal(status, 1);
    free(text);
}

static void sound_folder(void **state)
{
    const kg_doctor_library library = {"Example", "1.2.3", NULL};
    const kg_doctor_input input = {
        .folder = *state, .map_bytes = 1, .libraries = &library, .libraries_count = 1};
    char *text;
    int status;

    expect(&input, "folder", "PASS", *state);
    expect(&input, "journal", "WARN", "kopgroepd init");
    expect(&input, "limits", "PASS", "");
    expect(&input, "library", "PASS", "Example 1.2.3");
    expect(&(kg_doctor_input){.folder = *state,
                              .map_bytes = 1,
                              .libraries = &(kg_doctor_library){"Holed", "4.3.9", "4.3.10"},
                              .libraries_count = 1},
           "library", "FAIL", "install 4.3.10 or newer");
    expect(&(kg_doctor_input){.folder = *state,
                              .map_bytes = 1,
                              .libraries = &(kg_doctor_library){"Mended", "4.3.10", "4.3.9"},
                              .libraries_count = 1},
           "library", "PASS", "Mended 4.3.10");
    text = ask(&input, &status);
    assert_int_equal(status, strstr(text, "FAIL") != NULL);
    assert_non_null(strstr(text, "  sync  "));
    assert_non_null(strstr(text, "  clock  "));
    assert_non_null(strstr(text, "  descriptors  "));
    free(text);
    assert_int_equal(rmdir(*state), 0); /* it left nothing */
    assert_int_equal(mkdir(*state, 0700), 0);
}

static void folders_that_do_not_do(void **state)
{
    char *file = helper_path(*state, "file");
    kg_doctor_input input = {.folder = "/nowhere/at/all", .map_bytes = 1};

    expect(&input, "folder", "FAIL", "kopgroepd init");
    helper_file_write(file, (const uint8_t *)"x", 1);
    input.folder = file;
    expect(&input, "folder", "FAIL", "not a folder");
    input.folder = *state;
    assert_int_equal(chmod(*state, 0750), 0);
    expect(&input, "folder", "WARN", "0750");
    assert_int_equal(chmod(*state, 0770), 0);
    expect(&input, "folder", "FAIL", "chmod 0700");
    free(file);
}

static void another_owner(void **state)
{
    const kg_doctor_input input = {.folder = "/", .map_bytes = 1};

    (void)state;
    if (geteuid() != 0) {
        expect(&input, "folder", "FAIL", "belongs to user 0");
        return;
    }
    assert_int_equal(chown(*state, 12345, (gid_t)-1), 0);
    {
        const kg_doctor_input given = {.folder = *state, .map_bytes = 1};

        expect(&given, "folder", "FAIL", "belongs to user 12345");
    }
}

static void disk_below_the_reserve(void **state)
{
    kg_doctor_input input = {
        .folder = *state, .map_bytes = 1, .disk_reserve_bytes = UINT64_MAX / 4};
    kg_folder_space space;

    expect(&input, "disk", "FAIL", "free some space");
    assert_true(kg_folder_space_read(*state, &space));
    input.disk_reserve_bytes = space.free_bytes - (100u << 20); /* as a broker would see it */
    expect(&input, "disk", "FAIL", "only withdrawals and questions");
    input.elsewhere = true;
    expect(&input, "disk", "PASS", "elsewhere");
    input.elsewhere = false;
    input.disk_reserve_bytes = space.free_bytes / 2;
    expect(&input, "disk", "WARN", "near the reserve");
    input.disk_reserve_bytes = 1;
    expect(&input, "disk", "PASS", "MiB free");
}

/* A free port, and what it is bound with. */
static int take_port(char endpoint[static 40])
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof(address);
    int descriptor = socket(AF_INET, SOCK_STREAM, 0);

    assert_int_equal(bind(descriptor, (struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(descriptor, 1), 0);
    assert_int_equal(getsockname(descriptor, (struct sockaddr *)&address, &size), 0);
    snprintf(endpoint, 40, "tcp://127.0.0.1:%u", ntohs(address.sin_port));
    return descriptor;
}

static void ports(void **state)
{
    static const struct {
        const char *endpoint, *verdict, *word;
    } cases[] = {
        {"tcp://127.0.0.1:*", "PASS", "free"},
        {"tcp://*:0", "PASS", "free"},
        {"tcp://192.0.2.1:7411", "FAIL", "address of this machine"},
        {"tcp://127.0.0.1", "FAIL", "no tcp://HOST:PORT"},
        {"tcp://127.0.0.1:", "FAIL", "no tcp://HOST:PORT"},
        {"tcp://:7411", "FAIL", "no tcp://HOST:PORT"},
        {"ipc:///tmp/a:1", "FAIL", "no tcp://HOST:PORT"},
        {"tcp://", "FAIL", "no tcp://HOST:PORT"},
        {"", "FAIL", "no tcp://HOST:PORT"},
        {"tcp://127.0.0.1:none", "FAIL", "address of this machine"},
    };
    char taken[40];
    const char *endpoint = taken;
    kg_doctor_input input = {
        .folder = *state, .map_bytes = 1, .endpoints = &endpoint, .endpoints_count = 1};
    int descriptor = take_port(taken);

    expect(&input, "port", "WARN", "in use");
    close(descriptor);
    expect(&input, "port", "PASS", "free");
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        endpoint = cases[i].endpoint;
        expect(&input, "port", cases[i].verdict, cases[i].word);
    }
}

static void addresses_in_brackets(void **state)
{
    char host[HOST_BYTES];
    const char *port;

    (void)state;
    assert_true(parse_endpoint("tcp://[::1]:7411", host, &port));
    assert_string_equal(host, "::1");
    assert_string_equal(port, "7411");
    assert_true(parse_endpoint("tcp://broker.example:*", host, &port));
    assert_string_equal(host, "broker.example");
    assert_string_equal(port, "0");
    assert_false(parse_endpoint("tcp://[]:1", host, &port) && host[0] == '\0');
}

static void a_journal(void **state)
{
    kg_doctor_input input = {.folder = *state, .journal = *state, .map_bytes = 1};
    char *path = helper_path(*state, "data.mdb");
    kg_journal *journal;

    assert_true(kg_journal_create(*state, helper_deployment));
    journal = kg_journal_open(*state, NULL);
    assert_int_equal(helper_append(journal, 12, false), KG_APPEND_OK);
    kg_journal_close(&journal);
    expect(&input, "journal", "PASS", "12 records");
    assert_int_equal(truncate(path, 8192), 0);
    expect(&input, "journal", "FAIL", "damaged");
    input.journal = "/nowhere";
    expect(&input, "journal", "FAIL", "/nowhere");
    free(path);
    input.journal = NULL;
    expect(&input, "journal", "WARN", "init");
    path = helper_path(*state, "broker.key"); /* init would refuse this folder */
    helper_file_write(path, (const uint8_t *)"", 0);
    expect(&input, "journal", "FAIL", "restore");
    free(path);
}

static void limits_of_the_process(void **state)
{
    const kg_doctor_input input = {.folder = *state};
    struct rlimit before, small;

    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    small = before;
    small.rlim_cur = 1u << 30;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    expect(&input, "limits", "WARN", "ulimit -f");
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, make_folder, remove_folder)
    const struct CMUnitTest tests[] = {
        CASE(sound_folder),  CASE(folders_that_do_not_do),
        CASE(another_owner), CASE(disk_below_the_reserve),
        CASE(ports),         cmocka_unit_test(addresses_in_brackets),
        CASE(a_journal),     CASE(limits_of_the_process),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
