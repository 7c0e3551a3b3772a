/* SPDX-License-Identifier: EUPL-1.2 */
/* A coordinator who asks for volume while members submit: opens a round over everything, then asks
 * for all of it by month and track, again and again, from a thread of its own. */
#ifndef SUBMIT_ASKER_H
#define SUBMIT_ASKER_H

#include "submit_broker.h"

typedef struct submit_asker submit_asker;

/* One question every `interval_ms`. Ends the program when it cannot. Returns owned. */
submit_asker *submit_asker_start(const submit_broker *broker, int interval_ms);
/* How many answers came. */
size_t submit_asker_stop(submit_asker **asker);

#endif
