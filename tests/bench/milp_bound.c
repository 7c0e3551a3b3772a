/* SPDX-License-Identifier: EUPL-1.2 */
/* milp_bound FOLDER INDEX SECONDS [MODEL]: makes bucket INDEX of the medium set, groups it, bounds
 * each component by a mixed-integer program (GLPK, at most SECONDS each) and writes
 * FOLDER/INDEX.txt. With MODEL also writes the last program there in CPLEX LP form.
 *
 * The program knows nothing of the engine. A point is a level vector, a track, a condition, a
 * language and a first day; a lot of the rules is at some point, and its lines are among those
 * that the point admits. z counts the lots at a point (without a cap one is enough: lots at the
 * same point may be joined), y says that a line is in one of them. Under a cap the lots of a point
 * share one sum of capacities, which can only allow more: the bound stays a bound. */
#include <glpk.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/grouping/helper_medium.h"

#define LINES_MAX 64
#define POINTS_MAX 20000

typedef struct point {
    kg_levels x;
    bool kopgroep;
    int64_t steps;
    uint64_t lines; /* set */
    int z, y[LINES_MAX];
} point;

typedef struct model {
    const sample *sample;
    point *points;
    size_t points_count;
    glp_prob *problem;
    int placed[LINES_MAX], bound[LINES_MAX]; /* columns by organisation's place; 0 = none */
    int organisation_of[LINES_MAX];          /* place of each line's organisation */
    int organisations;
    double open_bound;                       /* while branching */
} model;

static bool within(const kg_levels *a, const kg_levels *b)
{
    for (int i = 0; i < KG_CATEGORY_CRITERIA_MAX; i++)
        if (a->rank[i] > b->rank[i])
            return false;
    return true;
}

/* Every join of the levels that lines of the track ask for. */
static size_t find_levels(const sample *s, bool kopgroep, kg_levels *out)
{
    size_t count = 0;
    if (!kopgroep) {
        out[0] = kg_levels_fill(0);
        count = 1;
    }
    for (size_t i = 0; i < s->lines_count; i++) {
        if ((s->lines[i].track == KG_TRACK_KOPGROEP) != kopgroep)
            continue;
        size_t old = count;
        for (size_t k = 0; k <= old; k++) {
            kg_levels joined = s->lines[i].lo;
            for (int c = 0; k < old && c < KG_CATEGORY_CRITERIA_MAX; c++)
                if (out[k].rank[c] > joined.rank[c])
                    joined.rank[c] = out[k].rank[c];
            bool known = false;
            for (size_t m = 0; m < count && !known; m++)
                known = memcmp(&out[m], &joined, sizeof joined) == 0;
            if (!known && count < POINTS_MAX)
                out[count++] = joined;
        }
    }
    return count;
}

/* The lines that ask for the point's level on a criterion and so bring it about. */
static uint64_t bringers(const sample *s, const point *p, int criterion)
{
    uint64_t out = 0;
    for (size_t i = 0; i < s->lines_count; i++)
        if (p->lines >> i & 1 && s->lines[i].lo.rank[criterion] == p->x.rank[criterion] &&
            (!p->kopgroep || s->lines[i].track == KG_TRACK_KOPGROEP))
            out |= UINT64_C(1) << i;
    return out;
}

static bool could_be_lot(const model *m, const point *p)
{
    const sample *s = m->sample;
    int64_t value = 0, quantity = 0;
    uint64_t bodies = 0, kopgroep = 0;
    for (size_t i = 0; i < s->lines_count; i++) {
        if (!(p->lines >> i & 1))
            continue;
        value += s->lines[i].value_cents;
        quantity += s->lines[i].quantity;
        bodies |= UINT64_C(1) << m->organisation_of[i];
        kopgroep |= s->lines[i].track == KG_TRACK_KOPGROEP;
    }
    for (int c = 0; c < s->category.criteria_count; c++)
        if (p->x.rank[c] && !bringers(s, p, c))
            return false;
    return p->lines && (!p->kopgroep || kopgroep) && value >= s->round.value_min_cents &&
           quantity >= s->round.quantity_min &&
           __builtin_popcountll(bodies) >= s->round.bodies_min;
}

/* Keeps the point unless one of the same levels and track admits all of its lines. */
static void keep_point(model *m, const point *p)
{
    if (!could_be_lot(m, p))
        return;
    size_t kept = 0;
    for (size_t k = 0; k < m->points_count; k++) {
        const point *other = &m->points[k];
        bool same = other->kopgroep == p->kopgroep &&
                    memcmp(&other->x, &p->x, sizeof p->x) == 0;
        if (same && (p->lines & ~other->lines) == 0)
            return;
    }
    for (size_t k = 0; k < m->points_count; k++) {
        const point *other = &m->points[k];
        bool same = other->kopgroep == p->kopgroep &&
                    memcmp(&other->x, &p->x, sizeof p->x) == 0;
        if (!same || (other->lines & ~p->lines) != 0)
            m->points[kept++] = *other;
    }
    m->points_count = kept;
    if (m->points_count < POINTS_MAX)
        m->points[m->points_count++] = *p;
}

