/* SPDX-License-Identifier: EUPL-1.2 */
/* Files of keys: who may read them, and that a write is whole and durable. */
#include "proto/identity_text.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "proto/descriptor.h"
#include "proto/memory.h"

#define FILE_BYTES_MAX 16384

/* By thread, as the header says: the sentence about that thread's last failure. */
static _Thread_local char last_error[1024];

const char *kg_identity_error(void)
{
    return last_error;
}

bool kg_identity_fail(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(last_error, sizeof last_error, format, arguments);
    va_end(arguments);
    return false;
}

/* Who may read the secret: only its owner, who is us or root. */
static bool is_private(const char *path, const struct stat *file)
{
    unsigned mode = file->st_mode & 07777;
    if (file->st_uid != geteuid() && file->st_uid != 0)
        return kg_identity_fail("%s belongs to another user (%u). It must be yours: "
                                "chown %u %s",
                                path, (unsigned)file->st_uid, (unsigned)geteuid(), path);
    if (mode & 077)
        return kg_identity_fail("%s holds a secret, but others may use it (mode %04o). "
                                "Protect it: chmod 600 %s",
                                path, mode, path);
    return true;
}

/* The whole of an open file, NUL-ended; returns owned, or NULL. */
static char *read_descriptor(const char *path, int descriptor, size_t *count)
{
    char *text = kg_alloc(FILE_BYTES_MAX + 1, 1);
    ssize_t got = 0;
    *count = 0;
    while (*count < FILE_BYTES_MAX &&
           (got = read(descriptor, text + *count, FILE_BYTES_MAX - *count)) != 0) {
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            break;
        *count += (size_t)got;
    }
    if (got == 0 && strlen(text) == *count)
        return text;
    if (got < 0)
        kg_identity_fail("%s cannot be read: %s.", path, strerror(errno));
    else
        kg_identity_fail("%s is not a key file.", path);
    kg_wipe(text, FILE_BYTES_MAX);
    free(text);
    return NULL;
}

/* Not following a path to a pipe, which would wait for a writer. */
static char *read_file(const char *path, bool secret, size_t *count)
{
    struct stat file;
    char *text = NULL;
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0 || fstat(descriptor, &file) != 0)
        kg_identity_fail("%s cannot be opened: %s.", path, strerror(errno));
    else if (!S_ISREG(file.st_mode))
        kg_identity_fail("%s is not a regular file.", path);
    else if (!secret || is_private(path, &file))
        text = read_descriptor(path, descriptor, count);
    if (descriptor >= 0)
        close(descriptor);
    return text;
}

/* A new file is durable once its folder is. */
static bool sync_folder(const char *path)
{
    char *copy = kg_strdup(path);
    int descriptor = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool done = descriptor >= 0 && fsync(descriptor) == 0;
    if (descriptor >= 0)
        close(descriptor);
    free(copy);
    return done;
}

/* A file that did not exist before; none is left behind on failure. */
static bool write_file(const char *path, mode_t mode, const char *text, size_t count)
{
    int descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
    if (descriptor < 0 && errno == EEXIST)
        return kg_identity_fail("%s exists already; keys are never overwritten.", path);
    if (descriptor < 0)
        return kg_identity_fail("%s cannot be made: %s.", path, strerror(errno));
    bool done = kg_descriptor_write(descriptor, text, count) && fsync(descriptor) == 0;
    if (close(descriptor) != 0 || !done || !sync_folder(path)) {
        kg_identity_fail("%s cannot be written: %s.", path, strerror(errno));
        unlink(path);
        return false;
    }
    return true;
}

bool kg_identity_write(const kg_identity *identity, const char *path, const char *passphrase)
{
    size_t count;
    char *text = kg_identity_text_write(identity, passphrase, &count);
    bool done = write_file(path, 0600, text, count);
    kg_wipe(text, count);
    free(text);
    return done;
}

