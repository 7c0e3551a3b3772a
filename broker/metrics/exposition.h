/* SPDX-License-Identifier: EUPL-1.2 */
/* The text format of Prometheus, version 0.0.4: families of samples. Numbers are whole ones, or
 * decimal fractions of a whole one, so that they are exact and no locale writes them. */
#ifndef KG_EXPOSITION_H
#define KG_EXPOSITION_H

#include "proto/sink.h"

#define KG_EXPOSITION_TYPE "text/plain; version=0.0.4; charset=utf-8"

typedef struct kg_sample_label {
    const char *name, *value;
} kg_sample_label;

/* Begins a family: `type` is counter, gauge or histogram, `help` one line. Its samples follow. */
void kg_exposition_family(kg_buffer *out, const char *name, const char *type, const char *help);
/* A sample: value / 10^decimals. */
void kg_exposition_sample(kg_buffer *out, const char *name, const kg_sample_label *labels,
                          size_t count, uint64_t value, int decimals);
/* A family of one sample without labels. */
void kg_exposition_single(kg_buffer *out, const char *name, const char *type, const char *help,
                          uint64_t value, int decimals);
/* A value without the zeros at its end: 0.0025. */
void kg_decimal_write(uint64_t value, int decimals, char out[static 32]);

#endif
