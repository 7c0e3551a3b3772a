/* SPDX-License-Identifier: EUPL-1.2 */
/* A sentence for each reason why a line is not placed. */
#ifndef KOPGROEP_CLI_REASONS_H
#define KOPGROEP_CLI_REASONS_H

#include <stddef.h>

/* Static; "" for a reason that this client does not know. */
const char *cli_reason_text(const char *reason);
/* The n-th reason, from 0; NULL behind the last. Static. */
const char *cli_reason_name(size_t n);

#endif
