/* SPDX-License-Identifier: EUPL-1.2 */
/* A zip file with the parts of a workbook, which may come from anybody: what it unpacks to is
 * bounded, however small it is. */
#ifndef KG_WORKBOOK_PACKAGE_H
#define KG_WORKBOOK_PACKAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "proto/problem.h"

#define KG_PACKAGE_PARTS_MAX 2000
#define KG_PACKAGE_BYTES_MAX 268435456 /* of all parts that are read, unpacked */
#define KG_PACKAGE_RATIO_MAX 200       /* unpacked bytes for a packed one ... */
#define KG_PACKAGE_RATIO_FROM 1048576  /* ... of a part that is larger than this */

typedef struct kg_package kg_package;

/* Returns owned (kg_package_close), or NULL with a problem of the file. */
kg_package *kg_package_open(const char *path, kg_problems *problems);
void kg_package_close(kg_package **package);
/* Part names are told apart whatever their case. */
bool kg_package_has(kg_package *package, const char *part);
/* Hands out the part's bytes until `take` returns false or its end; false with a problem where it
 * is not there, is damaged, or unpacks to too much. */
bool kg_package_read(kg_package *package, const char *part,
                     bool (*take)(void *context, const char *bytes, size_t count), void *context,
                     kg_problems *problems);

#endif
