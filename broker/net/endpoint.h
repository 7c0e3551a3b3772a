/* SPDX-License-Identifier: EUPL-1.2 */
/* Endpoints as texts. Pure. */
#ifndef KG_ENDPOINT_H
#define KG_ENDPOINT_H

/* Where a client on this machine finds an endpoint that was bound, all interfaces too. */
void kg_endpoint_reachable(const char *bound, char out[static 256]);

#endif
