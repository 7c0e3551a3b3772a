/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/digest.h"

#include "proto/identity.h"

/* Hashing dislikes small pieces. */
#define PIECE_BYTES 65536

_Static_assert(KG_DIGEST_BYTES == 2 * KG_SHA256_BYTES + 1, "hexadecimal");

static void end(kg_sha256 **hash, char out[static KG_DIGEST_BYTES])
{
    uint8_t digest[KG_SHA256_BYTES];
    kg_sha256_end(hash, digest);
    kg_hex_write(digest, sizeof digest, out);
}

void kg_digest_lines(const kg_plan_line *lines, size_t count, const kg_catalogue *catalogue,
                     char out[static KG_DIGEST_BYTES])
{
    kg_sha256 *hash = kg_sha256_new();
    kg_buffer piece;
    kg_buffer_init(&piece);
    for (size_t i = 0; i < count; i++) {
        kg_plan_line_write(&lines[i], catalogue, kg_buffer_sink(&piece));
        if (piece.count < PIECE_BYTES)
            continue;
        kg_sha256_add(hash, piece.bytes, piece.count);
        piece.count = 0;
    }
    kg_sha256_add(hash, piece.bytes, piece.count);
    kg_buffer_fini(&piece);
    end(&hash, out);
}

void kg_digest_rules(const kg_round *round, const kg_catalogue *catalogue,
                     char out[static KG_DIGEST_BYTES])
{
    kg_sha256 *hash = kg_sha256_new();
    kg_round_write(round, catalogue, kg_sha256_sink(hash));
    kg_catalogue_write(catalogue, kg_sha256_sink(hash));
    end(&hash, out);
}