static void find_points_of(model *m, const kg_levels *x, bool kopgroep)
{
    const sample *s = m->sample;
    point p = {.x = *x, .kopgroep = kopgroep};
    for (int c = 0; c < KG_CATEGORY_CRITERIA_MAX; c++)
        p.steps += x->rank[c];
    for (int condition = 1; condition <= 2; condition++)
        for (int language = 0; language < 4; language++)
            for (size_t d = 0; d < s->lines_count; d++) {
                kg_date day = s->lines[d].from > s->round.delivery_from ? s->lines[d].from
                                                                       : s->round.delivery_from;
                kg_date last = day + s->round.window_days_min - 1;
                p.lines = 0;
                for (size_t i = 0; i < s->lines_count && last <= s->round.delivery_to; i++) {
                    const kg_demand *line = &s->lines[i];
                    if (line->conditions & condition && line->languages >> language & 1 &&
                        line->from <= day && line->to >= last && within(&line->lo, x) &&
                        within(x, &line->hi) &&
                        (kopgroep || line->track != KG_TRACK_KOPGROEP))
                        p.lines |= UINT64_C(1) << i;
                }
                keep_point(m, &p);
            }
}

static void find_points(model *m)
{
    kg_levels *levels = kg_alloc(POINTS_MAX, sizeof *levels);
    for (int kopgroep = 0; kopgroep < 2; kopgroep++) {
        size_t count = find_levels(m->sample, kopgroep, levels);
        for (size_t i = 0; i < count; i++)
            find_points_of(m, &levels[i], kopgroep);
    }
    free(levels);
}

static int add_column(model *m, int kind, double upper)
{
    int column = glp_add_cols(m->problem, 1);
    glp_set_col_kind(m->problem, column, kind);
    glp_set_col_bnds(m->problem, column, GLP_DB, 0, upper);
    return column;
}

/* Adds a row sum(coefficients) >= low. */
static int add_row(model *m, int count, const int *columns, const double *coefficients, double low)
{
    int row = glp_add_rows(m->problem, 1);
    glp_set_row_bnds(m->problem, row, GLP_LO, low, 0);
    glp_set_mat_row(m->problem, row, count, columns, coefficients);
    return row;
}

/* sum of weights over the point's lines >= least x z */
static void add_minimum(model *m, const point *p, const double *weights, double least)
{
    int columns[LINES_MAX + 2], count = 0;
    double coefficients[LINES_MAX + 2];
    for (size_t i = 0; i < m->sample->lines_count; i++) {
        if (!(p->lines >> i & 1) || weights[i] == 0)
            continue;
        columns[++count] = p->y[i];
        coefficients[count] = weights[i];
    }
    columns[++count] = p->z;
    coefficients[count] = -least;
    add_row(m, count, columns, coefficients, 0);
}

/* Distinct organisations of a point: a line counts once for its organisation. */
static void add_bodies_minimum(model *m, const point *p)
{
    const sample *s = m->sample;
    int columns[LINES_MAX + 2], count = 0;
    double coefficients[LINES_MAX + 2];
    for (int o = 0; o < m->organisations; o++) {
        int own[LINES_MAX + 2], own_count = 0;
        double ones[LINES_MAX + 2];
        for (size_t i = 0; i < s->lines_count; i++)
            if (p->lines >> i & 1 && m->organisation_of[i] == o) {
                own[++own_count] = p->y[i];
                ones[own_count] = 1;
            }
        if (!own_count)
            continue;
        columns[++count] = own[1];
        coefficients[count] = 1;
        if (own_count == 1)
            continue;
        /* under a cap, the lots of a point may each hold the organisation */
        double most = s->round.value_max_cents ? own_count : 1;
        int body = add_column(m, GLP_CV, most);
        columns[count] = body;
        own[++own_count] = body;
        ones[own_count] = -1;
        add_row(m, own_count, own, ones, 0);
        int pair[3] = {0, p->z, body};
        double signs[3] = {0, 1, -1};
        add_row(m, 2, pair, signs, 0);
    }
    columns[++count] = p->z;
    coefficients[count] = -(double)s->round.bodies_min;
    add_row(m, count, columns, coefficients, 0);
}

