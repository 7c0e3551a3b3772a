/* SPDX-License-Identifier: EUPL-1.2 */
/* kopgroepd doctor */
#include <argp.h>
#include <gnu/libc-version.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "broker/commands.h"
#include "broker/config.h"
#include "broker/doctor.h"
#include "broker/journal/journal.h"
#include "broker/net/net.h"
#include "broker/settings.h"
#include "proto/codec.h"
#include "proto/identity.h"
#include "proto/memory.h"
#include "proto/sink.h"

struct patient {
    const char *file;   /* broker.conf, or NULL */
    const char *folder; /* the broker's, or NULL */
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct patient *patient = state->input;

    if (key == 'c')
        patient->file = argument;
    else if (key == ARGP_KEY_ARG && state->arg_num == 0)
        patient->folder = argument;
    else if (key == ARGP_KEY_ARG)
        argp_usage(state);
    else if (key == ARGP_KEY_END && !patient->file == !patient->folder)
        argp_error(state, "name the broker's settings with -c FILE, or a folder");
    else
        return ARGP_ERR_UNKNOWN;
    return 0;
}

/* Returns owned: folder/name where that is there, else NULL. */
static char *inside(const char *folder, const char *name)
{
    kg_buffer path;

    kg_buffer_init(&path);
    kg_buffer_format(&path, "%s/%s", folder, name);
    if (access(path.bytes, F_OK) == 0)
        return path.bytes;
    kg_buffer_fini(&path);
    return NULL;
}

static int look(kg_doctor_input *input)
{
    struct utsname kernel = {0};

    uname(&kernel);
    const kg_doctor_library libraries[] = {
        {"kopgroepd", KG_VERSION, NULL},
        {"journal on", kg_journal_backend(), NULL},
        {"libzmq", kg_net_library(), "4.3.3"},       /* CVE-2021-20234 to 20237, and earlier */
        {"protobuf-c", kg_codec_library(), "1.4.1"}, /* CVE-2022-48468 */
        {"OpenSSL", kg_identity_library(), NULL},
        {"libsodium", kg_signature_library(), NULL},
        {"jansson", jansson_version_str(), NULL},
        {"C library", gnu_get_libc_version(), NULL},
        {"kernel", kernel.release, NULL}};
    input->libraries = libraries;
    input->libraries_count = sizeof(libraries) / sizeof(libraries[0]);
    return kg_doctor(input, stdout);
}

static int look_at_folder(const char *folder)
{
    char *journal = inside(folder, "journal");
    kg_doctor_input input = {.folder = folder, .journal = journal};
    int status = look(&input);

    free(journal);
    return status;
}

static int look_at_config(const char *file)
{
    kg_config config;
    kg_problems problems;
    int status = 1;

    kg_problems_init(&problems, file);
    if (kg_config_read(file, &config, &problems)) {
        const char *const endpoints[] = {config.requests, config.feeds};
        char *journal =
            config.journal ? kg_config_journal(&config) : inside(config.folder, "journal");
        kg_doctor_input input = {.folder = config.folder,
                                 .journal = journal,
                                 .elsewhere = config.journal != NULL,
                                 .alone = config.journal_alone,
                                 .endpoints = endpoints,
                                 .endpoints_count = 2,
                                 .disk_reserve_bytes = (uint64_t)config.disk_reserve_mib << 20,
                                 .map_bytes = (uint64_t)config.map_gib << 30};

        status = look(&input);
        free(journal);
    } else {
        printf("FAIL  settings     %s cannot be used; mend what is said of it\n", file);
        kg_problems_print(&problems, stderr);
    }
    kg_config_fini(&config);
    kg_problems_fini(&problems);
    return status;
}

static const char doc[] =
    "Examples:\n"
    "  kopgroepd doctor -c /var/lib/kopgroep/broker.conf\n"
    "  kopgroepd doctor /var/lib/kopgroep\n\n"
    "Checks whether this machine is fit to run the broker: folder, disk, clock, limits, ports, "
    "journal. Run it as the broker's user. A folder that holds broker.conf is checked with "
    "it.\v"
    "Exit status: 0 all passed or warned, 1 a check failed, 2 usage.";

static const struct argp_option options[] = {{"config", 'c', "FILE", 0, "the broker's settings", 0},
                                             {0}};
const struct argp kg_argp_doctor = {options, parse, "[DIR]", doc, NULL, NULL, NULL};

int kg_cmd_doctor(int argc, char **argv)
{
    struct patient patient = {0};
    char *file;
    int status;

    argp_err_exit_status = 2;
    argp_parse(&kg_argp_doctor, argc, argv, 0, NULL, &patient);
    file = patient.file ? kg_strdup(patient.file) : inside(patient.folder, "broker.conf");
    status = file ? look_at_config(file) : look_at_folder(patient.folder);
    free(file);
    return status;
}
