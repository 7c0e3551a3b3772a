/* SPDX-License-Identifier: EUPL-1.2 */
/* gen_compare COUNT [FIRST]: lines of the comparison workload as CSV, without a header: id,
 * organisation, cpv, nuts, nuts_number, month, track, quantity_min, quantity, price_cents,
 * from_day, to_day (since 1970), language. */
#include <stdio.h>
#include <stdlib.h>

#include "compare_workload.h"

int main(int argc, char **argv)
{
    static char buffer[1 << 20];
    static compare_workload w;
    if (argc < 2) {
        fprintf(stderr, "usage: gen_compare COUNT [FIRST]\n");
        return 2;
    }
    uint64_t count = strtoull(argv[1], NULL, 10);
    uint64_t first = argc > 2 ? strtoull(argv[2], NULL, 10) : 0;
    compare_workload_init(&w, KG_SOURCE_DIR "/config/reference/nuts.csv");
    setvbuf(stdout, buffer, _IOFBF, sizeof buffer);
    for (uint64_t id = first; id < first + count; id++) {
        compare_line line = compare_workload_line(&w, id);
        printf("%lu,%u,%u,%s,%u,%u,%d,%u,%u,%u,%d,%d,%s\n", (unsigned long)id, line.organisation,
               line.cpv, line.nuts.code, line.nuts_number, line.month,
               line.track == KG_TRACK_KOPGROEP, line.quantity_min, line.quantity,
               line.price_cents, (int)line.from, (int)line.to, line.language);
    }
    if (fflush(stdout) != 0) {
        perror("gen_compare");
        return 4;
    }
    return 0;
}
