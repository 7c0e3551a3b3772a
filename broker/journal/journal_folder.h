/* SPDX-License-Identifier: EUPL-1.2 */
/* The folder that a journal lives in: what it stands on, who has it, what room it has. Failures
 * leave a sentence in kg_journal_error(). */
#ifndef KG_JOURNAL_FOLDER_H
#define KG_JOURNAL_FOLDER_H

#include <stdbool.h>
#include <stdint.h>

/* Name of a file system type (statfs f_type) on which a memory-mapped store is not safe, because
 * it is reached over a network or through another program; NULL for a local one. */
const char *kg_folder_remote_type(uint64_t type);

/* Is it a folder, on a local file system? */
bool kg_folder_usable(const char *folder);
/* Nothing in it, but for "lost+found"? */
bool kg_folder_empty(const char *folder);
bool kg_folder_holds(const char *folder, const char *name);
/* Returns owned (free): folder/name. */
char *kg_folder_path(const char *folder, const char *name);

/* Takes the folder for writing until the descriptor is closed, or the process ends. -1 when
 * another has it; a child made by fork() shares the hold. What children of a process that is gone
 * still hold is waited for, up to 5 s. */
int kg_folder_take(const char *folder);

/* Makes a file, and its name in the folder, durable. */
bool kg_folder_sync(const char *folder, const char *name);

/* Gives a file that was written under another name its own, whole and durable or not at all. */
bool kg_folder_publish(const char *folder, const char *new_name, const char *name);

typedef struct kg_folder_space {
    uint64_t free_bytes, total_bytes; /* free: what an ordinary user may still write */
} kg_folder_space;
bool kg_folder_space_read(const char *folder, kg_folder_space *out);

#endif
