/* SPDX-License-Identifier: EUPL-1.2 */
/* The door: the process that alone has sockets and libzmq, and neither store nor keys of anybody's
 * signatures. What ends it costs a reconnect. It is the broker's own executable, started anew, so
 * that nothing of the broker's memory is in it; it ends with the broker. */
#ifndef KG_DOOR_H
#define KG_DOOR_H

#define KG_DOOR_ARGUMENT "door" /* its only one */
#define KG_DOOR_DESCRIPTOR 3    /* its end of the channel */

/* Is a door until the broker says stop, or is gone. Returns the process's exit status. */
int kg_door_run(void);

#endif
