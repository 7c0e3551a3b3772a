/* SPDX-License-Identifier: EUPL-1.2 */
#include "client/notice/duration.h"

#include <string.h>

int kg_notice_framework_years(const kg_notice *notice)
{
    static const int years[] = {4, 8, 7};
    return years[(notice->subtype - 4) % 3];
}

bool kg_notice_is_framework(const kg_notice *notice)
{
    const char *framework = kg_notice_given(notice, "framework");
    return framework && strcmp(framework, "none") != 0;
}

/* The same day so many years later; the day before where that year has no 29 February. */
static kg_date years_later(kg_date day, int years)
{
    char text[KG_DATE_BYTES], later[KG_DATE_BYTES];
    int year, month;
    kg_date out;
    kg_date_write(day, text);
    kg_date_month(day, &year, &month);
    kg_text_format(later, sizeof later, "%04d%s", year + years, text + 4);
    if (kg_date_parse(later, &out))
        return out;
    later[9] = '8';
    return kg_date_parse(later, &out) ? out : day;
}

/* The rules count the lot's days from the day of the check on: that of the notice, as a rule. */
bool kg_notice_long_framework(const kg_notice *notice, const json_t *lot)
{
    kg_date from, to, today = (kg_date)(notice->time_ms / 86400000);
    const json_t *window = json_object_get(lot, "window");
    const char *first = kg_notice_text(window, "from"), *last = kg_notice_text(window, "to");
    return kg_notice_is_framework(notice) && first && last && kg_date_parse(first, &from) &&
           kg_date_parse(last, &to) &&
           today + (to - from) > years_later(today, kg_notice_framework_years(notice));
}
