/* SPDX-License-Identifier: EUPL-1.2 */
/* Notices of a lot or a round: eForms XML and OCDS, made here of what the broker answers and of the
 * coordinator's notice file, which stays here. */
#ifndef KOPGROEP_CLI_EXPORT_NOTICE_H
#define KOPGROEP_CLI_EXPORT_NOTICE_H

#include "client/cli/cli.h"

/* Writes the notice of the broker's answer to stdout. `subtype` 0: OCDS, else eForms. `with`: path
 * of the notice file, or NULL. Gives the exit status: KOPGROEP_LOCAL where the file is wrong,
 * KOPGROEP_REFUSED where something is not told, which is then asked for on stderr, and nothing is
 * written. */
int cli_export_notice(const char *document, const char *with, int subtype);

#endif
