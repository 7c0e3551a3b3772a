/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/domain/archive_state.h"

void kg_state_archive(const kg_archive *archive, kg_state *state, kg_catalogue **catalogue,
                      const char *catalogue_text)
{
    if (archive->reading && *catalogue) {
        state->catalogue = *catalogue;
        state->catalogue_text = kg_strdup(catalogue_text);
        *catalogue = NULL;
    }
    KG_ARCHIVE(archive, state->publishing);
    kg_pool_archive(&state->pool, archive);
    kg_archive_members(archive, state);
    kg_archive_campaigns(archive, state);
    kg_archive_lots(archive, state);
    kg_archive_tenders(archive, state);
    kg_archive_practices(archive, state);
    kg_archive_feeds(archive, state);
}
