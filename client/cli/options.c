/* SPDX-License-Identifier: EUPL-1.2 */
#include "client/cli/options.h"

#include <string.h>

#include "client/cli/cli.h"
#include "client/cli/tell.h"
#include "proto/text.h"

/* By its name, or the beginning of one name only, as getopt has it; NULL when there is none. */
static const struct argp_option *find_long(const struct argp_option *options, const char *name,
                                           size_t length, int *candidates)
{
    const struct argp_option *found = NULL;
    *candidates = 0;
    for (; options->name; options++) {
        if (strncmp(options->name, name, length) != 0)
            continue;
        found = options;
        ++*candidates;
        if (options->name[length] == '\0') {
            *candidates = 1;
            return options;
        }
    }
    return found;
}

static void say_unknown(const char *command, const struct argp_option *options, const char *said)
{
    const char *names[CLI_OPTIONS_MAX];
    size_t count = 0;
    for (; options->name && count < CLI_OPTIONS_MAX; options++)
        names[count++] = options->name;
    const char *near = kg_text_nearest(said + 2, names, count);
    if (near)
        cli_wrong(command, "there is no option '%s'. Did you mean '--%s'?", said, near);
    cli_wrong(command, "there is no option '%s'", said);
}

/* Returns how many words of argv it takes. */
static int check_long(const char *command, const struct argp_option *options, int left, char **argv)
{
    int candidates;
    const char *name = argv[0] + 2;
    size_t length = strcspn(name, "=");
    bool given = name[length] == '=';
    const struct argp_option *option = find_long(options, name, length, &candidates);
    if (candidates > 1)
        cli_wrong(command, "'%s' may be several options", argv[0]);
    if (!option)
        say_unknown(command, options, argv[0]);
    if (given && !option->arg)
        cli_wrong(command, "--%s takes no value", option->name);
    bool needs = option->arg && !(option->flags & OPTION_ARG_OPTIONAL);
    if (needs && !given && left < 2)
        cli_wrong(command, "--%s needs a value: %s", option->name, option->arg);
    return needs && !given ? 2 : 1;
}

static const struct argp_option *find_short(const struct argp_option *options, char letter)
{
    for (; options->name; options++)
        if (options->key == letter)
            return options;
    return NULL;
}

/* "-qx" is two options; what follows one that takes a value is its value. */
static int check_short(const char *command, const struct argp_option *options, int left,
                       char **argv)
{
    for (const char *letter = argv[0] + 1; *letter; letter++) {
        const struct argp_option *option = find_short(options, *letter);
        if (!option)
            cli_wrong(command, "there is no option '-%c'", *letter);
        if (!option->arg)
            continue;
        bool needs = letter[1] == '\0' && !(option->flags & OPTION_ARG_OPTIONAL);
        if (needs && left < 2)
            cli_wrong(command, "--%s needs a value: %s", option->name, option->arg);
        return needs ? 2 : 1;
    }
    return 1;
}

void cli_options_check(const char *command, const struct argp_option *options, int argc,
                       char **argv)
{
    for (int i = 1; i < argc;) {
        const char *word = argv[i];
        if (strcmp(word, "--") == 0)
            return;
        if (strncmp(word, "--", 2) == 0)
            i += check_long(command, options, argc - i, argv + i);
        else if (word[0] == '-' && word[1])
            i += check_short(command, options, argc - i, argv + i);
        else
            i++;
    }
}
