/* SPDX-License-Identifier: EUPL-1.2 */
/* gen_plan N DIR [SEED]: writes the plan workload as catalogue.conf, round.conf and lines.csv. */
#include <stdio.h>
#include <stdlib.h>

#include "plan_workload.h"

static FILE *create(const char *folder, const char *name)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    if (!file) {
        perror(path);
        exit(4);
    }
    return file;
}

static void finish(FILE *file, const char *name)
{
    if (fclose(file) != 0) {
        perror(name);
        exit(4);
    }
}

static void write_levels(FILE *out, const kg_demand *line, const kg_levels *levels, int unstated)
{
    const char *criterion;
    fputc(',', out);
    for (int p = 0, written = 0; (criterion = workload_criterion(line->category, p)); p++)
        if (levels->rank[p] != unstated)
            fprintf(out, "%s%s=%d", written++ ? " " : "", criterion, levels->rank[p]);
}

static void write_line(FILE *out, const kg_demand *line, size_t number)
{
    char from[KG_DATE_BYTES], to[KG_DATE_BYTES], languages[KG_LANGUAGES_BYTES];
    kg_date_write(line->from, from);
    kg_date_write(line->to, to);
    kg_languages_write(line->languages, languages);
    fprintf(out, "org-%05u,l%zu,%s,%s,%ld,%s,%s,%s,%s,%s,%s", line->organisation, number,
            workload_category(line->category), kg_condition_name(line->conditions),
            (long)line->quantity, from, to, line->nuts.code, languages,
            kg_track_name(line->track), line->binding ? "binding" : "indicative");
    write_levels(out, line, &line->lo, 0);
    write_levels(out, line, &line->hi, KG_LEVEL_ANY);
    fputc('\n', out);
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        fprintf(stderr, "usage: gen_plan N DIR [SEED]\n");
        return 2;
    }
    size_t count = strtoull(argv[1], NULL, 10);
    workload w;
    workload_init(&w, KG_SOURCE_DIR "/config/reference/nuts.csv",
                  argc > 3 ? strtoull(argv[3], NULL, 10) : 1);
    char *catalogue = workload_catalogue_text();
    FILE *file = create(argv[2], "catalogue.conf");
    fputs(catalogue, file);
    finish(file, "catalogue.conf");
    file = create(argv[2], "round.conf");
    fputs(workload_round_text(), file);
    finish(file, "round.conf");
    file = create(argv[2], "lines.csv");
    fputs("organisation,line,category,condition,quantity,delivery_from,delivery_to,nuts,languages,"
          "track,commitment,criteria,accepts\n",
          file);
    kg_demand *lines = workload_lines(&w, count);
    for (size_t i = 0; i < count; i++)
        write_line(file, &lines[i], i);
    finish(file, "lines.csv");
    free(lines);
    free(catalogue);
    workload_fini(&w);
    return 0;
}
