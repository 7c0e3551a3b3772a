/* SPDX-License-Identifier: EUPL-1.2 */
/* fault_cut [CUTS [SEED]]: the power fails under a real file system. A child appends to a journal
 * on an ext4 of its own, in a file, mounted by a loop device; at a random moment the file system is
 * shut down without writing out its log (FS_IOC_SHUTDOWN), which is what is on the disk after a
 * power cut; it is mounted again, and the journal must hold all that was acknowledged.
 * As a control, the same with the syncs ignored must lose something nearly each time: else this
 * finds nothing. Needs root and a loop device: without, exit status 77. */
#include <inttypes.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <fcntl.h>
#include <time.h>
#include <unistd.h>

#include "broker/journal/journal.h"
#include "tests/fault/chance.h"
#include "tests/fault/interpose.h"
#include "tests/journal/helper_journal.h"

enum { CUTS = 5, SKIPPED = 77, LIFE_MS_MAX = 80, FIRST_WORD_MS = 60000, BATCH_MAX = 60 };
enum { RECORDS_MAX = 8000 }; /* then a new journal is begun: each round verifies all of it */

#define SHUTDOWN _IOR('X', 125, uint32_t) /* EXT4_IOC_SHUTDOWN; linux/fs.h has no name for it */
#define SHUTDOWN_NO_LOG_FLUSH 2u

struct place {
    char *folder;  /* owned; holds the other two */
    char *image;   /* owned */
    char *mounted; /* owned */
    char *journal; /* owned; below `mounted` */
};

static int64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static bool command(const char *format, const char *a, const char *b)
{
    char text[9000];

    snprintf(text, sizeof(text), format, a, b);
    return system(text) == 0;
}

static bool mount_it(const struct place *place)
{
    return command("mount -t ext4 -o loop '%s' '%s' 2>/dev/null", place->image, place->mounted);
}

/* Its own loop device goes with it. A child that just ended may hold it for a moment. */
static bool unmount(const struct place *place)
{
    for (int64_t until = now_ms() + 10000; umount(place->mounted) != 0;) {
        if (now_ms() > until)
            return false;
        poll(NULL, 0, 10);
    }
    return true;
}

static bool place_make(struct place *place)
{
    place->folder = helper_folder_new();
    place->image = helper_path(place->folder, "image");
    place->mounted = helper_path(place->folder, "mounted");
    place->journal = helper_path(place->mounted, "journal");
    return mkdir(place->mounted, 0700) == 0 &&
           command("truncate -s 192M '%s'%s", place->image, "") &&
           command("mkfs.ext4 -q -F '%s' 2>/dev/null%s", place->image, "") && mount_it(place);
}

static void place_remove(struct place *place)
{
    umount(place->mounted);
    free(place->image);
    free(place->mounted);
    free(place->journal);
    helper_folder_remove(&place->folder);
}

/* ---- the writer ---- */

static fault_verdict ignore_syncs(void *context, const fault_event *event)
{
    (void)context;
    return event->call == FAULT_SYNC ? FAULT_SKIP : FAULT_PASS;
}

static _Noreturn void keep_appending(const char *folder, int out, bool obey, uint64_t seed)
{
    kg_journal *journal;
    uint64_t head;

    if (!obey)
        fault_watch(folder, ignore_syncs, NULL);
    journal = kg_journal_open(folder, NULL);
    if (!journal) {
        fprintf(stderr, "fault_cut: %s\n", kg_journal_error());
        _exit(1);
    }
    head = kg_journal_head(journal);
    while (write(out, &head, sizeof(head)) == sizeof(head)) {
        if (helper_append(journal, 1 + chance_below(&seed, BATCH_MAX), false) != KG_APPEND_OK)
            _exit(2); /* the disk is gone */
        head = kg_journal_head(journal);
    }
    _exit(3);
}

static void hear(int in, int64_t until, bool first, uint64_t *last, int *words)
{
    struct pollfd wait = {.fd = in, .events = POLLIN};
    int64_t left;

    while ((left = until - now_ms()) > 0 && poll(&wait, 1, (int)left) > 0) {
        if (read(in, last, sizeof(*last)) != sizeof(*last))
            return;
        ++*words;
        if (first)
            return;
    }
}