static void add_point(model *m, point *p)
{
    const sample *s = m->sample;
    double value[LINES_MAX], most[LINES_MAX], quantity[LINES_MAX], ones[LINES_MAX] = {0};
    p->z = add_column(m, GLP_IV, s->round.value_max_cents ? (double)s->lines_count : 1);
    for (size_t i = 0; i < s->lines_count; i++) {
        if (!(p->lines >> i & 1))
            continue;
        value[i] = (double)s->lines[i].value_cents;
        most[i] = -(double)s->lines[i].value_max_cents;
        quantity[i] = (double)s->lines[i].quantity;
        p->y[i] = add_column(m, GLP_BV, 1);
        int pair[3] = {0, p->z, p->y[i]};
        double signs[3] = {0, 1, -1};
        add_row(m, 2, pair, signs, 0);
    }
    if (s->round.bodies_min > 1)
        add_bodies_minimum(m, p);
    if (s->round.value_min_cents)
        add_minimum(m, p, value, (double)s->round.value_min_cents);
    if (s->round.quantity_min)
        add_minimum(m, p, quantity, (double)s->round.quantity_min);
    if (s->round.value_max_cents)
        add_minimum(m, p, most, -(double)s->round.value_max_cents);
    for (int c = 0; c < s->category.criteria_count; c++) {
        uint64_t who = p->x.rank[c] ? bringers(s, p, c) : 0;
        for (size_t i = 0; i < s->lines_count; i++)
            ones[i] = who >> i & 1 ? 1 : 0;
        if (who)
            add_minimum(m, p, ones, 1);
    }
    for (size_t i = 0; i < s->lines_count; i++)
        ones[i] = s->lines[i].track == KG_TRACK_KOPGROEP;
    if (p->kopgroep)
        add_minimum(m, p, ones, 1);
}

static void add_lines(model *m)
{
    const sample *s = m->sample;
    int *columns = kg_alloc(m->points_count + 2, sizeof *columns);
    double *ones = kg_alloc(m->points_count + 2, sizeof *ones);
    for (size_t i = 0; i < s->lines_count; i++) {
        int count = 0;
        for (size_t k = 0; k < m->points_count; k++)
            if (m->points[k].lines >> i & 1) {
                columns[++count] = m->points[k].y[i];
                ones[count] = -1;
            }
        if (count)
            add_row(m, count, columns, ones, -1);
    }
    free(columns);
    free(ones);
}

/* An organisation counts when one of its lines (binding ones) is placed. */
static int add_organisation(model *m, int organisation, bool binding)
{
    const sample *s = m->sample;
    size_t room = m->points_count * s->lines_count + 2;
    int *columns = kg_alloc(room, sizeof *columns), count = 0;
    double *ones = kg_alloc(room, sizeof *ones);
    for (size_t k = 0; k < m->points_count; k++)
        for (size_t i = 0; i < s->lines_count; i++)
            if (m->points[k].lines >> i & 1 && m->organisation_of[i] == organisation &&
                (!binding || s->lines[i].binding)) {
                columns[++count] = m->points[k].y[i];
                ones[count] = 1;
            }
    int column = 0;
    if (count) {
        column = add_column(m, GLP_CV, 1);
        columns[++count] = column;
        ones[count] = -1;
        add_row(m, count, columns, ones, 0);
    }
    free(columns);
    free(ones);
    return column;
}

static void build(model *m)
{
    m->problem = glp_create_prob();
    glp_set_obj_dir(m->problem, GLP_MAX);
    for (size_t k = 0; k < m->points_count; k++)
        add_point(m, &m->points[k]);
    add_lines(m);
    for (int o = 0; o < m->organisations; o++) {
        m->placed[o] = add_organisation(m, o, false);
        m->bound[o] = add_organisation(m, o, true);
    }
}

static void aim(model *m, int component)
{
    const sample *s = m->sample;
    for (int c = 1; c <= glp_get_num_cols(m->problem); c++)
        glp_set_obj_coef(m->problem, c, 0);
    for (int o = 0; o < m->organisations && component < 3; o++) {
        int column = component == 1 ? m->bound[o] : m->placed[o];
        if (column)
            glp_set_obj_coef(m->problem, column, 1);
    }
    for (size_t k = 0; k < m->points_count && component == 3; k++)
        for (size_t i = 0; i < s->lines_count; i++)
            if (m->points[k].lines >> i & 1)
                glp_set_obj_coef(m->problem, m->points[k].y[i],
                                 (double)(m->points[k].steps * s->lines[i].value_cents));
}

/* Adds: so many organisations at least. */
static void hold(model *m, const int *columns_of, int64_t least)
{
    int columns[LINES_MAX + 1], count = 0;
    double ones[LINES_MAX + 1];
    for (int o = 0; o < m->organisations; o++)
        if (columns_of[o]) {
            columns[++count] = columns_of[o];
            ones[count] = 1;
        }
    if (count)
        add_row(m, count, columns, ones, (double)least);
}

