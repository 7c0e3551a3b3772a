/* SPDX-License-Identifier: EUPL-1.2 */
/* The form that a buyer fills in, made of a catalogue. */
#include "client/language/language.h"
#include "client/session.h"
#include "client/workbook/write_template.h"
#include "proto/catalogue_file.h"

static kg_catalogue *read_catalogue(const char *file, kopgroep_answer *answer)
{
    kg_problems problems;
    kg_problems_init(&problems, file);
    kg_catalogue *catalogue = kg_catalogue_read(file, &problems);
    if (!catalogue) {
        kg_client_take_problems(answer, &problems);
        kg_client_say(answer, KOPGROEP_LOCAL, "%s is no catalogue.", file);
    }
    kg_problems_fini(&problems);
    return catalogue;
}

static bool check(const kopgroep_template_options *options, const kg_catalogue *catalogue,
                  kopgroep_answer *answer)
{
    int first = 0, end = 1;
    if (options->nuts)
        kg_nuts_range(options->nuts, &first, &end);
    if (options->language && kg_text_language(options->language) < 0)
        kg_client_say(answer, KOPGROEP_USAGE, "The language is nl, fr, de or en, not '%s'.",
                      options->language);
    else if (options->category && kg_catalogue_category(catalogue, options->category) < 0)
        kg_client_say(answer, KOPGROEP_USAGE, "The catalogue has no category '%s'.",
                      options->category);
    else if (first == end)
        kg_client_say(answer, KOPGROEP_USAGE, "No NUTS code begins with '%s'.", options->nuts);
    return answer->outcome == KOPGROEP_DONE;
}

static void write_template(const kg_catalogue *catalogue, const char *file,
                           const kopgroep_template_options *options, kopgroep_answer *answer)
{
    kg_form form;
    char why[sizeof answer->detail];
    if (!check(options, catalogue, answer))
        return;
    kg_form_init(&form, catalogue,
                 options->language ? kg_text_language(options->language) : KG_NAME_NL,
                 options->category);
    if (kg_template_write(file, &form, options->nuts, why, sizeof why))
        kg_text_format(answer->result, sizeof answer->result,
                       _("%s is made, with %zu columns. Fill it in, save it, then: kopgroep submit "
                         "%s"),
                       file, form.count, file);
    else
        kg_client_say_retold(answer, KOPGROEP_LOCAL, why);
    kg_form_fini(&form);
}

void kopgroep_template(kopgroep_session *session, const char *file,
                       const kopgroep_template_options *options, kopgroep_answer *answer)
{
    *answer = (kopgroep_answer){0};
    kg_catalogue *own =
        options->catalogue_file ? read_catalogue(options->catalogue_file, answer) : NULL;
    const kg_catalogue *catalogue = own;
    if (!options->catalogue_file && !session)
        kg_client_say(answer, KOPGROEP_USAGE, "Name a catalogue file, or a broker to ask.");
    else if (!options->catalogue_file)
        catalogue = kg_client_catalogue(session, answer);
    if (catalogue)
        write_template(catalogue, file, options, answer);
    kg_catalogue_destroy(&own);
}
