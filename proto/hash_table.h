/* SPDX-License-Identifier: EUPL-1.2 */
/* uthash with this project's memory: running out of it ends the process, and says so. */
#ifndef KG_HASH_TABLE_H
#define KG_HASH_TABLE_H

#include <stdlib.h>

#include "proto/memory.h"

#define uthash_malloc(bytes) kg_alloc(1, bytes)
#define uthash_fatal(message) abort() /* never reached: kg_alloc() ends the process itself */
#include <uthash.h>

#endif
