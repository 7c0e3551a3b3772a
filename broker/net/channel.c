/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/net/channel.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "proto/memory.h"

#define IN_BYTES ((size_t)1 << 20)
#define ON_WAY_BYTES (1 << 20) /* asked of the system, which may give less */

_Static_assert(IN_BYTES >= 2 * KG_FRAME_WHOLE_BYTES_MAX, "a frame fits behind the rest of another");

bool kg_channel_pair(int ends[static 2])
{
    const int bytes = ON_WAY_BYTES;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return false;
    for (int i = 0; i < 2; i++)
        setsockopt(ends[i], SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes);
    return true;
}

kg_channel *kg_channel_new(int descriptor, bool from_door)
{
    kg_channel *channel = kg_alloc(1, sizeof *channel);
    channel->descriptor = descriptor;
    channel->from_door = from_door;
    channel->in = kg_alloc(IN_BYTES, 1);
    kg_buffer_init(&channel->out);
    return channel;
}

void kg_channel_destroy(kg_channel **channel)
{
    if (!*channel)
        return;
    close((*channel)->descriptor);
    kg_buffer_fini(&(*channel)->out);
    free((*channel)->in);
    free(*channel);
    *channel = NULL;
}

void kg_channel_add(kg_channel *channel, const kg_frame *frame)
{
    kg_frame_write(frame, &channel->out);
}

size_t kg_channel_owed(const kg_channel *channel)
{
    return channel->out.count - channel->out_first;
}

/* Makes room where what was sent stood, once that is more than what is left. */
static void close_up(kg_channel *channel)
{
    const size_t owed = kg_channel_owed(channel);
    if (channel->out_first <= owed)
        return;
    memmove(channel->out.bytes, channel->out.bytes + channel->out_first, owed);
    channel->out.count = owed;
    channel->out_first = 0;
}

bool kg_channel_send(kg_channel *channel)
{
    while (kg_channel_owed(channel) > 0) {
        ssize_t sent = send(channel->descriptor, channel->out.bytes + channel->out_first,
                            kg_channel_owed(channel), MSG_DONTWAIT | MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent < 0 && errno != EAGAIN)
            return false;
        if (sent < 0)
            break;
        channel->out_first += (size_t)sent;
    }
    close_up(channel);
    return true;
}

bool kg_channel_receive(kg_channel *channel)
{
    ssize_t got;
    if (channel->in_first > 0)
        memmove(channel->in, channel->in + channel->in_first, channel->in_count);
    channel->in_first = 0;
    if (channel->in_count == IN_BYTES)
        return true; /* what was read is to be taken first */
    do
        got = recv(channel->descriptor, channel->in + channel->in_count,
                   IN_BYTES - channel->in_count, MSG_DONTWAIT);
    while (got < 0 && errno == EINTR);
    if (got > 0)
        channel->in_count += (size_t)got;
    return got > 0 || (got < 0 && errno == EAGAIN);
}

kg_frame_found kg_channel_next(kg_channel *channel, kg_frame *out)
{
    size_t taken;
    kg_frame_found found = kg_frame_read(channel->in + channel->in_first, channel->in_count,
                                         channel->from_door, out, &taken);
    if (found == KG_FRAME_WHOLE) {
        channel->in_first += taken;
        channel->in_count -= taken;
    }
    return found;
}
