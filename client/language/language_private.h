/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef KOPGROEP_LANGUAGE_PRIVATE_H
#define KOPGROEP_LANGUAGE_PRIVATE_H

#include "client/language/messages.h"

/* Of the language chosen; NULL for English. */
const kg_messages *kg_language_messages(void);

#endif
