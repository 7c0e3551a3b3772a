/* SPDX-License-Identifier: EUPL-1.2 */
#include "linear_programme.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

void programme_init(linear_programme *p, size_t columns)
{
    *p = (linear_programme){.columns = (int)columns};
    glp_term_out(GLP_OFF);
    glp_init_smcp(&p->options);
    p->options.msg_lev = GLP_MSG_OFF;
    p->lp = glp_create_prob();
    if (columns > 0)
        glp_add_cols(p->lp, (int)columns);
    for (size_t i = 0; i < columns; i++)
        programme_forget(p, i);
}

void programme_fini(linear_programme *p)
{
    glp_delete_prob(p->lp);
    p->lp = NULL;
}

void programme_add(linear_programme *p, const uint32_t *columns, const double *times, size_t count,
                   double least, double most)
{
    int *places = malloc((count + 1) * sizeof *places);
    double *values = malloc((count + 1) * sizeof *values);
    for (size_t i = 0; i < count; i++) {
        places[i + 1] = (int)columns[i] + 1;
        values[i + 1] = times[i];
    }
    int row = glp_add_rows(p->lp, 1);
    int kind = most >= NO_LIMIT ? GLP_LO : least < most ? GLP_DB : GLP_FX;
    glp_set_row_bnds(p->lp, row, kind, least, most);
    glp_set_mat_row(p->lp, row, (int)count, places, values);
    free(places);
    free(values);
}

void programme_know(linear_programme *p, size_t column, double amount)
{
    glp_set_col_bnds(p->lp, (int)column + 1, GLP_FX, amount, amount);
}

void programme_forget(linear_programme *p, size_t column)
{
    glp_set_col_bnds(p->lp, (int)column + 1, GLP_LO, 0, 0);
}

void programme_seek(linear_programme *p, size_t column, double times)
{
    glp_set_obj_coef(p->lp, (int)column + 1, times);
}

/* From a basis of its own, where the last one's serves no more. */
static int solve_anew(linear_programme *p)
{
    p->options.presolve = GLP_ON;
    glp_std_basis(p->lp);
    int ended = glp_simplex(p->lp, &p->options);
    p->options.presolve = GLP_OFF;
    if (ended == GLP_ENODFS)
        return GLP_UNBND;
    if (ended != 0)
        fail_msg("GLPK gave up: %d", ended);
    return glp_get_status(p->lp);
}

double programme_bound(linear_programme *p, int direction)
{
    glp_set_obj_dir(p->lp, direction);
    if (p->solved++ == 0) {
        glp_scale_prob(p->lp, GLP_SF_AUTO);
        glp_adv_basis(p->lp, 0);
    }
    int status = glp_simplex(p->lp, &p->options) == 0 ? glp_get_status(p->lp) : GLP_UNDEF;
    if (status != GLP_OPT && status != GLP_UNBND)
        status = solve_anew(p);
    if (status == GLP_UNBND)
        return direction == GLP_MAX ? NO_LIMIT : 0;
    if (status != GLP_OPT)
        fail_msg("the truth is not feasible: GLPK says %d", status);
    return glp_get_obj_val(p->lp);
}