static bool cut(const struct place *place)
{
    uint32_t how = SHUTDOWN_NO_LOG_FLUSH;
    const int descriptor = open(place->mounted, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool good = descriptor >= 0 && ioctl(descriptor, SHUTDOWN, &how) == 0;

    if (descriptor >= 0)
        close(descriptor);
    return good;
}

/* What was acknowledged before the cut; an acknowledgement that comes during it counts as well: it
 * was on its way. */
static bool live_and_cut(const struct place *place, bool obey, uint64_t *seed,
                         uint64_t *acknowledged)
{
    /* A control lives long enough to have something to lose. */
    const int life_ms = (int)chance_below(seed, LIFE_MS_MAX) + (obey ? 0 : LIFE_MS_MAX);
    int pipes[2], status, words = 0;
    const uint64_t child_seed = *seed;
    uint64_t head;
    bool good;
    pid_t child;

    if (pipe(pipes) != 0)
        return false;
    child = fork();
    if (child == 0) {
        close(pipes[0]);
        keep_appending(place->journal, pipes[1], obey, child_seed);
    }
    close(pipes[1]);
    /* The first tells where it begins, the second that something was acknowledged. */
    hear(pipes[0], now_ms() + FIRST_WORD_MS, true, acknowledged, &words);
    hear(pipes[0], now_ms() + FIRST_WORD_MS, true, acknowledged, &words);
    hear(pipes[0], now_ms() + life_ms, false, acknowledged, &words);
    good = words > 1 && cut(place);
    kill(child, SIGKILL);
    waitpid(child, &status, 0);
    while (read(pipes[0], &head, sizeof(head)) == sizeof(head))
        *acknowledged = head;
    close(pipes[0]);
    return good && unmount(place) && mount_it(place);
}

struct trial {
    const char *folder;
    uint64_t acknowledged;
};

/* In a child: a control may leave what ends the process that reads it. 0 = as it must be. */
static int look(void *context)
{
    const struct trial *trial = context;
    kg_journal *journal = kg_journal_open(trial->folder, NULL);
    const uint64_t head = journal ? kg_journal_head(journal) : 0;
    int outcome = 0;

    if (!journal || helper_verify(journal) != (int64_t)head)
        outcome = 1;
    else if (head < trial->acknowledged)
        outcome = 2;
    else if (head > trial->acknowledged + BATCH_MAX)
        outcome = 3;
    if (outcome == 1)
        fprintf(stderr, "fault_cut: %s\n", kg_journal_error());
    kg_journal_close(&journal);
    return outcome;
}

static bool new_journal(const struct place *place)
{
    return command("rm -rf '%s'%s", place->journal, "") && mkdir(place->journal, 0700) == 0 &&
           kg_journal_create(place->journal, helper_deployment);
}

/* The number of cuts after which not all was as it must be; -1: the machine could not. */
static int count_bad(const struct place *place, int cuts, bool obey, uint64_t *seed,
                     uint64_t *records)
{
    struct trial trial = {.folder = place->journal};
    int bad = 0;

    for (int i = 0; i < cuts; i++) {
        int outcome;

        if (i == 0 || !obey || trial.acknowledged > RECORDS_MAX) {
            trial.acknowledged = 0;
            if (!new_journal(place))
                return -1;
            sync();
        }
        if (!live_and_cut(place, obey, seed, &trial.acknowledged))
            return -1;
        outcome = helper_in_child(look, &trial);
        *records += trial.acknowledged;
        if (outcome != 0 && obey)
            fprintf(stderr, "fault_cut: cut %d, acknowledged %" PRIu64 ": %d\n", i,
                    trial.acknowledged, outcome);
        bad += outcome != 0;
    }
    return bad;
}

/* Mounts of its own: a sandbox that another test makes meanwhile would else keep a copy of ours,
 * and with it the file system that was shut down. */
static bool stand_apart(void)
{
    return unshare(CLONE_NEWNS) == 0 && mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0;
}

int main(int argc, char **argv)
{
    const int cuts = argc > 1 ? atoi(argv[1]) : CUTS, controls = cuts / 10 + 3;
    uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 10) : (uint64_t)time(NULL);
    uint64_t records = 0, none = 0;
    struct place place;
    int bad, found;

    if (!stand_apart()) {
        printf("skipped: mounts cannot be kept apart here\n");
        return SKIPPED;
    }
    if (!place_make(&place)) {
        place_remove(&place);
        printf("skipped: no ext4 could be made and mounted here\n");
        return SKIPPED;
    }
    printf("seed %" PRIu64 "\n", seed);
    bad = count_bad(&place, cuts, true, &seed, &records);
    found = bad < 0 ? -1 : count_bad(&place, controls, false, &seed, &none);
    place_remove(&place);
    printf("%d cuts, %" PRIu64 " records seen acknowledged; after %d something was wrong; control, "
           "without syncs: after %d of %d\n",
           cuts, records, bad, found, controls);
    return bad == 0 && found * 100 >= controls * 95 ? 0 : 1;
}