bool kg_public_key_write(const char *path, const char *organisation, const kg_public_key *key)
{
    char sign[2 * KG_KEY_BYTES + 1], transport[KG_Z85_KEY_CHARS + 1], text[512];
    kg_hex_write(key->sign, KG_KEY_BYTES, sign);
    kg_z85_write(key->transport, transport);
    int count = snprintf(text, sizeof text, "organisation %s\nsign %s\ntransport %s\n",
                         organisation, sign, transport);
    return write_file(path, 0644, text, (size_t)count);
}

/* The value of the line that begins with `label`, cut out of `*rest`; NULL when the next line is
 * another. */
static char *take_line(char **rest, const char *label)
{
    size_t bytes = strlen(label);
    char *line = *rest;
    size_t end = strcspn(line, "\n");
    if (strncmp(line, label, bytes) != 0 || line[bytes] != ' ')
        return NULL;
    *rest = line + end + (line[end] != '\0');
    line[end] = '\0';
    if (end > 0 && line[end - 1] == '\r')
        line[end - 1] = '\0';
    return line + bytes + 1;
}

static bool parse_public(char *text, char organisation[static KG_ID_BYTES_MAX + 1],
                         kg_public_key *out)
{
    char *id = take_line(&text, "organisation");
    char *sign = id ? take_line(&text, "sign") : NULL;
    char *transport = sign ? take_line(&text, "transport") : NULL;
    if (!transport || !kg_id_valid(id) || strlen(sign) != 2 * KG_KEY_BYTES ||
        !kg_hex_parse(sign, out->sign, KG_KEY_BYTES) || !kg_z85_parse(transport, out->transport))
        return false;
    out->roles = 0;
    kg_text_format(organisation, KG_ID_BYTES_MAX + 1, "%s", id);
    return text[strspn(text, " \r\n")] == '\0';
}

bool kg_public_key_read(const char *path, char organisation[static KG_ID_BYTES_MAX + 1],
                        kg_public_key *out)
{
    size_t count;
    char *text = read_file(path, false, &count);
    if (!text)
        return false;
    bool secret = strstr(text, "PRIVATE KEY") != NULL;
    bool good = parse_public(text, organisation, out);
    if (secret)
        kg_identity_fail("%s is an identity, with its secrets: keep it where it is, and name its "
                         "public half (%s.pub).",
                         path, path);
    else if (!good)
        kg_identity_fail("%s is not a public key file: three lines \"organisation ID\", \"sign "
                         "HEX\" and \"transport Z85\".",
                         path);
    kg_wipe(text, count);
    free(text);
    return good;
}

/* The half that travels, given in place of the whole. */
static bool is_public_half(const char *path)
{
    char organisation[KG_ID_BYTES_MAX + 1];
    kg_public_key key;
    return kg_public_key_read(path, organisation, &key) &&
           !kg_identity_fail("%s is the public half of an identity, for the administrator to "
                             "register. Name the identity itself: keygen made it beside it, "
                             "without .pub.",
                             path);
}

kg_identity *kg_identity_read(const char *path, const char *passphrase, bool *needs_passphrase)
{
    size_t count;
    *needs_passphrase = false;
    if (is_public_half(path))
        return NULL;
    char *text = read_file(path, true, &count);
    if (!text)
        return NULL;
    kg_identity_failure failure;
    kg_identity *identity = kg_identity_text_read(text, count, passphrase, &failure);
    kg_wipe(text, count);
    free(text);
    if (identity)
        return identity;
    *needs_passphrase = failure == KG_IDENTITY_NEEDS_PASSPHRASE;
    if (failure == KG_IDENTITY_NEEDS_PASSPHRASE)
        kg_identity_fail("%s is encrypted: it needs its passphrase.", path);
    else if (failure == KG_IDENTITY_WRONG_PASSPHRASE)
        kg_identity_fail("The passphrase does not open %s.", path);
    else
        kg_identity_fail("%s is not an identity file: a line \"organisation: ID\", then an Ed25519 "
                         "and an X25519 private key as PEM. Make one with keygen.",
                         path);
    return NULL;
}
