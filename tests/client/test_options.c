/* SPDX-License-Identifier: EUPL-1.2 */
/* The options of a command and those that all commands share: argp takes the first of two that are
 * alike, and parse.c's own letters go before a command's, without a word. */
#include "client/cli/commands.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <string.h>
#include <cmocka.h>

static size_t count_of(const struct argp_option *options)
{
    size_t count = 0;
    for (; options && options->name; options++)
        count++;
    return count;
}

/* The first option that has a letter or a name of one before it; NULL. */
static const char *clash_in(const struct argp_option *options)
{
    for (size_t i = 0; options[i].name; i++)
        for (size_t k = 0; k < i; k++)
            if (options[i].key == options[k].key || strcmp(options[i].name, options[k].name) == 0)
                return options[i].name;
    return NULL;
}

static void no_command_has_two_alike(void **state)
{
    size_t seen = 0;
    (void)state;
    for (size_t i = 0; cli_groups[i]; i++)
        for (const cli_command *command = cli_groups[i]; command->name; command++) {
            struct argp_option options[CLI_OPTIONS_MAX];
            cli_options_of(command, options);
            const char *clash = clash_in(options);
            if (clash)
                fail_msg("%s: --%s clashes with another option", command->name, clash);
            seen++;
        }
    assert_true(seen > 30);
}

/* cli_arguments keeps a value by its option's letter. */
static void every_letter_has_a_place(void **state)
{
    (void)state;
    for (size_t i = 0; cli_groups[i]; i++)
        for (const cli_command *command = cli_groups[i]; command->name; command++)
            for (const struct argp_option *own = command->options; own && own->name; own++)
                assert_in_range(own->key, 1, 127);
}

/* Of the shared ones, --out alone gives way to one of the command's own (template --out). */
static size_t own_outs(const struct argp_option *options)
{
    size_t count = 0;
    for (; options && options->name; options++)
        count += strcmp(options->name, "out") == 0;
    return count;
}

static void none_is_left_out(void **state)
{
    const cli_command bare = {.name = "bare"};
    struct argp_option options[CLI_OPTIONS_MAX];
    cli_options_of(&bare, options);
    const size_t shared = count_of(options);
    (void)state;
    for (size_t i = 0; cli_groups[i]; i++)
        for (const cli_command *command = cli_groups[i]; command->name; command++) {
            cli_options_of(command, options);
            assert_int_equal(count_of(options), count_of(command->options) +
                                                    (command->changes ? 1 : 0) + shared -
                                                    own_outs(command->options));
            assert_int_equal(own_outs(options), 1);
        }
}

static void a_clash_is_found(void **state)
{
    static const struct {
        struct argp_option own;
        bool changes;
    } clashes[] = {{{"budget", 'B', "EUR", 0, "a letter of all commands", 0}, false},
                   {{"quiet", 'x', NULL, 0, "a name of all commands", 0}, false},
                   {{"region", 'R', "NUTS", 0, "the letter of --receipt", 0}, true}};
    struct argp_option options[CLI_OPTIONS_MAX];
    (void)state;
    for (size_t i = 0; i < sizeof clashes / sizeof *clashes; i++) {
        const struct argp_option own[] = {clashes[i].own, {0}};
        const cli_command command = {.name = "made", .options = own, .changes = clashes[i].changes};
        cli_options_of(&command, options);
        assert_non_null(clash_in(options));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_command_has_two_alike),
        cmocka_unit_test(every_letter_has_a_place),
        cmocka_unit_test(none_is_left_out),
        cmocka_unit_test(a_clash_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
