/* SPDX-License-Identifier: EUPL-1.2 */
#include <string.h>

#include "client/notice/codes.h"
#include "client/notice/duration.h"
#include "client/notice/eforms_private.h"

static void say_justification(const kg_notice *notice, const json_t *lot, int language,
                              kg_buffer *out)
{
    (void)lot;
    (void)language;
    kg_buffer_format(out, "%s", kg_notice_given(notice, "framework_justification"));
}

static void write_review(kg_markup *xml, const kg_notice *notice)
{
    if (!notice->review)
        return;
    kg_markup_open(xml, "cac:AppealTerms");
    if (!kg_notice_in_parts(notice))
        kg_eforms_party(xml, "cac:AppealInformationParty/cac:PartyIdentification", 2,
                        kg_eforms_review(notice));
    kg_eforms_party(xml, "cac:AppealReceiverParty/cac:PartyIdentification", 2,
                    kg_eforms_review(notice));
    kg_markup_close(xml, 1);
}

/* Languages in which may be tendered: the file's, else the lot's own. */
static void write_languages(kg_markup *xml, const kg_notice *notice, const json_t *lot)
{
    size_t i;
    json_t *item, *given = json_object_get(notice->given, "submission_languages");
    json_t *languages = json_array_size(given) > 0
                            ? json_incref(given)
                            : json_pack("[O]", json_object_get(lot, "language"));
    json_array_foreach(languages, i, item) {
        kg_markup_open(xml, "cac:Language");
        kg_markup_text(xml, "cbc:ID", "schemeName", "language",
                       kg_notice_language(json_string_value(item)));
        kg_markup_close(xml, 1);
    }
    json_decref(languages);
}

static void write_terms(kg_markup *xml, const kg_notice *notice, const json_t *lot)
{
    const char *funds = kg_notice_given(notice, "eu_funds");
    kg_markup_open(xml, "cac:TenderingTerms");
    if (funds)
        kg_markup_text(xml, "cbc:FundingProgramCode", "listName", "eu-funded", funds);
    kg_eforms_requirement(xml, "reserved-procurement",
                          kg_notice_given(notice, "reserved_participation"));
    kg_eforms_requirement(xml, "selection-criteria-source",
                          kg_notice_given(notice, "selection_criteria"));
    kg_markup_open(xml, "cac:ContractExecutionRequirement");
    kg_markup_text(xml, "cbc:ExecutionRequirementCode", "listName", "reserved-execution",
                   kg_notice_given(notice, "reserved_execution"));
    kg_markup_close(xml, 1);
    kg_eforms_party(xml, "cac:AdditionalInformationParty/cac:PartyIdentification", 2, 1);
    write_review(xml, notice);
    write_languages(xml, notice, lot);
    kg_markup_close(xml, 1);
}

static void write_system(kg_markup *xml, const char *list, const char *code)
{
    kg_markup_open(xml, "cac:ContractingSystem");
    kg_markup_text(xml, "cbc:ContractingSystemTypeCode", "listName", list, code);
    kg_markup_close(xml, 1);
}

static void write_process(kg_markup *xml, const kg_notice *notice, const json_t *lot)
{
    const char *gpa = kg_notice_given(notice, "gpa");
    kg_markup_open(xml, "cac:TenderingProcess");
    if (gpa && notice->subtype != 9)
        kg_markup_text(xml, "cbc:GovernmentAgreementConstraintIndicator", NULL, NULL, gpa);
    if (kg_notice_long_framework(notice, lot)) {
        kg_markup_open(xml, "cac:FrameworkAgreement");
        kg_eforms_texts(xml, notice, "cbc:Justification", say_justification, lot);
        kg_markup_close(xml, 1);
    }
    write_system(xml, "framework-agreement", kg_notice_given(notice, "framework"));
    write_system(xml, "dps-usage", "none");
    kg_markup_close(xml, 1);
}

void kg_eforms_lot(kg_markup *xml, const kg_notice *notice, const json_t *lot, size_t number)
{
    char id[16];
    bool part = kg_notice_in_parts(notice);
    kg_text_format(id, sizeof id, "%s-%04zu", part ? "PAR" : "LOT", number);
    kg_markup_open(xml, "cac:ProcurementProjectLot");
    kg_markup_text(xml, "cbc:ID", "schemeName", part ? "Part" : "Lot", id);
    if (!part) {
        write_terms(xml, notice, lot);
        write_process(xml, notice, lot);
    } else if (notice->review) {
        kg_markup_open(xml, "cac:TenderingTerms");
        write_review(xml, notice);
        kg_markup_close(xml, 1);
    }
    kg_eforms_project(xml, notice, lot);
    kg_markup_close(xml, 1);
}