static void watch(glp_tree *tree, void *context)
{
    model *m = context;
    int node = glp_ios_best_node(tree);
    if (node)
        m->open_bound = glp_ios_node_bound(tree, node);
}

/* The bound on the component aimed at, rounded down; `own` is what the engine reached. */
static int64_t bound(model *m, int64_t own, int seconds, bool *closed)
{
    glp_smcp lp;
    glp_init_smcp(&lp);
    lp.msg_lev = GLP_MSG_ERR;
    lp.presolve = GLP_ON;
    *closed = false;
    if (m->points_count == 0) {
        *closed = true;
        return 0;
    }
    if (glp_simplex(m->problem, &lp) != 0 || glp_get_status(m->problem) != GLP_OPT) {
        fprintf(stderr, "the relaxation was not solved\n");
        exit(1);
    }
    m->open_bound = glp_get_obj_val(m->problem);
    if ((int64_t)(m->open_bound + 1e-6) <= own) {
        *closed = true;
        return own;
    }
    glp_iocp ip;
    glp_init_iocp(&ip);
    ip.msg_lev = GLP_MSG_ERR;
    ip.gmi_cuts = ip.mir_cuts = ip.cov_cuts = ip.clq_cuts = GLP_ON;
    ip.br_tech = GLP_BR_PCH;
    ip.tm_lim = seconds * 1000;
    ip.cb_func = watch;
    ip.cb_info = m;
    int end = glp_intopt(m->problem, &ip);
    if (end == 0 && glp_mip_status(m->problem) == GLP_OPT) {
        *closed = true;
        return (int64_t)(glp_mip_obj_val(m->problem) + 1e-6);
    }
    return (int64_t)(m->open_bound + 1e-6);
}

static medium_bounds bounds_of(model *m, const sample_score *own, int seconds)
{
    medium_bounds out = {.held_binding = own->binding, .held_bodies = own->bodies};
    bool closed;
    aim(m, 1);
    out.binding = bound(m, own->binding, seconds, &closed);
    out.closed |= closed ? 1 : 0;
    hold(m, m->bound, own->binding);
    aim(m, 2);
    out.bodies = bound(m, own->bodies, seconds, &closed);
    out.closed |= closed ? 2 : 0;
    hold(m, m->placed, own->bodies);
    aim(m, 3);
    out.ambition = bound(m, (int64_t)own->ambition, seconds, &closed);
    out.closed |= closed ? 4 : 0;
    return out;
}

static void number_organisations(model *m)
{
    const sample *s = m->sample;
    for (size_t i = 0; i < s->lines_count; i++) {
        if (i && s->lines[i].organisation != s->lines[i - 1].organisation)
            m->organisations++;
        m->organisation_of[i] = m->organisations;
    }
    m->organisations++;
}

int main(int argc, char **argv)
{
    if (argc < 4) {
        fprintf(stderr, "usage: milp_bound FOLDER INDEX SECONDS [MODEL]\n");
        return 2;
    }
    int index = atoi(argv[2]), seconds = atoi(argv[3]);
    random_source random = {.state = 9000 + (uint64_t)index};
    sample_recipe recipe = medium_recipe(index, &random);
    sample s;
    sample_init(&s, &recipe, &random);
    kg_grouping_input input = sample_input(&s);
    kg_outcome *outcome = kg_grouping_run(&input);
    sample_score own = sample_score_of_outcome(&s, outcome);
    model m = {.sample = &s, .points = kg_alloc(POINTS_MAX, sizeof *m.points)};
    number_organisations(&m);
    find_points(&m);
    build(&m);
    medium_bounds bounds = bounds_of(&m, &own, seconds);
    char path[4096];
    snprintf(path, sizeof path, "%s/%02d.txt", argv[1], index);
    FILE *out = fopen(path, "w");
    if (!out) {
        perror(path);
        return 4;
    }
    medium_write(out, &s, &bounds);
    fclose(out);
    printf("%02d: %zu lines, %zu points, %d columns; binding %ld of %ld, bodies %ld of %ld, "
           "ambition %.0f of %.0f (%.2f %%), closed %u\n",
           index, s.lines_count, m.points_count, glp_get_num_cols(m.problem), (long)own.binding,
           (long)bounds.binding, (long)own.bodies, (long)bounds.bodies, (double)own.ambition,
           (double)bounds.ambition,
           bounds.ambition ? 100 * (double)own.ambition / (double)bounds.ambition : 100,
           bounds.closed);
    if (argc > 4)
        glp_write_lp(m.problem, NULL, argv[4]);
    glp_delete_prob(m.problem);
    free(m.points);
    kg_outcome_destroy(&outcome);
    sample_fini(&s);
    return 0;
}
