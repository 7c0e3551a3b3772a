/* SPDX-License-Identifier: EUPL-1.2 */
/* What a process that talks to strangers gives up of the system, for good: root, files, other
 * programs, other processes, and once its sockets are bound also new ones. In a build with a
 * sanitizer, which opens files, traces itself and maps what it likes, files and most calls stay.
 * Whatever this system does not give is named in `missing`, a list of words; nothing else changes
 * then. */
#ifndef KG_SANDBOX_H
#define KG_SANDBOX_H

#define KG_SANDBOX_MISSING_BYTES 300

/* As root: becomes nobody (65534), without other groups. */
void kg_sandbox_leave_root(char missing[static KG_SANDBOX_MISSING_BYTES]);
/* While the process has one thread: those that it starts later inherit this. */
void kg_sandbox_enter(char missing[static KG_SANDBOX_MISSING_BYTES]);
/* For all threads: no new thread, and no new socket but those that are accepted. */
void kg_sandbox_shut(char missing[static KG_SANDBOX_MISSING_BYTES]);

#endif
