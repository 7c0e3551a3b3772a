/* SPDX-License-Identifier: EUPL-1.2 */
/* Fiches and clauses: what may be published, and what a replay takes. */
#include "broker/domain/check.h"
#include "broker/domain/fit.h"
#include "proto/practice.h"

static bool criteria_fit(kg_check *check, kg_category category)
{
    const kg_catalogue *catalogue = check->state->catalogue;
    const kg_practice *practice = &check->command->practice;
    for (size_t i = 0; i < practice->criteria.count; i++) {
        int criterion = kg_catalogue_criterion(catalogue, practice->criteria.items[i]);
        if (criterion < 0 || kg_category_place(catalogue, category, criterion) < 0)
            return kg_refuse(check, KG_STATUS_UNKNOWN_CRITERION, "Category %s has no criterion %s.",
                             practice->category, practice->criteria.items[i]);
    }
    return true;
}

static bool lot_fits(kg_check *check, uint32_t member)
{
    const char *id = check->command->practice.lot;
    if (!id)
        return true;
    uint32_t index = kg_state_find_lot(check->state, id);
    if (index == KG_NONE)
        return kg_refuse(check, KG_STATUS_UNKNOWN_LOT, NULL);
    const kg_lot *lot = check->state->lots[index];
    return kg_practice_may_tell(check->state, member, lot) ||
           kg_refuse(check, KG_STATUS_NOT_A_MEMBER,
                     "A fiche tells of a lot once that is launched, and by its members, its lead "
                     "buyer or its coordinator.");
}

/* Is there room for it, or one of its kind to be replaced? */
static bool place_fits(kg_check *check, uint32_t member)
{
    const kg_practice *practice = &check->command->practice;
    uint32_t index = kg_state_find_practice(check->state, member, practice->key);
    const kg_good_practice *present = index == KG_NONE ? NULL : check->state->practices[index];
    if (present && !present->retired)
        return present->clause == practice->clause ||
               kg_refuse(check, KG_STATUS_PRACTICE_KIND, NULL);
    return kg_practices_of(check->state, member) < KG_PRACTICES_MAX ||
           kg_refuse(check, KG_STATUS_PRACTICES_MAX, NULL);
}

void kg_check_practice_publish(kg_check *check)
{
    uint32_t member;
    char why[200];
    const kg_practice *practice = &check->command->practice;
    if (!kg_check_member(check, &member))
        return;
    if (!practice->key || !kg_id_valid(practice->key)) {
        kg_refuse(check, KG_STATUS_INVALID,
                  "A fiche's or clause's name is 1 to 64 of A-Z a-z 0-9 . _ : -.");
        return;
    }
    if (!kg_practice_whole(practice, why)) {
        kg_refuse(check, KG_STATUS_PRACTICE_TEXT, "%s", why);
        return;
    }
    kg_category category = check->state->catalogue && practice->category
                               ? kg_category_find(check->state->catalogue, practice->category)
                               : KG_CATEGORY_NONE;
    if (category == KG_CATEGORY_NONE) {
        kg_refuse(check, KG_STATUS_UNKNOWN_CATEGORY, NULL);
        return;
    }
    if (criteria_fit(check, category) && lot_fits(check, member) && place_fits(check, member))
        kg_accept(check);
}

void kg_check_practice_retire(kg_check *check)
{
    uint32_t member;
    const char *key = check->command->practice.key;
    if (!kg_check_member(check, &member) || !kg_check_given(check, key, KG_SAY("its name")))
        return;
    uint32_t index = kg_state_find_practice(check->state, member, key);
    if (index == KG_NONE || check->state->practices[index]->retired)
        kg_refuse(check, KG_STATUS_UNKNOWN_PRACTICE, NULL);
    else
        kg_accept(check);
}

/* ---- replaying ---- */

bool kg_fit_practice_publish(const kg_fit *fit)
{
    uint32_t member;
    char why[200];
    const kg_practice *practice = &fit->event->command.practice;
    if (!kg_fit_member(fit, &member))
        return false;
    if (!practice->key || !kg_id_valid(practice->key) || !practice->category)
        return kg_fit_not(fit, "it has no key or no category");
    return kg_practice_whole(practice, why) || kg_fit_not(fit, "%s", why);
}

bool kg_fit_practice_retire(const kg_fit *fit)
{
    uint32_t member;
    const char *key = fit->event->command.practice.key;
    if (!kg_fit_member(fit, &member) || !kg_fit_text(fit, key, "key"))
        return false;
    return kg_state_find_practice(fit->state, member, key) != KG_NONE ||
           kg_fit_not(fit, "%s has published no %s", fit->event->actor, key);
}
